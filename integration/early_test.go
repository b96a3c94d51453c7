package integration_test

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/chaos/trial"
	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/lag"
)

// sequence is a key that counts up at the primary. A node's answer tells how late it is.
type sequence struct {
	mu    sync.Mutex // guards acked
	acked []time.Time
}

const sequenceKey = "sequence"

func (s *sequence) run(c *rawClient, quit <-chan struct{}) error {
	for n := 0; ; n++ {
		if _, err := c.do("SET", sequenceKey, strconv.Itoa(n)); err != nil {
			return err
		}
		s.mu.Lock()
		s.acked = append(s.acked, time.Now())
		s.mu.Unlock()
		select {
		case <-quit:
			return nil
		case <-time.After(time.Millisecond):
		}
	}
}

// late asks a node: it is how long ago the first number was acknowledged that it does not have.
func (s *sequence) late(c *rawClient) (time.Duration, error) {
	asked := time.Now()
	text, err := c.do("GET", sequenceKey)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		n = -1 // it has nothing
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n+1 >= len(s.acked) {
		return 0, nil
	}
	return max(0, asked.Sub(s.acked[n+1])), nil
}

// reading connects to an address anew all the time and keeps the latest answers.
type reading struct {
	answers atomic.Int64
	first   time.Duration // how late the first answer was
	worst   time.Duration
	size    string // of the data at the first answer
	failed  error
}

func (g *subject) readAllTheTime(r *reading, address string, s *sequence, quit <-chan struct{}) {
	for {
		select {
		case <-quit:
			return
		case <-time.After(time.Millisecond):
		}
		c, err := dialRaw(address, g.pool())
		if err != nil {
			continue // its door is closed
		}
		if err = c.login(g.newest()); err == nil {
			var late time.Duration
			if late, err = s.late(c); err == nil {
				if r.answers.Load() == 0 {
					r.first = late
				}
				r.worst = max(r.worst, late)
				r.answers.Add(1)
			}
			if r.size == "" && err == nil {
				r.size, err = c.do("DBSIZE")
			}
		}
		if refusal := errorReply(""); errors.As(err, &refusal) {
			r.failed = err
		}
		c.Close()
	}
}

// A replica that joins a group with data, under load, is read through its address or the reader endpoint only when
// it has what was acknowledged before, but for the last moment. From then on it may be late for a while, as any replica.
func TestNewReplicaIsNotReadTooEarly(t *testing.T) {
	t.Parallel()
	for _, name := range harness.Engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newFailoverGroup(t, name, 1)
			c := g.connect(g.primary)
			const filled = 200000
			if _, err := c.do("EVAL", "for i = 1, tonumber(ARGV[1]) do redis.call('SET', 'filler-' .. i, string.rep('x', 100)) end", "0", strconv.Itoa(filled)); err != nil {
				t.Fatal(err)
			}
			g.await("a replica with all of it", func() (bool, error) { // which may be too late to be read meanwhile
				there, err := g.tryConnect(g.node(1))
				if err != nil {
					return false, err
				}
				defer there.Close()
				_, err = harness.AwaitCopy(settleLimit, c.do, there.do)
				return err == nil, err
			})
			s, stopWriting, writing := &sequence{}, make(chan struct{}), sync.WaitGroup{}
			writing.Go(func() {
				if err := s.run(c, stopWriting); err != nil {
					t.Errorf("write: %v", err)
				}
			})
			joining := g.member(3)
			if _, err := g.client().ElastiCache.IncreaseReplicaCount(t.Context(), &elasticache.IncreaseReplicaCountInput{
				ReplicationGroupId: &g.id, NewReplicaCount: aws.Int32(2), ApplyImmediately: aws.Bool(true),
			}, once); err != nil {
				t.Fatal(err)
			}
			g.await("the new replica's address", func() (bool, error) {
				access, _, err := g.access()
				for _, n := range access.Nodes {
					if n.Address != "" { // it is given to a node moments after that was asked for
						g.address[n.CacheClusterId] = n.Address + ":6379"
					}
				}
				return g.address[joining] != "", err
			})
			stopReading, readers := make(chan struct{}), sync.WaitGroup{}
			found := map[string]*reading{joining: {}, readerEndpoint: {}}
			for at, r := range found {
				address := g.address[at]
				readers.Go(func() { g.readAllTheTime(r, address, s, stopReading) })
			}
			g.nodes = append(g.nodes, joining)
			g.awaitSettled()
			g.await("answers of the new replica", func() (bool, error) { return found[joining].answers.Load() > 20, nil })
			close(stopReading)
			readers.Wait()
			close(stopWriting)
			writing.Wait()
			for at, r := range found {
				t.Logf("%s: %d answers, the first late by %s, all by %s at the most", at, r.answers.Load(), r.first, r.worst)
				if size, _ := strconv.Atoi(r.size); at == joining && r.first > trial.TooLate || r.worst > lag.Limit || r.failed != nil || size < filled {
					t.Errorf("%s was read when it was late by %s, later by %s, and had %s keys (%v)", at, r.first, r.worst, r.size, r.failed)
				}
			}
			g.verify()
		})
	}
}
