package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/load"
)

// Names of the arms of the benchmark of mode preferred.
const (
	armPreferred = "mode preferred"
	armRequired  = "mode required"
	armNoTLS     = "no TLS"
)

// preferred compares what clients get done at a group that takes plaintext and TLS with what they do where only theirs is taken: those in
// plaintext with a group without TLS, those over TLS with one that requires it. No group has a token, because none in mode preferred can.
func preferred(ctx context.Context, s *session) error {
	server := s.server()
	var arms []arm
	for _, a := range []struct {
		name string
		spec load.Spec
	}{
		{armPreferred, load.Spec{ID: "both", Mode: types.TransitEncryptionModePreferred}},
		{armRequired, load.Spec{ID: "tls", Mode: types.TransitEncryptionModeRequired}},
		{armNoTLS, load.Spec{ID: "plaintext"}},
	} {
		made, err := s.armOf(ctx, server, a.name, a.spec)
		if err != nil {
			return err
		}
		arms = append(arms, made)
	}
	if err := s.fill(ctx, arms...); err != nil {
		return err
	}
	both := arms[0]
	if err := s.comparePreferred(ctx, pair{both.inPlaintext(), arms[2]}, " in plaintext"); err != nil {
		return err
	}
	return s.comparePreferred(ctx, pair{both, arms[1]}, " over TLS")
}

func (s *session) comparePreferred(ctx context.Context, p pair, how string) error {
	if err := s.compareThroughput(ctx, p, "throughput"+how, "processor time per command"+how); err != nil {
		return err
	}
	return s.compareConnects(ctx, p, "connections"+how+" per second", "processor time per connection"+how)
}
