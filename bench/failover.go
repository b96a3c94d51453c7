package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

// What the clients of a group may have to wait for the next acknowledged write, in
// milliseconds.
const (
	crashTarget   = 200
	hangTarget    = 1500
	plannedTarget = 20
)

// The clients. Targets are for the tight one: others add waits of their own.
const (
	tightClient   = "a client that connects again at once"
	libraryClient = "go-redis"
)

// planned hands one group's primary over on request, again and again. It has the machine to
// itself: what it measures is shorter than the moments for which other engines take a core.
func planned(ctx context.Context, s *session) error {
	redis.SetLogger(muted{})
	manual, err := s.newEndpointTrio(ctx, s.server(), "planned", false)
	if err != nil {
		return err
	}
	trios := []trio{manual}
	return s.contests(ctx, []contest{
		{what: "planned failover", trios: trios, runs: s.samples(100, 5), strike: hand, gap: true, target: plannedTarget, lossless: true},
		{what: "no failover (control)", trios: trios, runs: s.samples(50, 5), strike: quiet, gap: true},
	})
}

// failover takes primaries away: by a crash and by a hang. Many groups take turns,
// because nodes that crash again and again are started more and more slowly.
func failover(ctx context.Context, s *session) error {
	redis.SetLogger(muted{})
	server := s.server()
	var automatic []trio
	for i := range s.samples(21, 3) {
		t, err := s.newEndpointTrio(ctx, server, fmt.Sprintf("failover-%d", i), true)
		if err != nil {
			return err
		}
		t.mature = !s.quick
		automatic = append(automatic, t)
	}
	return s.contests(ctx, []contest{
		{what: "crash of the primary", trios: automatic, runs: s.samples(100, 2), strike: crash, target: crashTarget},
		{what: "hang of the primary", trios: automatic, runs: s.samples(30, 2), strike: hang, target: hangTarget},
	})
}

func (s *session) contests(ctx context.Context, contests []contest) error {
	for _, part := range contests {
		if err := s.contest(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// contest is one way to interrupt clients, carried out again and again.
type contest struct {
	what     string // for the table
	trios    []trio // that take turns
	runs     int    // of each client
	strike   func(ctx context.Context, t trio, client string) (trial, error)
	gap      bool    // what is measured is the time between two writes
	target   float64 // p99 of the tight client, in milliseconds; 0: none
	lossless bool    // no acknowledged write may be lost
}

func crash(ctx context.Context, t trio, client string) (trial, error) {
	return lose(ctx, t, client, syscall.SIGKILL)
}

func hang(ctx context.Context, t trio, client string) (trial, error) {
	return lose(ctx, t, client, syscall.SIGSTOP)
}

// contest measures each client in runs of its own, which take turns, because a second
// one that connects again at the same time would be in its way.
func (s *session) contest(ctx context.Context, c contest) error {
	clients := c.trios[0].clients()
	outages, lost, began := map[string][]float64{}, 0, time.Now()
	for i := range c.runs * len(clients) {
		client := clients[i%len(clients)]
		result, err := c.strike(ctx, c.trios[i%len(c.trios)], client)
		if err != nil {
			return fmt.Errorf("%s, run %d: %w", c.what, i+1, err)
		}
		outages[client] = append(outages[client], milliseconds(result.outage))
		lost += result.lost
	}
	s.progress("  %s: %d runs in %s", c.what, c.runs*len(clients), time.Since(began).Round(time.Second))
	for _, client := range clients {
		var target *Target
		if c.target != 0 && client == tightClient {
			target = &Target{Statistic: "p99", AtMost: c.target}
		}
		s.record(Measurement{Name: c.what + ", " + c.measured() + ": " + client, Unit: Milliseconds, Target: target, Samples: outages[client]})
	}
	var none *Target
	if c.lossless {
		none = &Target{Statistic: "max", AtMost: 0}
	}
	name := fmt.Sprintf("%s: acknowledged writes lost in %d runs", c.what, c.runs*len(clients))
	s.record(Measurement{Name: name, Unit: Count, Target: none, Samples: []float64{float64(lost)}})
	return nil
}

// measured says what the samples are.
func (c contest) measured() string {
	if c.gap {
		return "longest time between two acknowledged writes"
	}
	return "signal → next acknowledged write"
}
