package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// connectors is how many clients connect at the same time.
const connectors = 8

// connect compares how many clients can come and go: connect, TLS handshake and AUTH if there is TLS, PING, close.
func connect(ctx context.Context, s *session) error {
	overTLS, inPlaintext, err := s.besideBare(ctx)
	if err != nil {
		return err
	}
	if err := s.compareConnects(ctx, overTLS, "connections with TLS and AUTH per second", "processor time per connection"); err != nil {
		return err
	}
	return s.compareConnects(ctx, inPlaintext, "connections in plaintext per second", "processor time per connection in plaintext")
}

// compareConnects has a pair take turns at clients that come and go.
func (s *session) compareConnects(ctx context.Context, p pair, rate, cost string) error {
	span := s.duration(700*time.Millisecond, 300*time.Millisecond)
	measured, err := turns(ctx, p.arms(), s.samples(41, 7), func(a arm) (sample, error) { return comeAndGo(ctx, a, span) })
	if err != nil {
		return err
	}
	s.recordPairs(rate, cost, "", p, measured, &Target{Statistic: "median", AtLeast: throughputTarget})
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
	conn, err := a.connect()
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Do("PING")
	return err
}
