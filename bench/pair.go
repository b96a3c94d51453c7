package main

import (
	"context"

	"github.com/aikagi/aikagi/integration/load"
)

// pair is a comparison of two arms.
type pair struct{ ours, other arm }

func (p pair) arms() []arm { return []arm{p.ours, p.other} }

// besideBare are groups of ours, each beside a bare engine of the same settings: with TLS and a token, and with neither.
func (s *session) besideBare(ctx context.Context) (overTLS, inPlaintext pair, err error) {
	if overTLS.ours, err = s.ours(ctx); err != nil {
		return overTLS, inPlaintext, err
	}
	if overTLS.other, err = s.bare(armBare, bareSettings()); err != nil {
		return overTLS, inPlaintext, err
	}
	if inPlaintext.ours, err = s.armOf(ctx, s.server(), armGroup, load.Spec{ID: "plaintext"}); err != nil {
		return overTLS, inPlaintext, err
	}
	inPlaintext.other, err = s.barePlaintext(armBare, bareSettings())
	return overTLS, inPlaintext, err
}

// recordPairs records the ratios of what the arms of a pair did in neighbouring turns; of the processor time only beside a target.
func (s *session) recordPairs(rate, cost, what string, p pair, measured map[string][]sample, target *Target) {
	over := ", " + p.ours.name + " / " + p.other.name + what
	ours, other := measured[p.ours.name], measured[p.other.name]
	s.record(Measurement{
		Name: rate + over, Unit: Ratio, Target: target, Samples: ratios(rates(ours), rates(other)),
		Arms: map[string][]float64{p.ours.name: rates(ours), p.other.name: rates(other)},
	})
	if target == nil {
		return
	}
	s.record(Measurement{
		Name: cost + over, Unit: Ratio, Samples: ratios(costs(ours), costs(other)),
		Arms: map[string][]float64{p.ours.name + ", µs": costs(ours), p.other.name + ", µs": costs(other)},
	})
}
