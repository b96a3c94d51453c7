package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"
)

// create measures how long a new group takes, from the call until it reads
// available. Every group is deleted before the next is created.
func create(ctx context.Context, s *session) error {
	server := s.server()
	shapes := []struct {
		name     string
		replicas int
		target   float64
	}{
		{"create, one node with TLS and a token → available", 0, 150},
		{"create, a primary and two replicas with TLS and a token → available", 2, 600},
	}
	for _, shape := range shapes {
		var times []float64
		for i := range s.samples(30, 5) {
			began := time.Now()
			group, err := s.group(ctx, server, fmt.Sprintf("create-%d-%d", shape.replicas, i), shape.replicas, rand.Text())
			if err != nil {
				return err
			}
			times = append(times, milliseconds(time.Since(began)))
			if err := group.Delete(ctx); err != nil {
				return err
			}
		}
		s.record(Measurement{Name: shape.name, Unit: Milliseconds, Target: &Target{Statistic: "median", AtMost: shape.target}, Samples: times})
	}
	return nil
}
