package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aikagi/aikagi/integration/load"
)

// connectors is how many clients connect at the same time.
const connectors = 8

// connect compares how many clients can come and go: connect, TLS handshake, AUTH,
// PING, close.
func connect(ctx context.Context, s *session) error {
	ours, err := s.ours(ctx)
	if err != nil {
		return err
	}
	same, err := s.bare(armBare, bareSettings())
	if err != nil {
		return err
	}
	span := s.duration(700*time.Millisecond, 300*time.Millisecond)
	measured, err := turns(ctx, []arm{ours, same}, s.samples(21, 7), func(a arm) (sample, error) { return comeAndGo(ctx, a, span) })
	if err != nil {
		return err
	}
	s.recordPairs("connections with TLS and AUTH per second", "processor time per connection", "", armBare, measured,
		&Target{Statistic: "median", AtLeast: throughputTarget})
	return nil
}

// comeAndGo connects as often as it can for a while.
func comeAndGo(ctx context.Context, a arm, span time.Duration) (sample, error) {
	before, err := cpuTime(a.pid)
	if err != nil {
		return sample{}, err
	}
	var (
		all   sync.WaitGroup
		count atomic.Int64
		errs  [connectors]error
		began = time.Now()
	)
	for i := range errs {
		all.Go(func() {
			for errs[i] == nil && ctx.Err() == nil && time.Since(began) < span {
				errs[i] = visit(a)
				count.Add(1)
			}
		})
	}
	all.Wait()
	took := time.Since(began)
	after, err := cpuTime(a.pid)
	if err := errors.Join(append(errs[:], err)...); err != nil {
		return sample{}, err
	}
	n := float64(count.Load())
	return sample{rate: n / took.Seconds(), cost: float64((after - before).Microseconds()) / n, n: count.Load()}, nil
}

func visit(a arm) error {
	conn, err := load.Dial(a.at, a.tls)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.Login(a.token, load.OneArgument); err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}
