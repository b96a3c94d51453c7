package trial

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	endpointEvery = 2 * time.Millisecond  // between two writes at the primary endpoint
	addressEvery  = 10 * time.Millisecond // at every other address
	redialAfter   = 3 * time.Millisecond
	// outstandingMost bounds what is sent to a process that does not answer. It is some
	// seconds' worth.
	outstandingMost = 4000
)

// lane is the referee's way to one address: a connection at a time, on which it
// writes without waiting for answers.
type lane struct {
	name    string
	address string
	every   time.Duration
	tls     *tls.Config
	token   string
	ledger  *ledger
	next    int          // the sequence of the next write
	refused atomic.Int64 // writes that were answered with an error
}

// laneKey is where a lane's writes go.
func laneKey(name string, sequence int) string {
	return fmt.Sprintf("chaos:referee:%s:%d", name, sequence)
}

// run connects again and again until the context ends.
func (l *lane) run(ctx context.Context) {
	for ctx.Err() == nil {
		_ = l.session(ctx) // that a connection ends is what faults are for
		select {
		case <-ctx.Done():
		case <-time.After(redialAfter):
		}
	}
}

// sent is a write that waits for its answer.
type sent struct {
	sequence int
	at       Instant
}

func (l *lane) session(ctx context.Context) error {
	c, err := dial(ctx, l.address, l.tls, l.token)
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	server, err := c.info("server")
	if err != nil {
		return errors.Join(err, c.Close())
	}
	outstanding := make(chan sent, outstandingMost)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer end()
		l.receive(c, server["run_id"], outstanding)
	})
	err = l.send(ctx, c, outstanding)
	close(outstanding)
	end()
	reading.Wait()
	return errors.Join(err, c.Close())
}

// send writes at a steady pace. A process that is stopped finds the writes when it
// goes on.
func (l *lane) send(ctx context.Context, c *conn, outstanding chan<- sent) error {
	pace := time.NewTicker(l.every)
	defer pace.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-pace.C:
		}
		w := sent{l.next, now()}
		select {
		case outstanding <- w:
		default:
			continue
		}
		l.next++
		if err := c.send("SET", laneKey(l.name, w.sequence), strconv.Itoa(w.sequence)); err != nil {
			return err
		}
	}
}

func (l *lane) receive(c *conn, process string, outstanding <-chan sent) {
	for w := range outstanding {
		_, err := c.receive()
		var refusal engineError
		switch {
		case err == nil:
			l.ledger.acknowledge(Write{Client: l.name, Sequence: w.sequence, Sent: w.at, Acked: now(), Process: process})
		case errors.As(err, &refusal):
			l.refused.Add(1)
			if !strings.HasPrefix(string(refusal), "READONLY ") {
				l.ledger.fail(Failure{Client: l.name, Sent: w.at, Ended: now(), Text: string(refusal)})
			}
		default:
			return
		}
	}
}

// referee has a lane to every address of the group.
type referee struct {
	lanes  []*lane
	ledger *ledger
}

// endpointLane is the name of the lane at the primary endpoint.
const endpointLane = "primary-endpoint"

func newReferee(g *group) *referee {
	r := &referee{ledger: &ledger{}}
	add := func(name, address string, every time.Duration) {
		r.lanes = append(r.lanes, &lane{name: name, address: address, every: every, tls: g.tls(), token: g.token, ledger: r.ledger})
	}
	add(endpointLane, g.primaryEndpoint, endpointEvery)
	add("reader-endpoint", g.readerEndpoint, addressEvery)
	for id, address := range g.nodes {
		add(id, address, addressEvery)
	}
	return r
}

// run writes until the context ends.
func (r *referee) run(ctx context.Context) {
	var all sync.WaitGroup
	for _, l := range r.lanes {
		all.Go(func() { l.run(ctx) })
	}
	all.Wait()
}
