package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/load"
)

// changeTarget is the most that a token change on three nodes may take, in
// milliseconds.
const changeTarget = 100

// rotate measures token changes on a primary and two replicas that nobody else uses:
// from the call until Describe, asked every five milliseconds, reads available and a
// client has logged in with the new token at every node.
func rotate(ctx context.Context, s *session) error {
	server := s.server()
	old := rand.Text()
	group, err := s.group(ctx, server, "rotate", 2, old)
	if err != nil {
		return err
	}
	var rotates, sets, described []float64
	for range s.samples(150, 15) {
		next := rand.Text()
		took, proven, err := change(ctx, group, types.AuthTokenUpdateStrategyTypeRotate, next)
		if err != nil {
			return err
		}
		rotates, described = append(rotates, proven), append(described, took)
		took, proven, err = change(ctx, group, types.AuthTokenUpdateStrategyTypeSet, next)
		if err != nil {
			return err
		}
		sets, described = append(sets, proven), append(described, took)
		if err := refused(group, old); err != nil {
			return err
		}
		old = next
	}
	target := &Target{Statistic: "p99", AtMost: changeTarget}
	s.record(Measurement{Name: "ROTATE on 3 nodes, call → available and logged in on each", Unit: Milliseconds, Target: target, Samples: rotates})
	s.record(Measurement{Name: "SET on 3 nodes, call → available and logged in on each", Unit: Milliseconds, Target: target, Samples: sets})
	s.record(Measurement{Name: "ROTATE and SET on 3 nodes, call → available", Unit: Milliseconds, Samples: described})
	return nil
}

// change returns the milliseconds until the group read available, and until a login
// at every node had proven it.
func change(ctx context.Context, group *load.Group, strategy types.AuthTokenUpdateStrategyType, token string) (available, proven float64, err error) {
	began := time.Now()
	took, err := group.Change(ctx, strategy, token)
	if err != nil {
		return 0, 0, err
	}
	errs := make([]error, len(group.Nodes))
	var all sync.WaitGroup
	for i, node := range group.Nodes {
		all.Go(func() { errs[i] = logIn(group, node, token) })
	}
	all.Wait()
	return milliseconds(took), milliseconds(time.Since(began)), errors.Join(errs...)
}

func logIn(group *load.Group, node, token string) error {
	conn, err := load.Dial(node, group.TLS(node))
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Login(token, load.OneArgument)
}

// refused checks that a retired token opens no node.
func refused(group *load.Group, token string) error {
	for _, node := range group.Nodes {
		if err := logIn(group, node, token); !errors.Is(err, load.ErrRefused) {
			return fmt.Errorf("%s answered a retired token with %w", node, err)
		}
	}
	return nil
}
