package replication

import (
	"errors"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// The whole table of modes and of what can be asked in each.
func TestTransitModes(t *testing.T) {
	t.Parallel()
	const none, preferred, required = cache.TransitNone, cache.TransitPreferred, cache.TransitRequired
	yes, no := true, false
	var absent *bool
	for _, test := range []struct {
		from    cache.Transit
		enabled *bool
		mode    cache.Transit
		want    cache.Transit
		refusal error // nil: none; [cache.ErrNoModification] where there is nothing to change
	}{
		{none, absent, none, none, cache.ErrNoModification},
		{none, &no, none, none, cache.ErrNoModification},
		{none, &yes, none, none, errTransitOn},
		{none, absent, preferred, none, errTransitMode},
		{none, &no, preferred, none, errTransitMode},
		{none, &yes, preferred, preferred, nil},
		{none, &yes, required, none, errTransitOn},
		{none, absent, required, none, errTransitMode},

		{preferred, absent, none, preferred, cache.ErrNoModification},
		{preferred, &yes, none, preferred, cache.ErrNoModification},
		{preferred, &yes, preferred, preferred, cache.ErrNoModification},
		{preferred, absent, required, required, nil},
		{preferred, &yes, required, required, nil},
		{preferred, &no, required, preferred, errTransitMode},
		{preferred, &no, none, none, nil},

		{required, &yes, none, required, cache.ErrNoModification},
		{required, absent, required, required, cache.ErrNoModification},
		{required, absent, preferred, preferred, nil},
		{required, &yes, preferred, preferred, nil},
		{required, &no, preferred, required, errTransitMode},
		{required, &no, none, required, errTransitOff},
	} {
		g := newGroup(t, func(s *Spec) { s.Transit = test.from })
		g.Settle(noon, nil)
		events, err := g.Modify(Change{Transit: TransitUpdate{test.enabled, test.mode}, Immediately: true}, noon)
		if !errors.Is(err, test.refusal) || g.Transit != test.want {
			t.Errorf("%+v: %s, %v", test, g.Transit, err)
		}
		if changes := test.refusal == nil; (g.Status == cache.StatusModifying) != changes || (len(events) == 1) != changes || g.TransitInForce() != test.from {
			t.Errorf("%+v: %s, in force %s, %v", test, g.Status, g.TransitInForce(), events)
		}
	}
}

// A change of the mode is told when it begins and when every node has it, which is when it is in force.
func TestTransitChange(t *testing.T) {
	t.Parallel()
	g := newGroup(t, func(s *Spec) { s.Transit = cache.TransitPreferred })
	g.Settle(noon, nil)
	if _, err := g.Modify(Change{Transit: TransitUpdate{Mode: cache.TransitRequired}}, noon); !errors.Is(err, errTransitLater) {
		t.Errorf("in the maintenance window: %v", err)
	}
	events, err := g.Modify(Change{Transit: TransitUpdate{Mode: cache.TransitRequired}, Immediately: true}, noon)
	if err != nil || len(events) != 1 || !strings.HasSuffix(events[0].Message, "preferred to required") {
		t.Fatalf("%v, %v", events, err)
	}
	if g.TransitInForce() != cache.TransitPreferred {
		t.Errorf("in force before any node has it: %s", g.TransitInForce())
	}
	events = g.Settle(noon, nil)
	if len(events) != 1 || !strings.Contains(events[0].Message, "TLS connections only") || g.TransitFrom != nil || g.TransitInForce() != cache.TransitRequired {
		t.Errorf("%v, in force %s", events, g.TransitInForce())
	}
	if events := g.Settle(noon, nil); events != nil {
		t.Errorf("told again: %v", events)
	}
	told := g.NoteBarred("orders-001", 3, 1e9, noon)
	if len(told) != 1 || !strings.Contains(told[0].Message, "3 connections in plaintext") || told[0].SourceID != "orders-001" {
		t.Errorf("%v", told)
	}
	if told := g.NoteBarred("gone", 3, 1e9, noon); told != nil {
		t.Errorf("of a node that is gone: %v", told)
	}
}

// Tokens need required, and keep a group there.
func TestTransitAndTokens(t *testing.T) {
	t.Parallel()
	t1 := token.Generate().Digest()
	if _, err := NewGroup(Spec{ID: "g", EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}, Transit: cache.TransitPreferred, Token: &t1}, noon); !errors.Is(err, errPreferredTokens) {
		t.Errorf("created with a token: %v", err)
	}
	g := newGroup(t, func(s *Spec) { s.Transit = cache.TransitPreferred })
	g.Settle(noon, nil)
	rotate := &token.Update{Digest: &t1}
	if _, err := g.Modify(Change{Token: rotate, Immediately: true}, noon); !errors.Is(err, token.ErrNeedsTLS) {
		t.Errorf("ROTATE while preferred: %v", err)
	}
	if _, err := g.Modify(Change{Token: rotate, Transit: TransitUpdate{Mode: cache.TransitRequired}, Immediately: true}, noon); !errors.Is(err, token.ErrNeedsTLS) {
		t.Errorf("ROTATE together with required: %v", err)
	}
	required := newGroup(t, nil)
	required.Settle(noon, nil)
	if _, err := required.Modify(Change{Token: rotate, Immediately: true}, noon); err != nil {
		t.Fatal(err)
	}
	required.Settle(noon, nil)
	yes := true
	for _, update := range []TransitUpdate{{Mode: cache.TransitPreferred}, {Mode: cache.TransitRequired}, {Enabled: &yes}} {
		if _, err := required.Modify(Change{Transit: update, Immediately: true}, noon); !errors.Is(err, errTransitTokens) {
			t.Errorf("%+v with a token: %v", update, err)
		}
	}
	scheduled := newGroup(t, nil)
	scheduled.Settle(noon, nil)
	scheduled.RotationSchedule = &rotation.Schedule{}
	if _, err := scheduled.Modify(Change{Transit: TransitUpdate{Mode: cache.TransitPreferred}, Immediately: true}, noon); !errors.Is(err, errTransitSchedule) {
		t.Errorf("with a schedule: %v", err)
	}
}
