package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/integration/load"
)

// arm is one of the two sides of a comparison: an engine that clients connect to.
type arm struct {
	name   string
	at     string // host:port
	token  string // empty: none
	caFile string // empty: its clients connect in plaintext
	pid    int
	tls    *tls.Config // nil: likewise
}

// ours is a group of one node with TLS and a token, served by a control plane.
func (s *session) ours(ctx context.Context) (arm, error) {
	return s.armOf(ctx, s.server(), armGroup, load.Spec{ID: "bench", Token: rand.Text(), Mode: types.TransitEncryptionModeRequired})
}

// armOf is a group of one node, whose clients use TLS if its mode takes it.
func (s *session) armOf(ctx context.Context, server *harness.Server, name string, spec load.Spec) (arm, error) {
	group, err := s.groupOf(ctx, server, spec)
	if err != nil {
		return arm{}, err
	}
	a := arm{name: name, at: group.Nodes[0], token: spec.Token}
	for node, pid := range server.Nodes() {
		if strings.HasPrefix(node, spec.ID+"-") {
			a.pid = pid
		}
	}
	if a.pid == 0 {
		return arm{}, fmt.Errorf("%s has no node that runs", spec.ID)
	}
	if spec.Mode != "" {
		a.caFile, a.tls = server.CAFile(), group.TLS(group.Nodes[0])
	}
	return a, nil
}

// inPlaintext is the arm with clients that use no TLS.
func (a arm) inPlaintext() arm {
	a.caFile, a.tls = "", nil
	return a
}

// connect opens a connection, and logs in.
func (a arm) connect() (*load.Conn, error) {
	dial := func() (*load.Conn, error) { return load.Dial(a.at, a.tls) }
	if a.tls == nil {
		dial = func() (*load.Conn, error) { return load.DialPlaintext(a.at) }
	}
	conn, err := dial()
	if err != nil {
		return nil, err
	}
	if err := conn.Login(a.token, load.OneArgument); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// turns calls measure for every arm, round after round, and changes the direction
// each time, so that no arm always comes first. It returns what was measured, by
// arm.
func turns(ctx context.Context, arms []arm, rounds int, measure func(arm) (sample, error)) (map[string][]sample, error) {
	measured := map[string][]sample{}
	for round := range rounds {
		for i := range arms {
			a := arms[i]
			if round%2 == 1 {
				a = arms[len(arms)-1-i]
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			got, err := measure(a)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", strings.ToLower(a.name), err)
			}
			measured[a.name] = append(measured[a.name], got)
		}
	}
	return measured, nil
}

// sample is what one turn of an arm gave.
type sample struct {
	rate float64 // per second
	cost float64 // processor time of the engine for each, in microseconds
	n    int64   // how many there were, where that is known
}

func rates(samples []sample) []float64 {
	return column(samples, func(s sample) float64 { return s.rate })
}
func costs(samples []sample) []float64 {
	return column(samples, func(s sample) float64 { return s.cost })
}

func column(samples []sample, pick func(sample) float64) []float64 {
	out := make([]float64, len(samples))
	for i, s := range samples {
		out[i] = pick(s)
	}
	return out
}
