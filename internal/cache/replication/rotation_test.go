package cache

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const testSalt = "the-salt-of-the-test"

func rotationSpec() RotationSpec {
	return RotationSpec{Delivery: &DeliveryTarget{File: &FileTarget{Path: "/run/app/token"}}, Brownout: time.Second, EvictOver: time.Minute}
}

// rotating is a settled group that accepts those credentials; the zero digest is NONE.
func rotating(held ...Digest) *ReplicationGroup {
	g, err := NewReplicationGroup(Spec{ID: "g", Replicas: 1, TransitEncryption: true, EngineVersion: EngineVersion{EngineValkey, "8.0.1"}}, noon)
	if err != nil {
		panic(err)
	}
	g.Tokens = setOf(held...)
	g.Settle(noon, nil)
	return g
}

// rotationStep is one that can be tried in any state.
type rotationStep struct {
	name string
	do   func(*ReplicationGroup, time.Time) ([]Event, error)
}

var rotationStepsAll = []rotationStep{
	{"rotate in", func(g *ReplicationGroup, now time.Time) ([]Event, error) { return g.RotateIn(t3, now) }},
	{"note rotated", func(g *ReplicationGroup, now time.Time) ([]Event, error) { return nil, g.NoteRotated(now) }},
	{"note delivered", (*ReplicationGroup).NoteDelivered},
	{"finish", (*ReplicationGroup).Finish},
	{"end old", func(g *ReplicationGroup, now time.Time) ([]Event, error) {
		return g.EndOld(false, map[string]int64{"g-001": 7}, now)
	}},
	{"brownout", func(g *ReplicationGroup, now time.Time) ([]Event, error) {
		return g.EndOld(true, map[string]int64{"g-001": 7}, now)
	}},
	{"end brownout", func(g *ReplicationGroup, now time.Time) ([]Event, error) {
		return g.EndBrownout(2, []ClientUsage{{Address: "10.0.0.7", Name: "worker"}}, now)
	}},
	{"note set", (*ReplicationGroup).NoteSet},
	{"request roll back", (*ReplicationGroup).RequestRollBack},
	{"roll back", func(g *ReplicationGroup, now time.Time) ([]Event, error) { return g.RollBack(1, nil, now) }},
	{"cancel", (*ReplicationGroup).CancelRotation},
	{"end delivery", func(g *ReplicationGroup, now time.Time) ([]Event, error) { return g.EndDelivery(Quote("no disk"), now) }},
	{"conclude", func(g *ReplicationGroup, now time.Time) ([]Event, error) { return g.ConcludeRotation(0, now) }},
}

// ways lead to every state, from a group that accepts t1 alone.
var ways = map[RotationState][]string{
	RotationPending:     {},
	RotationRotating:    {"rotate in"},
	RotationDelivering:  {"rotate in", "note rotated"},
	RotationWaiting:     {"rotate in", "note rotated", "note delivered"},
	RotationBrownout:    {"rotate in", "note rotated", "note delivered", "brownout"},
	RotationSetting:     {"rotate in", "note rotated", "note delivered", "end old"},
	RotationWatching:    {"rotate in", "note rotated", "note delivered", "end old", "note set"},
	RotationRollingBack: {"rotate in", "note rotated", "note delivered", "end old", "note set", "roll back"},
	RotationCancelling:  {"rotate in", "cancel"},
	RotationDone:        {"rotate in", "note rotated", "note delivered", "end old", "note set", "conclude"},
	RotationRolledBack:  {"rotate in", "note rotated", "note delivered", "end old", "roll back", "conclude"},
	RotationCancelled:   {"rotate in", "note rotated", "note delivered", "cancel"},
	RotationFailed:      {"rotate in", "note rotated", "end delivery"},
}

// allowed is the diagram: what each step leads to, where it is not refused.
var allowed = map[RotationState]map[string]RotationState{
	RotationPending:  {"rotate in": RotationRotating, "cancel": RotationCancelled},
	RotationRotating: {"note rotated": RotationDelivering, "cancel": RotationCancelling},
	RotationDelivering: {"note delivered": RotationWaiting, "cancel": RotationDelivering,
		"end delivery": RotationFailed},
	RotationWaiting:     {"finish": RotationWaiting, "end old": RotationSetting, "brownout": RotationBrownout, "cancel": RotationCancelled},
	RotationBrownout:    {"end brownout": RotationWaiting, "note set": RotationWatching, "cancel": RotationCancelling},
	RotationSetting:     {"note set": RotationWatching, "request roll back": RotationSetting, "roll back": RotationRollingBack},
	RotationWatching:    {"request roll back": RotationWatching, "roll back": RotationRollingBack, "conclude": RotationDone},
	RotationRollingBack: {"conclude": RotationRolledBack},
	RotationCancelling:  {"conclude": RotationCancelled},
}

