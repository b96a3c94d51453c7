package replication

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

const testSalt = "the-salt-of-the-test"

func rotationSpec() rotation.Spec {
	return rotation.Spec{Delivery: &rotation.Target{File: &rotation.FileTarget{Path: "/run/app/token"}}, Brownout: time.Second, EvictOver: time.Minute}
}

// rotating is a settled group that accepts those credentials; the zero digest is NONE.
func rotating(held ...token.Digest) *Group {
	g, err := NewGroup(Spec{ID: "g", Replicas: 1, Transit: cache.TransitRequired, EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}}, noon)
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
	do   func(*Group, time.Time) ([]cache.Event, error)
}

func turn(step rotation.Step) func(*Group, time.Time) ([]cache.Event, error) {
	return func(g *Group, now time.Time) ([]cache.Event, error) { return g.Turn(step, now) }
}

var rotationStepsAll = []rotationStep{
	{"offer TLS", turn(rotation.OfferTLS)},
	{"note TLS offered", turn(rotation.NoteTLSOffered)},
	{"end plaintext", turn(rotation.EndPlaintext)},
	{"note TLS required", turn(rotation.NoteTLSRequired)},
	{"rotate in", turn(rotation.RotateIn(t3))},
	{"note rotated", turn(rotation.NoteRotated)},
	{"note delivered", turn(rotation.NoteDelivered)},
	{"finish", turn(rotation.Finish)},
	{"end old", turn(rotation.EndOld(false, map[string]int64{"g-001": 7}))},
	{"brownout", turn(rotation.EndOld(true, map[string]int64{"g-001": 7}))},
	{"end brownout", turn(rotation.EndBrownout(2, []usage.Client{{Address: "10.0.0.7", Name: "worker"}}))},
	{"note set", turn(rotation.NoteSet)},
	{"request roll back", turn(rotation.RequestRollBack)},
	{"roll back", turn(rotation.RollBack(1, nil))},
	{"cancel", turn(rotation.Cancel)},
	{"end delivery", turn(rotation.EndDelivery(cache.Quote("no disk")))},
	{"conclude", turn(rotation.Conclude(0))},
}

// ways lead to every state, from a group that accepts t1 alone, or, where TLS is to come first, from one in plaintext.
var ways = map[rotation.State][]string{
	rotation.OfferingTLS:  {},
	rotation.AwaitingTLS:  {"offer TLS", "note TLS offered"},
	rotation.RequiringTLS: {"offer TLS", "note TLS offered", "end plaintext"},

	rotation.Pending:     {},
	rotation.Rotating:    {"rotate in"},
	rotation.Delivering:  {"rotate in", "note rotated"},
	rotation.Waiting:     {"rotate in", "note rotated", "note delivered"},
	rotation.Brownout:    {"rotate in", "note rotated", "note delivered", "brownout"},
	rotation.Setting:     {"rotate in", "note rotated", "note delivered", "end old"},
	rotation.Watching:    {"rotate in", "note rotated", "note delivered", "end old", "note set"},
	rotation.RollingBack: {"rotate in", "note rotated", "note delivered", "end old", "note set", "roll back"},
	rotation.Cancelling:  {"rotate in", "cancel"},
	rotation.Done:        {"rotate in", "note rotated", "note delivered", "end old", "note set", "conclude"},
	rotation.RolledBack:  {"rotate in", "note rotated", "note delivered", "end old", "roll back", "conclude"},
	rotation.Cancelled:   {"rotate in", "note rotated", "note delivered", "cancel"},
	rotation.Failed:      {"rotate in", "note rotated", "end delivery"},
}

// allowed is the diagram: what each step leads to, where it is not refused.
var allowed = map[rotation.State]map[string]rotation.State{
	rotation.OfferingTLS:  {"offer TLS": rotation.OfferingTLS, "note TLS offered": rotation.AwaitingTLS, "cancel": rotation.Cancelled},
	rotation.AwaitingTLS:  {"finish": rotation.AwaitingTLS, "end plaintext": rotation.RequiringTLS, "cancel": rotation.Cancelled},
	rotation.RequiringTLS: {"note TLS required": rotation.Pending, "cancel": rotation.Cancelling},

	rotation.Pending:  {"rotate in": rotation.Rotating, "cancel": rotation.Cancelled},
	rotation.Rotating: {"note rotated": rotation.Delivering, "cancel": rotation.Cancelling},
	rotation.Delivering: {"note delivered": rotation.Waiting, "cancel": rotation.Delivering,
		"end delivery": rotation.Failed},
	rotation.Waiting:     {"finish": rotation.Waiting, "end old": rotation.Setting, "brownout": rotation.Brownout, "cancel": rotation.Cancelled},
	rotation.Brownout:    {"end brownout": rotation.Waiting, "note set": rotation.Watching, "cancel": rotation.Cancelling},
	rotation.Setting:     {"note set": rotation.Watching, "request roll back": rotation.Setting, "roll back": rotation.RollingBack},
	rotation.Watching:    {"request roll back": rotation.Watching, "roll back": rotation.RollingBack, "conclude": rotation.Done},
	rotation.RollingBack: {"conclude": rotation.RolledBack},
	rotation.Cancelling:  {"conclude": rotation.Cancelled},
}

