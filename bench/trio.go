package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/integration/load"
)

// trio is a primary with two replicas, and somebody who replaces a lost primary.
type trio interface {
	// ready returns when it is whole and the next trial may begin.
	ready(ctx context.Context) error
	// whole returns when all three serve and both replicas are in sync.
	whole(ctx context.Context) error
	// primary is the process id of the primary.
	primary(ctx context.Context) (int, error)
	// connect opens a connection to the primary.
	connect(ctx context.Context) (*load.Conn, error)
	// clients names the clients that are measured, one in each trial.
	clients() []string
	// writer makes a client.
	writer(client string) writer
	// handOver asks for another primary. It returns when the request was accepted, and
	// when that was about to be.
	handOver(ctx context.Context) (time.Time, error)
	// bury ends what is left of a primary that was struck, and has it come back as a
	// replica, where nobody else does.
	bury(ctx context.Context, pid int) error
}

const (
	wholeTimeout = time.Minute
	warmUp       = 20 // writes that a client must have made before a trial
	warmUpLimit  = 10 * time.Second
	// outageLimit bounds the wait for the next acknowledged write: Sentinel's default
	// waits half a minute before it does anything.
	outageLimit = 2 * time.Minute
)

// trial is what one interruption did to a client.
type trial struct {
	outage time.Duration
	lost   int // acknowledged writes
}

// lose strikes the primary, and times the client from the signal to the first
// acknowledgement of a write that began when the primary could not give it any more.
func lose(ctx context.Context, t trio, client string, signal syscall.Signal) (trial, error) {
	return interrupt(ctx, t, client, func(s *stream) (time.Duration, error) {
		pid, err := t.primary(ctx)
		if err != nil {
			return 0, err
		}
		sent, effective, err := strike(pid, signal)
		if err != nil {
			return 0, err
		}
		acks, err := s.await(ctx, effective, 1, outageLimit)
		if err != nil {
			return 0, err
		}
		return acks[0].ended.Sub(sent), t.bury(ctx, pid)
	})
}

// hand has the role handed over, and finds the longest time between two acknowledged
// writes of the client around it.
func hand(ctx context.Context, t trio, client string) (trial, error) {
	return interrupt(ctx, t, client, func(s *stream) (time.Duration, error) {
		began, err := t.handOver(ctx)
		if err == nil {
			err = t.whole(ctx)
		}
		if err != nil {
			return 0, err
		}
		return gapSince(ctx, s, began)
	})
}

// quietSpan is about as long as a planned change of roles takes.
const quietSpan = 300 * time.Millisecond

// quiet finds the same when nothing happens: what the machine alone does.
func quiet(ctx context.Context, t trio, client string) (trial, error) {
	return interrupt(ctx, t, client, func(s *stream) (time.Duration, error) {
		began := time.Now()
		if err := pause(ctx, quietSpan); err != nil {
			return 0, err
		}
		return gapSince(ctx, s, began)
	})
}

func gapSince(ctx context.Context, s *stream, began time.Time) (time.Duration, error) {
	if _, err := s.await(ctx, time.Now(), 1, outageLimit); err != nil {
		return 0, err
	}
	return gap(s.stop(), began), nil
}

// interrupt has a client write while something happens to a trio, waits until the trio
// is whole again, and counts the acknowledged writes that are gone.
func interrupt(ctx context.Context, t trio, client string, happen func(*stream) (time.Duration, error)) (trial, error) {
	if err := t.ready(ctx); err != nil {
		return trial{}, err
	}
	s := newStream(ctx, t.writer(client))
	defer s.stop()
	if _, err := s.await(ctx, time.Time{}, warmUp, warmUpLimit); err != nil {
		return trial{}, err
	}
	outage, err := happen(s)
	if err != nil {
		return trial{}, err
	}
	written := s.stop()
	if err := t.whole(ctx); err != nil {
		return trial{}, err
	}
	lost, err := missing(ctx, t, written)
	return trial{outage, lost}, err
}

// keysAtOnce is how many keys one command asks for.
const keysAtOnce = 1000

// missing counts the keys that are gone, and removes the others.
func missing(ctx context.Context, t trio, written []ack) (int, error) {
	conn, err := t.connect(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	gone := len(written)
	for len(written) > 0 {
		n := min(keysAtOnce, len(written))
		command := make([]string, 1, n+1)
		command[0] = "DEL" // answers how many there were
		for _, a := range written[:n] {
			command = append(command, a.key)
		}
		answer, err := conn.Do(command...)
		if err != nil {
			return 0, fmt.Errorf("count keys: %w", err)
		}
		found, err := strconv.Atoi(answer)
		if err != nil {
			return 0, fmt.Errorf("count keys: %w", err)
		}
		gone, written = gone-found, written[n:]
	}
	return gone, nil
}

// replicasOnline asks a primary how many of its replicas are in sync.
func replicasOnline(conn *load.Conn) (int, error) {
	info, err := conn.Do("INFO", "replication")
	if err != nil {
		return 0, err
	}
	if !strings.Contains(info, "role:master") {
		return 0, errors.New("it is not a primary")
	}
	return strings.Count(info, "state=online"), nil
}

// poll asks until the answer is yes, and explains a timeout with the last error.
func poll(ctx context.Context, every, limit time.Duration, what string, done func() error) error {
	for deadline := time.Now().Add(limit); ; {
		err := done()
		switch {
		case err == nil:
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("%s: not after %s: %w", what, limit, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}
