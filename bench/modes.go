package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/load"
)

// Clients of the benchmark of modes: those that stay connected, and those that come anew for each command.
const (
	modeClients = 200
	modeComers  = 6
)

// modes measures how long it takes to move three nodes between the modes preferred and required, under clients over TLS, which both
// allow: from the call until Describe, asked every five milliseconds, reads available, and a client of each kind has felt the mode at
// every node.
func modes(ctx context.Context, s *session) error {
	group, err := s.group(ctx, s.server(), "modes", 2, "")
	if err != nil {
		return err
	}
	audience, err := gather(group)
	if err != nil {
		return err
	}
	var available, proven []float64
	for range s.samples(75, 3) {
		for _, mode := range []types.TransitEncryptionMode{types.TransitEncryptionModePreferred, types.TransitEncryptionModeRequired} {
			began := time.Now()
			took, err := group.SetTransit(ctx, mode)
			if err == nil {
				err = feelMode(group, mode)
			}
			if err != nil {
				return errors.Join(err, audience.leave())
			}
			available, proven = append(available, milliseconds(took)), append(proven, milliseconds(time.Since(began)))
		}
	}
	if err := audience.leave(); err != nil {
		return err
	}
	what := fmt.Sprintf("%d switches of the mode under %d connections over TLS: ", len(proven), modeClients)
	s.record(Measurement{Name: "mode of encryption on 3 nodes, call → available, and felt on each", Unit: Milliseconds, Target: &Target{Statistic: "p99", AtMost: changeTarget}, Samples: proven})
	s.record(Measurement{Name: "mode of encryption on 3 nodes, call → available", Unit: Milliseconds, Samples: available})
	s.record(Measurement{Name: what + "commands", Unit: Count, Samples: []float64{float64(audience.commands.Load())}})
	s.record(Measurement{Name: what + "commands that failed", Unit: Count, Target: &Target{Statistic: "max", AtMost: 0}, Samples: []float64{float64(audience.failures.Load())}})
	return nil
}

// feelMode tries both ways in at every node.
func feelMode(group *load.Group, mode types.TransitEncryptionMode) error {
	errs := make([]error, len(group.Nodes))
	var all sync.WaitGroup
	for i, node := range group.Nodes {
		all.Go(func() { errs[i] = feelNode(group, node, mode == types.TransitEncryptionModePreferred) })
	}
	all.Wait()
	return errors.Join(errs...)
}

func feelNode(group *load.Group, node string, plaintext bool) error {
	if err := logIn(group, node, ""); err != nil {
		return fmt.Errorf("over TLS at %s: %w", node, err)
	}
	conn, err := load.DialPlaintext(node)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Do("PING")
	var refusal load.EngineError
	switch {
	case plaintext && err != nil:
		return fmt.Errorf("in plaintext at %s: %w", node, err)
	case !plaintext && !errors.As(err, &refusal):
		return fmt.Errorf("plaintext at %s is not refused: %w", node, err)
	}
	return nil
}

// audience are clients over TLS.
type audience struct {
	stop               chan struct{}
	all                sync.WaitGroup
	commands, failures atomic.Int64
	first              atomic.Pointer[error]
}

func gather(group *load.Group, login ...string) (*audience, error) {
	c := &audience{stop: make(chan struct{})}
	for i := range modeClients {
		node := group.Nodes[i%len(group.Nodes)]
		conn, err := enter(group, node, login...)
		if err != nil {
			return nil, errors.Join(err, c.leave())
		}
		c.all.Go(func() {
			defer conn.Close()
			for c.pause(20 * time.Millisecond) {
				_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
				_, err := conn.Do("GET", "mode")
				if c.count(err) != nil {
					return
				}
			}
		})
	}
	for i := range modeComers {
		node := group.Nodes[i%len(group.Nodes)]
		c.all.Go(func() {
			for c.pause(100 * time.Millisecond) { // or their handshakes take all of two cores
				_ = c.count(stopBy(group, node, login...))
			}
		})
	}
	return c, nil
}

// enter connects, and logs in with the words behind AUTH; with none, it does not.
func enter(group *load.Group, node string, login ...string) (*load.Conn, error) {
	conn, err := load.Dial(node, group.TLS(node))
	if err != nil || len(login) == 0 {
		return conn, err
	}
	if _, err := conn.Do(append([]string{"AUTH"}, login...)...); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// stopBy enters, and gets an answer.
func stopBy(group *load.Group, node string, login ...string) error {
	conn, err := enter(group, node, login...)
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return errors.Join(err, conn.Close())
}

// pause reports whether there is more to do after a while.
func (c *audience) pause(d time.Duration) bool {
	select {
	case <-c.stop:
		return false
	case <-time.After(d):
		return true
	}
}

func (c *audience) count(err error) error {
	c.commands.Add(1)
	if err != nil {
		c.failures.Add(1)
		c.first.CompareAndSwap(nil, &err)
	}
	return err
}

// leave ends the clients. The error is the first failure of one.
func (c *audience) leave() error {
	close(c.stop)
	c.all.Wait()
	if first := c.first.Load(); first != nil {
		return fmt.Errorf("%d of %d commands failed: %w", c.failures.Load(), c.commands.Load(), *first)
	}
	return nil
}
