package history

import (
	"context"
	"math"
	"net/netip"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/aikagi/aikagi/internal/cache/metric"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/store"
)

// all asks for everything and returns what is known of a node.
func (p *plane) all(node int) metric.Node {
	return p.Of(p.group, time.Time{}).Nodes[node]
}

// values returns a series, nil if there is none.
func values(n metric.Node, name metric.Name, credential string) []float64 {
	for _, s := range n.Series {
		if s.Name == name && s.Credential == credential {
			return s.Values
		}
	}
	return nil
}

// last is the newest value, a gap if there is none.
func last(n metric.Node, name metric.Name, credential string) float64 {
	all := values(n, name, credential)
	if len(all) == 0 {
		return gap
	}
	return all[len(all)-1]
}

func (p *plane) client(secret string) *redis.Client {
	c := redis.NewClient(&redis.Options{Addr: p.address(0).String(), Password: secret, Protocol: 2, PoolSize: 3, MaxRetries: -1})
	p.t.Cleanup(func() { _ = c.Close() })
	return c
}

// hold opens connections that stay; each has done something.
func (p *plane) hold(c *redis.Client, n int) {
	for range n {
		conn := c.Conn()
		p.t.Cleanup(func() { _ = conn.Close() })
		check(p.t, conn.Ping(p.t.Context()).Err())
	}
}

// What clients do is seen at the pace of a group that is watched.
func TestWatchedGroup(t *testing.T) {
	eachEngine(t, func(t *testing.T, p *plane, secret token.Token) {
		fingerprint := secret.Digest().Fingerprint()
		p.eventually("the samples of a group that nobody watches", func() bool { return p.remembered() == 1 })
		if n := p.all(0); len(n.Times) != 1 || p.rounds.Load() != 0 {
			t.Errorf("%d samples, %d rounds before anybody watched", len(n.Times), p.rounds.Load())
		}
		p.eventually("rounds", func() bool { return p.rounds.Load() >= 3 })
		admin, err := engine.AskCounters(t.Context(), p.dial(0), p.keyring, p.group.Shards[0].Nodes[0].UID)
		check(t, err)
		for _, c := range admin.Credentials {
			if c.Authentications != 0 || c.Connections != 0 {
				t.Errorf("questions are a use: %+v", c)
			}
		}
		p.hold(p.client(""), 1)
		p.hold(p.client(secret.Reveal()), 2)
		p.eventually("connections are counted", func() bool {
			n := p.all(0)
			return last(n, metric.MetricCredentialConnections, fingerprint) == 2 && last(n, metric.MetricCredentialConnections, token.None) == 1
		})
		working := p.client(secret.Reveal())
		check(t, working.Set(t.Context(), "there", "x", 0).Err())
		p.eventually("traffic is counted", func() bool {
			for range 20 {
				working.Get(t.Context(), "there")
				working.Get(t.Context(), "not there")
			}
			another := p.client(secret.Reveal())
			check(t, another.Ping(t.Context()).Err())
			_ = another.Close()
			n := p.all(0)
			rate := last(n, metric.MetricHitRate, "")
			return last(n, metric.MetricCommands, "") > 40 && rate > 30 && rate < 70 && last(n, metric.MetricAuthentications, fingerprint) > 1 &&
				last(n, metric.MetricEngineCPU, "") > 0
		})
		n := p.all(0)
		if memory, connections := last(n, metric.MetricMemory, ""), last(n, metric.MetricConnections, ""); memory < 1<<17 || memory > 1<<26 || connections < 4 {
			t.Errorf("memory %v, connections %v", memory, connections)
		}
		if lag := values(n, metric.MetricReplicationLag, ""); lag != nil {
			t.Errorf("a primary lags: %v", lag)
		}
		p.eventually("the replica keeps up", func() bool {
			n := p.all(1)
			return last(n, metric.MetricReplicationLag, "") <= 1 && last(n, metric.MetricReplicationOffset, "") == 0
		})
		since := n.Times[len(n.Times)-1]
		if known := p.Of(p.group, since).Nodes[0].Times; slices.Contains(known, since) {
			t.Errorf("after %s came %s", since, known)
		}
		if span := since.Sub(n.Times[0]); span < time.Duration(len(n.Times)-2)*p.WatchedInterval { // an answer may come late
			t.Errorf("%d samples in %s", len(n.Times), span)
		}
	})
}

// A node that hangs, or is another process than before, makes gaps and no nonsense.
func TestGaps(t *testing.T) {
	eachEngine(t, func(t *testing.T, p *plane, secret token.Token) {
		p.all(0)
		p.eventually("a rate", func() bool { return last(p.all(1), metric.MetricCommands, "") > 0 })
		check(t, syscall.Kill(p.pid(1), syscall.SIGSTOP))
		p.eventually("a gap", func() bool { return math.IsNaN(last(p.all(1), metric.MetricConnections, "")) })
		if n := p.all(0); math.IsNaN(last(n, metric.MetricConnections, "")) {
			t.Error("the other node has a gap, too")
		}
		check(t, syscall.Kill(p.pid(1), syscall.SIGCONT))
		p.eventually("values again", func() bool { return last(p.all(1), metric.MetricConnections, "") > 0 })
		check(t, p.nodes.Kill(t.Context(), provider.NameOf(&p.group.Shards[0].Nodes[0])))
		p.eventually("a gap of the one that is gone", func() bool { return math.IsNaN(last(p.all(0), metric.MetricConnections, "")) })
		p.startNode(0, netip.AddrPort{})
		p.eventually("its values", func() bool { return last(p.all(0), metric.MetricCommands, "") >= 0 })
		for _, n := range p.Of(p.group, time.Time{}).Nodes {
			for _, s := range n.Series {
				if i := slices.IndexFunc(s.Values, func(v float64) bool { return v < 0 }); i >= 0 {
					t.Errorf("%s of %s: %v", s.Name, n.NodeID, s.Values[i])
				}
			}
		}
	})
}

// What is deleted is forgotten, and what is replaced begins anew.
func TestForgotten(t *testing.T) {
	eachEngine(t, func(t *testing.T, p *plane, secret token.Token) {
		p.all(0)
		p.eventually("samples", func() bool { return len(p.all(1).Times) > 2 })
		changed := p.group.Clone()
		changed.Shards[0].Nodes[1].UID = "another"
		p.put(changed)
		p.eventually("the old node is forgotten", func() bool { return len(p.all(1).Times) == 0 && len(p.all(0).Times) > 2 })
		p.put(&replication.Group{})
		p.eventually("the group is forgotten", func() bool { return p.remembered() == 0 })
		again := p.rounds.Load()
		p.all(0) // of a group that was read before it was deleted
		p.eventually("forgotten once more", func() bool { return p.remembered() == 0 })
		if p.rounds.Load() != again {
			t.Error("a deleted group was asked")
		}
	})
}

func (p *plane) put(g *replication.Group) {
	p.t.Helper()
	check(p.t, p.store.Update(context.Background(), func(tx store.UpdateTx) error {
		if g.ID == "" {
			return store.Delete(tx, store.Groups, p.group.Key())
		}
		return store.Put(tx, store.Groups, g)
	}))
}

func (p *plane) remembered() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.groups)
}