// in brings a group into a state.
func in(t *testing.T, state rotation.State) *Group {
	t.Helper()
	g, spec := rotating(t1), rotationSpec()
	switch state {
	case rotation.OfferingTLS, rotation.AwaitingTLS, rotation.RequiringTLS:
		g = rotating(none)
		g.Transit, spec.Secure = cache.TransitNone, true
	}
	if _, err := g.StartRotation(spec, rotation.Requested, testSalt, noon); err != nil {
		t.Fatal(err)
	}
	walk(t, g, state, noon)
	return g
}

// walk takes a rotation from its begin to a state.
func walk(t *testing.T, g *Group, state rotation.State, now time.Time) {
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
					if !cache.IsKind(err, cache.KindState) || mustJSON(g) != before || len(events) != 0 {
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
		events := g.FailRotation(cache.Quote("the reason"), noon)
		if state.Final() != (len(events) == 0) || !state.Final() && (g.Rotation.State != rotation.Failed || g.Rotation.Reason.Text != "the reason") {
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
		start := rapid.SampledFrom([][]token.Digest{{none}, {t1}, {none, t1}, {t1, t2}}).Draw(t, "start")
		g, spec := rotating(start...), rotationSpec()
		if len(start) == 2 {
			spec.Delivery, spec.Adopt = nil, true
		}
		if g.Tokens.String() == setOf(none).String() {
			g.Transit = rapid.SampledFrom([]cache.Transit{cache.TransitNone, cache.TransitPreferred, cache.TransitRequired}).Draw(t, "transit")
			spec.Secure = true
		}
		now := noon
		events, err := g.StartRotation(spec, rotation.Requested, testSalt, now)
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
				step.do = func(g *Group, now time.Time) ([]cache.Event, error) {
					return g.FailRotation(cache.Quote("it broke"), now), nil
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

func checkRotation(t *rapid.T, g *Group, events []cache.Event) {
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
	case rotation.Brownout, rotation.Setting, rotation.Watching, rotation.Done, rotation.Failed:
	default:
		if !slices.ContainsFunc(g.Tokens.Credentials(), func(c token.Credential) bool { return c.Digest == r.Old.Digest }) {
			t.Fatalf("%s: the old one is not accepted: %s", r.State, g.Tokens)
		}
	}
	over := r.State.Final()
	if over == r.EndedAt.IsZero() || over == (g.RotationUnderWay() != nil) || over && r.Reason.Empty() && r.State != rotation.Done {
		t.Fatalf("%s: ended at %s because of %q", r.State, r.EndedAt, r.Reason)
	}
	if needed := !over && r.SetAt.IsZero() && !r.Spec.Adopt; needed != (r.Salt != "") {
		t.Fatalf("%s: the salt is %q", r.State, r.Salt)
	}
	if copied := *g; !over && g.Status == cache.StatusAvailable {
		_, err := copied.Modify(Change{Token: &token.Update{Digest: &t2}}, noon)
		if !cache.IsKind(err, cache.KindState) || !strings.Contains(err.Error(), r.ID) {
			t.Fatalf("%s: another token change: %v", r.State, err)
		}
	}
	if len(g.Tokens.Tokens()) > 0 && g.Transit != cache.TransitRequired {
		t.Fatalf("%s: the group accepts %s and does not require TLS", r.State, g.Tokens)
	}
	receipt := r.Receipt()
	for _, said := range append([]string{mustJSON(receipt)}, messagesOf(events)...) {
		if strings.Contains(said, testSalt) {
			t.Fatalf("the salt is in %s", said)
		}
	}
}

func messagesOf(events []cache.Event) []string {
	var all []string
	for _, e := range events {
		all = append(all, e.Message)
	}
	return all
}

// TestStartRotation: when it is refused.
func TestStartRotation(t *testing.T) {
	t.Parallel()
	adopt := rotation.Spec{Adopt: true}
	for name, c := range map[string]struct {
		group *Group
		spec  rotation.Spec
		kind  cache.Kind
		text  string
	}{
		"two tokens":               {rotating(t1, t2), rotationSpec(), cache.KindState, "--finish-only"},
		"passwordless open":        {rotating(none, t1), rotationSpec(), cache.KindState, "NONE"},
		"nothing to finish":        {rotating(t1), adopt, cache.KindState, "no rotation to finish"},
		"another one":              {in(t, rotation.Waiting), rotationSpec(), cache.KindState, "under way"},
		"no delivery":              {rotating(t1), rotation.Spec{}, cache.KindCombination, "delivered"},
		"a delivery and no token":  {rotating(t1, t2), rotation.Spec{Adopt: true, Delivery: rotationSpec().Delivery}, cache.KindCombination, "cannot have a delivery target"},
		"a negative time":          {rotating(t1), rotation.Spec{Delivery: rotationSpec().Delivery, Brownout: -1}, cache.KindInvalid, "Brownout"},
		"a group that is modified": {func() *Group { g := rotating(t1); g.Status = cache.StatusModifying; return g }(), rotationSpec(), cache.KindState, "available"},
		"a group without TLS":      {func() *Group { g := rotating(none); g.Transit = cache.TransitNone; return g }(), rotationSpec(), cache.KindInvalid, "encryption"},
	} {
		before := mustJSON(c.group)
		_, err := c.group.StartRotation(c.spec, rotation.Requested, testSalt, noon)
		if !cache.IsKind(err, c.kind) || !strings.Contains(err.Error(), c.text) || mustJSON(c.group) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
	g := in(t, rotation.Cancelled)
	g.Tokens = setOf(t1)
	g.Settle(noon, nil)
	if _, err := g.StartRotation(rotationSpec(), rotation.Requested, testSalt, noon); err != nil || g.Rotation.State != rotation.Pending {
		t.Errorf("after one that is over and was not taken away yet: %v", err)
	}
}

// TestSecure walks from plaintext to a token, and looks at the mode on the way.
func TestSecure(t *testing.T) {
	t.Parallel()
	for transit, begins := range map[cache.Transit]rotation.State{
		cache.TransitNone: rotation.OfferingTLS, cache.TransitPreferred: rotation.AwaitingTLS, cache.TransitRequired: rotation.Pending,
	} {
		g, spec := rotating(none), rotationSpec()
		g.Transit, spec.Secure = transit, true
		if _, err := g.StartRotation(spec, rotation.Requested, testSalt, noon); err != nil || g.Rotation.State != begins {
			t.Errorf("from %s: %v, %+v", transit, err, g.Rotation)
		}
	}
	g, spec := rotating(none), rotationSpec()
	g.Transit, spec.Secure = cache.TransitNone, true
	if _, err := g.StartRotation(spec, rotation.Requested, testSalt, noon); err != nil {
		t.Fatal(err)
	}
	step := func(step rotation.Step, want cache.Transit) {
		t.Helper()
		if _, err := g.Turn(step, noon); err != nil || g.Transit != want {
			t.Fatalf("%v, %s, want %s", err, g.Transit, want)
		}
		if changes := g.TransitFrom != nil || g.TokenChange != ""; changes != (g.Status == cache.StatusModifying) {
			t.Errorf("%s: status %s, from %v", want, g.Status, g.TransitFrom)
		}
		g.Settle(noon, nil)
	}
	step(rotation.OfferTLS, cache.TransitPreferred)
	step(rotation.NoteTLSOffered, cache.TransitPreferred)
	step(rotation.Finish, cache.TransitPreferred)
	step(rotation.EndPlaintext, cache.TransitRequired)
	if g.Rotation.FinishNow {
		t.Error("who wants plaintext to end has not said when the old credential may")
	}
	cancelled := g.Clone()
	step(rotation.NoteTLSRequired, cache.TransitRequired)
	step(rotation.RotateIn(t3), cache.TransitRequired)
	g = cancelled
	step(rotation.Cancel, cache.TransitPreferred)
	step(rotation.Conclude(0), cache.TransitPreferred)
	if g.Rotation.State != rotation.Cancelled || g.TransitInForce() != cache.TransitPreferred {
		t.Errorf("cancelled: %s, %s", g.Rotation.State, g.TransitInForce())
	}
	adopt := rotation.Spec{Adopt: true, Secure: true}
	if _, err := rotating(t1, t2).StartRotation(adopt, rotation.Requested, testSalt, noon); !cache.IsKind(err, cache.KindCombination) {
		t.Errorf("only to finish, and first TLS: %v", err)
	}
	if _, err := rotation.NewSchedule(30, spec, noon); !cache.IsKind(err, cache.KindCombination) {
		t.Errorf("a schedule that requires TLS: %v", err)
	}
}

// TestDeleteEndsRotation: the receipt says why.
func TestDeleteEndsRotation(t *testing.T) {
	t.Parallel()
	g := in(t, rotation.Waiting)
	g.Settle(noon, nil)
	events, err := g.Delete(noon)
	if err != nil || len(events) != 2 || g.Rotation.State != rotation.Failed || g.Rotation.Reason.Text != "replication group deleted" || g.Rotation.Salt != "" {
		t.Errorf("%v, %v, %+v", err, events, g.Rotation)
	}
	if g.TakeRotation(); g.Over.Rotation == nil || g.Rotation != nil {
		t.Error("there is no receipt to be taken")
	}
}
