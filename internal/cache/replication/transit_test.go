package replication

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

var unguarded = []cache.Tag{{Key: cache.TagTLSGuard, Value: string(cache.GuardOff)}}

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
		g := newGroup(t, func(s *Spec) { s.Transit, s.Tags = test.from, unguarded })
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
	g := newGroup(t, func(s *Spec) { s.Transit, s.Tags = cache.TransitPreferred, unguarded })
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

// The guard looks who connects in plaintext before that ends; what is not known counts as use.
func TestTLSGuard(t *testing.T) {
	t.Parallel()
	const refuse, warn, off = cache.GuardRefuse, cache.GuardWarn, cache.GuardOff
	inUse := usage.Record{Credential: usage.Plaintext, Connections: 2, Authentications: 5, LastUsed: noon, Clients: []usage.Client{{Address: "10.0.0.7", Name: "worker-3", Connections: 2}}}
	quiet := usage.Record{Credential: usage.Plaintext, Authentications: 5, LastUsed: noon.Add(-time.Hour)}
	recent := usage.Record{Credential: usage.Plaintext, Authentications: 5, LastUsed: noon.Add(-time.Minute)}
	missing := []usage.MissingNode{{NodeID: "orders-002", Reason: cache.Say(cache.FactNotRunning)}}
	for name, test := range map[string]struct {
		guard    cache.GuardMode
		known    []usage.Record
		missing  []usage.MissingNode
		unasked  bool
		refused  bool
		says     string // in the refusal, or in an event; empty: nothing is to be said
		gateless []string
	}{
		"nobody ever":         {guard: refuse},
		"quiet":               {guard: refuse, known: []usage.Record{quiet}},
		"recent":              {guard: refuse, known: []usage.Record{recent}, refused: true, says: "last used 60 s ago"},
		"in use":              {guard: refuse, known: []usage.Record{inUse}, refused: true, says: "2 open, 5 in all, in use now, by worker-3 (10.0.0.7)"},
		"in use, warn":        {guard: warn, known: []usage.Record{inUse}, says: "by worker-3 (10.0.0.7)"},
		"in use, off":         {guard: off, known: []usage.Record{inUse}},
		"a node is down":      {guard: refuse, missing: missing, refused: true, says: "node orders-002 could not be asked"},
		"nobody was asked":    {guard: refuse, unasked: true, refused: true, says: "is not known"},
		"nodes without gates": {guard: off, gateless: []string{"orders-001"}, refused: true, says: "orders-001 of replication group orders cannot change"},
	} {
		g := newGroup(t, func(s *Spec) {
			s.Transit, s.Tags = cache.TransitPreferred, []cache.Tag{{Key: cache.TagTLSGuard, Value: string(test.guard)}}
		})
		g.Settle(noon, nil)
		change := Change{Transit: TransitUpdate{Mode: cache.TransitRequired}, Immediately: true}
		if !g.UsageWanted(change) {
			t.Errorf("%s: nobody wants to know", name)
		}
		if !test.unasked {
			known := g.Usage(test.known, test.missing, noon)
			known.Gateless = test.gateless
			change.Usage = &known
			if g.UsageWanted(change) {
				t.Errorf("%s: more is asked", name)
			}
		}
		events, err := g.Modify(change, noon)
		if (err != nil) != test.refused || test.refused && (g.Status != cache.StatusAvailable || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%s: %v", name, err)
		}
		if warned := len(events) == 2; warned != (test.says != "" && !test.refused) || warned && !strings.Contains(events[1].Message, test.says) {
			t.Errorf("%s: %v", name, events)
		}
	}
	plain := newGroup(t, func(s *Spec) { s.Transit = cache.TransitNone })
	plain.Settle(noon, nil)
	yes := true
	known := plain.Usage([]usage.Record{inUse}, nil, noon)
	change := Change{Transit: TransitUpdate{&yes, cache.TransitPreferred}, Immediately: true, Usage: &known}
	if events, err := plain.Modify(change, noon); err != nil || len(events) != 1 {
		t.Errorf("preferred ends nothing: %v, %v", events, err)
	}
}

// A node that does not answer may be one that cannot change its mode. From preferred on none is.
func TestTransitOfSilentNodes(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for name, test := range map[string]struct {
		from    cache.Transit
		update  TransitUpdate
		refused bool
	}{
		"none to preferred":     {cache.TransitNone, TransitUpdate{&yes, cache.TransitPreferred}, true},
		"required to preferred": {cache.TransitRequired, TransitUpdate{Mode: cache.TransitPreferred}, true},
		"preferred to required": {cache.TransitPreferred, TransitUpdate{Mode: cache.TransitRequired}, false},
		"preferred to none":     {cache.TransitPreferred, TransitUpdate{Enabled: &no}, false},
	} {
		g := newGroup(t, func(s *Spec) { s.Transit, s.Tags = test.from, unguarded })
		g.Settle(noon, nil)
		known := g.Usage(nil, []usage.MissingNode{{NodeID: "orders-001", Reason: cache.Say(cache.FactNoAnswer, "time", time.Second)}}, noon)
		_, err := g.Modify(Change{Transit: test.update, Immediately: true, Usage: &known}, noon)
		if refused := cache.IsKind(err, cache.KindState); refused != test.refused || !refused && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A schedule would be left behind by a rotation that can still go back to preferred.
func TestNoScheduleUntilTLSIsRequired(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*Group){
		"preferred":           func(g *Group) { g.Transit = cache.TransitPreferred },
		"on its way":          func(g *Group) { g.setTransit(cache.TransitRequired); *g.TransitFrom = cache.TransitPreferred },
		"while it is secured": func(g *Group) { g.Rotation = &rotation.Rotation{State: rotation.RequiringTLS} },
	} {
		g := newGroup(t, nil)
		g.Settle(noon, nil)
		edit(g)
		if _, err := g.SetRotationSchedule(30, rotation.Spec{}, noon); !errors.Is(err, token.ErrNeedsTLS) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