// in brings a group into a state.
func in(t *testing.T, state RotationState) *ReplicationGroup {
	t.Helper()
	g := rotating(t1)
	if _, err := g.StartRotation(rotationSpec(), RotationRequested, testSalt, noon); err != nil {
		t.Fatal(err)
	}
	walk(t, g, state, noon)
	return g
}

// walk takes a rotation from its begin to a state.
func walk(t *testing.T, g *ReplicationGroup, state RotationState, now time.Time) {
	t.Helper()
	for _, name := range ways[state] {
		i := slices.IndexFunc(rotationStepsAll, func(s rotationStep) bool { return s.name == name })
		if _, err := rotationStepsAll[i].do(g, now); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if g.Rotation.State != state {
		t.Fatalf("the way to %s leads to %s", state, g.Rotation.State)
	}
}

func mustJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// TestRotationSteps tries every step in every state.
func TestRotationSteps(t *testing.T) {
	t.Parallel()
	for _, state := range slices.Sorted(maps.Keys(ways)) {
		for _, step := range rotationStepsAll {
			t.Run(fmt.Sprintf("%s in %s", step.name, state), func(t *testing.T) {
				t.Parallel()
				g := in(t, state)
				read, before := *g, mustJSON(g)
				events, err := step.do(g, noon.Add(time.Minute))
				want, ok := allowed[state][step.name]
				switch {
				case !ok:
					if !IsKind(err, KindState) || mustJSON(g) != before || len(events) != 0 {
						t.Errorf("error %v, events %v, group changed: %t", err, events, mustJSON(g) != before)
					}
				case err != nil || g.Rotation.State != want:
					t.Errorf("error %v, state %s, want %s", err, g.Rotation.State, want)
				}
				if mustJSON(read) != before {
					t.Error("who read the group before sees the step")
				}
			})
		}
	}
}

// TestRotationFails: it can be given up in every state that is not final.
func TestRotationFails(t *testing.T) {
	t.Parallel()
	for state := range ways {
		g := in(t, state)
		read, before := *g, mustJSON(g)
		events := g.FailRotation(Quote("the reason"), noon)
		if state.Final() != (len(events) == 0) || !state.Final() && (g.Rotation.State != RotationFailed || g.Rotation.Reason.Text != "the reason") {
			t.Errorf("%s: %v, %+v", state, events, g.Rotation)
		}
		if g.Tokens.String() != read.Tokens.String() || mustJSON(read) != before {
			t.Errorf("%s: the tokens, or what was read, changed", state)
		}
	}
}

// TestRotationInvariants walks through the diagram at random.
func TestRotationInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.SampledFrom([][]Digest{{none}, {t1}, {none, t1}, {t1, t2}}).Draw(t, "start")
		g, spec := rotating(start...), rotationSpec()
		if len(start) == 2 {
			spec.Delivery, spec.Adopt = nil, true
		}
		now := noon
		events, err := g.StartRotation(spec, RotationRequested, testSalt, now)
		if err != nil {
			t.Fatal(err)
		}
		checkRotation(t, g, events)
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			now = now.Add(time.Second)
			if rapid.IntRange(0, 3).Draw(t, "settle") == 0 {
				g.Settle(now, nil)
				continue
			}
			step := rapid.SampledFrom(rotationStepsAll).Draw(t, "step")
			if step.name == "end old" && rapid.Bool().Draw(t, "fail") {
				step.do = func(g *ReplicationGroup, now time.Time) ([]Event, error) {
					return g.FailRotation(Quote("it broke"), now), nil
				}
			}
			before := g.Tokens.String()
			events, err := step.do(g, now)
			if err != nil && g.Tokens.String() != before {
				t.Fatalf("%s was refused and changed the tokens to %s", step.name, g.Tokens)
			}
			checkRotation(t, g, events)
		}
	})
}

func checkRotation(t *rapid.T, g *ReplicationGroup, events []Event) {
	t.Helper()
	wantFacts(t, events)
	r := g.Rotation
	if err := g.Tokens.Validate(); err != nil {
		t.Fatal(err)
	}
	if !r.DeliveredAt.IsZero() && !g.Tokens.Holds(r.New.Digest) {
		t.Fatalf("%s: %s was delivered and the group accepts %s", r.State, r.New, g.Tokens)
	}
	switch r.State {
	case RotationBrownout, RotationSetting, RotationWatching, RotationDone, RotationFailed:
	default:
		if !slices.ContainsFunc(g.Tokens.Credentials(), func(c Credential) bool { return c.Digest == r.Old.Digest }) {
			t.Fatalf("%s: the old one is not accepted: %s", r.State, g.Tokens)
		}
	}
	over := r.State.Final()
	if over == r.EndedAt.IsZero() || over == (g.RotationUnderWay() != nil) || over && r.Reason.Empty() && r.State != RotationDone {
		t.Fatalf("%s: ended at %s because of %q", r.State, r.EndedAt, r.Reason)
	}
	if needed := !over && r.SetAt.IsZero() && !r.Spec.Adopt; needed != (r.Salt != "") {
		t.Fatalf("%s: the salt is %q", r.State, r.Salt)
	}
	if copied := *g; !over && g.Status == StatusAvailable {
		_, err := copied.Modify(Change{Token: &TokenUpdate{Digest: &t2}}, noon)
		if !IsKind(err, KindState) || !strings.Contains(err.Error(), r.ID) {
			t.Fatalf("%s: another token change: %v", r.State, err)
		}
	}
	receipt := r.Receipt()
	for _, said := range append([]string{mustJSON(receipt)}, messagesOf(events)...) {
		if strings.Contains(said, testSalt) {
			t.Fatalf("the salt is in %s", said)
		}
	}
}

func messagesOf(events []Event) []string {
	var all []string
	for _, e := range events {
		all = append(all, e.Message)
	}
	return all
}

// TestStartRotation: when it is refused.
func TestStartRotation(t *testing.T) {
	t.Parallel()
	adopt := RotationSpec{Adopt: true}
	for name, c := range map[string]struct {
		group *ReplicationGroup
		spec  RotationSpec
		kind  Kind
		text  string
	}{
		"two tokens":               {rotating(t1, t2), rotationSpec(), KindState, "--finish-only"},
		"passwordless open":        {rotating(none, t1), rotationSpec(), KindState, "NONE"},
		"nothing to finish":        {rotating(t1), adopt, KindState, "no rotation to finish"},
		"another one":              {in(t, RotationWaiting), rotationSpec(), KindState, "under way"},
		"no delivery":              {rotating(t1), RotationSpec{}, KindCombination, "delivered"},
		"a delivery and no token":  {rotating(t1, t2), RotationSpec{Adopt: true, Delivery: rotationSpec().Delivery}, KindCombination, "cannot have a delivery target"},
		"a negative time":          {rotating(t1), RotationSpec{Delivery: rotationSpec().Delivery, Brownout: -1}, KindInvalid, "Brownout"},
		"a group that is modified": {func() *ReplicationGroup { g := rotating(t1); g.Status = StatusModifying; return g }(), rotationSpec(), KindState, "available"},
		"a group without TLS":      {func() *ReplicationGroup { g := rotating(none); g.TransitEncryption = false; return g }(), rotationSpec(), KindInvalid, "encryption"},
	} {
		before := mustJSON(c.group)
		_, err := c.group.StartRotation(c.spec, RotationRequested, testSalt, noon)
		if !IsKind(err, c.kind) || !strings.Contains(err.Error(), c.text) || mustJSON(c.group) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
	g := in(t, RotationCancelled)
	g.Tokens = setOf(t1)
	g.Settle(noon, nil)
	if _, err := g.StartRotation(rotationSpec(), RotationRequested, testSalt, noon); err != nil || g.Rotation.State != RotationPending {
		t.Errorf("after one that is over and was not taken away yet: %v", err)
	}
}

// TestDeleteEndsRotation: the receipt says why.
func TestDeleteEndsRotation(t *testing.T) {
	t.Parallel()
	g := in(t, RotationWaiting)
	g.Settle(noon, nil)
	events, err := g.Delete(noon)
	if err != nil || len(events) != 2 || g.Rotation.State != RotationFailed || g.Rotation.Reason.Text != "replication group deleted" || g.Rotation.Salt != "" {
		t.Errorf("%v, %v, %+v", err, events, g.Rotation)
	}
	if g.TakeRotation(); g.Over.Rotation == nil || g.Rotation != nil {
		t.Error("there is no receipt to be taken")
	}
}
