package rotation

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

// oldToken and newToken are what tests rotate between.
var oldToken, newToken = mustToken("old-token-0123456789"), mustToken("new-token-0123456789")

func mustToken(s string) token.Token {
	t, err := token.Parse(s)
	if err != nil {
		panic(err)
	}
	return t
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// groupIn is a group with a rotation that entered its state at noon.
func groupIn(state rotation.State, change func(*replication.Group)) *replication.Group {
	digest := oldToken.Digest()
	g := must(replication.NewGroup(replication.Spec{
		ID: "g", EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}, Transit: cache.TransitRequired, Token: &digest,
	}, noon))
	g.Settle(noon, nil)
	before := g.Tokens
	both := must(before.Rotate(newToken.Digest(), noon))
	g.Rotation = &rotation.Rotation{
		ID: "rotation-1", GroupID: "g", State: state, Since: noon, StartedAt: noon, Salt: "salt",
		Old: before.Credentials()[0], New: both.Credentials()[1], RotatedAt: noon, DeliveredAt: noon, RefusedFrom: map[string]int64{"g-001": 5}, RefusedSince: noon,
		Spec: rotation.Spec{
			Delivery: &rotation.Target{File: &rotation.FileTarget{Path: "/token"}},
			Finish:   rotation.FinishRule{Quiet: 10 * time.Minute}, Grace: time.Minute,
		},
	}
	switch state {
	case rotation.OfferingTLS, rotation.AwaitingTLS, rotation.RequiringTLS:
		g.Tokens = token.OpenSet(noon)
		g.Transit = map[rotation.State]cache.Transit{
			rotation.OfferingTLS: cache.TransitNone, rotation.AwaitingTLS: cache.TransitPreferred, rotation.RequiringTLS: cache.TransitRequired,
		}[state]
	case rotation.Pending, rotation.Cancelling:
	case rotation.Brownout, rotation.Setting, rotation.Watching:
		g.Tokens = must(both.Set(newToken.Digest()))
		g.Rotation.SetAt = noon
	default:
		g.Tokens = both
	}
	if change != nil {
		change(g)
	}
	return g
}

// use is what the only node knows about the old token.
func use(change func(*usage.Record)) usage.Group {
	u := usage.Record{Credential: oldToken.Digest().Fingerprint(), Refused: 5}
	if change != nil {
		change(&u)
	}
	u.RefusedBy = map[string]int64{"g-001": u.Refused}
	return usage.Group{Credentials: []usage.Known{{Record: u}}}
}

// plaintext is what the nodes know about connections without TLS.
func plaintext(change func(*usage.Record)) usage.Group {
	u := usage.Record{Credential: usage.Plaintext}
	if change != nil {
		change(&u)
	}
	return usage.Group{Plaintext: u}
}

func modifying(g *replication.Group) {
	g.Status, g.TokenChange = cache.StatusModifying, token.StrategyRotate
}

func spec(fn func(*rotation.Spec)) func(*replication.Group) {
	return func(g *replication.Group) { fn(&g.Rotation.Spec) }
}

func withRotation(fn func(*rotation.Rotation)) func(*replication.Group) {
	return func(g *replication.Group) { fn(g.Rotation) }
}

func rest(d time.Duration) Decision { return Decision{Step: StepRest, After: d} }

func TestPlan(t *testing.T) {
	t.Parallel()
	const quiet = 10 * time.Minute
	culprit := usage.Client{Name: "worker", Address: "10.0.0.7", Refused: 2, LastSeen: noon.Add(time.Second)}
	failing := use(func(u *usage.Record) {
		u.Refused, u.Clients = 7, []usage.Client{{Name: "long ago", Refused: 9, LastSeen: noon.Add(-time.Hour)}, culprit, {Name: "innocent"}}
	})
	hanging := []usage.MissingNode{{NodeID: "g-001", Reason: cache.Quote("it hangs")}}
	away := func(after time.Duration) Decision {
		return Decision{Step: StepRest, After: after, Problem: missing(usage.Group{Missing: hanging})}
	}
	blind := usage.Group{Missing: hanging}
	ended := Decision{Step: StepEnd, From: map[string]int64{"g-001": 5}}
	tests := map[string]struct {
		state  rotation.State
		change func(*replication.Group)
		seen   usage.Group
		after  time.Duration // since noon
		want   Decision
	}{
		"TLS is not offered yet":        {rotation.OfferingTLS, nil, use(nil), 0, Decision{Step: StepOfferTLS}},
		"TLS not yet, a node is away":   {rotation.OfferingTLS, nil, blind, 0, away(waitEvery)},
		"TLS not yet, group busy":       {rotation.OfferingTLS, modifying, use(nil), 0, rest(idleEvery)},
		"TLS cannot be offered":         {rotation.OfferingTLS, nil, usage.Group{Gateless: []string{"g-001"}}, 0, Decision{Step: StepFail, Reason: cache.Say(cache.FactGateless, "nodes", "g-001", "group", "g")}},
		"TLS is on its way":             {rotation.OfferingTLS, func(g *replication.Group) { modifying(g); g.Transit = cache.TransitPreferred }, use(nil), 0, rest(idleEvery)},
		"TLS is offered":                {rotation.OfferingTLS, func(g *replication.Group) { g.Transit = cache.TransitPreferred }, blind, 0, Decision{Step: StepNoteTLSOffered}},
		"TLS has just been offered":     {rotation.AwaitingTLS, nil, plaintext(nil), 0, rest(waitEvery)},
		"plaintext is quiet":            {rotation.AwaitingTLS, nil, plaintext(nil), quiet, Decision{Step: StepEndPlaintext}},
		"plaintext, but a node is away": {rotation.AwaitingTLS, nil, blind, quiet, away(watchEvery)},
		"plaintext, but group busy":     {rotation.AwaitingTLS, modifying, plaintext(nil), quiet, rest(idleEvery)},
		"plaintext is used":             {rotation.AwaitingTLS, nil, plaintext(func(u *usage.Record) { u.Connections = 1 }), time.Hour, rest(waitEvery)},
		"plaintext was used lately":     {rotation.AwaitingTLS, nil, plaintext(func(u *usage.Record) { u.LastUsed = noon.Add(50 * time.Minute) }), time.Hour - time.Second, rest(waitEvery)},
		"plaintext is to end now":       {rotation.AwaitingTLS, withRotation(func(r *rotation.Rotation) { r.FinishNow = true }), plaintext(func(u *usage.Record) { u.Connections = 1 }), 0, Decision{Step: StepEndPlaintext}},
		"plaintext, nobody said when":   {rotation.AwaitingTLS, spec(func(s *rotation.Spec) { s.Finish = rotation.FinishRule{Ask: true} }), plaintext(nil), 24 * time.Hour, rest(waitEvery)},
		"plaintext's deadline":          {rotation.AwaitingTLS, spec(func(s *rotation.Spec) { s.Finish = rotation.FinishRule{Deadline: time.Hour} }), plaintext(func(u *usage.Record) { u.Connections = 1 }), time.Hour, Decision{Step: StepEndPlaintext}},
		"plaintext's end is on its way": {rotation.RequiringTLS, modifying, blind, 0, rest(idleEvery)},
		"TLS is required":               {rotation.RequiringTLS, nil, blind, 0, Decision{Step: StepNoteTLSRequired}},

		"asked for":                    {rotation.Pending, nil, blind, 0, Decision{Step: StepRotate}},
		"asked for, group busy":        {rotation.Pending, modifying, blind, 0, rest(idleEvery)},
		"nodes are told":               {rotation.Rotating, modifying, blind, 0, rest(idleEvery)},
		"nodes accept both":            {rotation.Rotating, nil, blind, 0, Decision{Step: StepNoteRotated}},
		"to be delivered":              {rotation.Delivering, nil, blind, 0, Decision{Step: StepDeliver}},
		"delivery fails":               {rotation.Delivering, withRotation(func(r *rotation.Rotation) { r.Problem = cache.Quote("no space") }), blind, time.Minute, Decision{Step: StepDeliver}},
		"delivery failed for too long": {rotation.Delivering, withRotation(func(r *rotation.Rotation) { r.Problem = cache.Quote("no space") }), blind, time.Hour, Decision{Step: StepGiveUp, Reason: cache.Say(cache.FactUndelivered, "problem", cache.Quote("no space"))}},
		"cancelled before delivery":    {rotation.Delivering, withRotation(func(r *rotation.Rotation) { r.CancelNow = true }), blind, 0, Decision{Step: StepGiveUp, Reason: cache.Say(cache.FactUndelivered)}},

		"just delivered":               {rotation.Waiting, nil, use(nil), 0, rest(waitEvery)},
		"quiet for almost long enough": {rotation.Waiting, nil, use(nil), quiet - time.Millisecond, rest(time.Millisecond)},
		"quiet":                        {rotation.Waiting, nil, use(nil), quiet, ended},
		"quiet, but a node is away":    {rotation.Waiting, nil, blind, quiet, away(watchEvery)},
		"quiet, but group busy":        {rotation.Waiting, modifying, use(nil), quiet, rest(idleEvery)},
		"still connected":              {rotation.Waiting, nil, use(func(u *usage.Record) { u.Connections = 1 }), time.Hour, rest(waitEvery)},
		"used lately":                  {rotation.Waiting, nil, use(func(u *usage.Record) { u.LastUsed = noon.Add(50 * time.Minute) }), time.Hour - time.Second, rest(waitEvery)},
		"found by brownout lately":     {rotation.Waiting, withRotation(func(r *rotation.Rotation) { r.BrownoutAt = noon.Add(59 * time.Minute) }), use(nil), time.Hour, rest(waitEvery)},
		"its owner says so":            {rotation.Waiting, withRotation(func(r *rotation.Rotation) { r.FinishNow = true }), use(func(u *usage.Record) { u.Connections = 1 }), 0, ended},
		"asks, and nobody said so":     {rotation.Waiting, spec(func(s *rotation.Spec) { s.Finish = rotation.FinishRule{Ask: true} }), use(nil), 24 * time.Hour, rest(waitEvery)},
		"deadline": {rotation.Waiting, spec(func(s *rotation.Spec) { s.Finish = rotation.FinishRule{Quiet: quiet, Deadline: time.Hour} }),
			use(func(u *usage.Record) { u.Connections = 1 }), time.Hour, ended},
		"deadline, but a node is away": {rotation.Waiting, spec(func(s *rotation.Spec) { s.Finish = rotation.FinishRule{Deadline: time.Hour} }), blind, time.Hour, away(watchEvery)},
		"brownout first":               {rotation.Waiting, spec(func(s *rotation.Spec) { s.Brownout = time.Second }), use(nil), quiet, Decision{Step: StepEnd, Brownout: true, From: map[string]int64{"g-001": 5}}},
		"brownout again": {rotation.Waiting, withRotation(func(r *rotation.Rotation) { r.Spec.Brownout, r.BrownoutAt = time.Second, noon }), use(nil), quiet,
			Decision{Step: StepEnd, Brownout: true, From: map[string]int64{"g-001": 5}}},
		"its owner says so after a brownout": {rotation.Waiting, withRotation(func(r *rotation.Rotation) { r.Spec.Brownout, r.BrownoutAt, r.FinishNow = time.Second, noon, true }),
			use(nil), 0, ended},
		"tokens changed otherwise": {rotation.Waiting, func(g *replication.Group) { g.Tokens = must(g.Tokens.Set(newToken.Digest())) }, use(nil), 0,
			Decision{Step: StepFail, Reason: cache.Say(cache.FactTokensChanged, "tokens", token.ClosedSet(newToken.Digest(), noon))}},

		"brownout goes on":      {rotation.Brownout, spec(func(s *rotation.Spec) { s.Brownout = time.Second }), use(nil), time.Millisecond, rest(watchEvery)},
		"brownout found nobody": {rotation.Brownout, spec(func(s *rotation.Spec) { s.Brownout = time.Second }), use(nil), time.Second, Decision{Step: StepNoteSet}},
		"brownout found somebody": {rotation.Brownout, spec(func(s *rotation.Spec) { s.Brownout = time.Second }), failing, time.Millisecond,
			Decision{Step: StepEndBrownout, Refused: 2, Culprits: []usage.Client{culprit}}},
		"brownout, a node is away": {rotation.Brownout, nil, blind, time.Hour, away(watchEvery)},

		"SET on its way":          {rotation.Setting, modifying, use(nil), 0, rest(watchEvery)},
		"SET on every node":       {rotation.Setting, nil, use(nil), 0, Decision{Step: StepNoteSet}},
		"SET fails somebody":      {rotation.Setting, modifying, failing, 0, Decision{Step: StepRollBack, Refused: 2, Culprits: []usage.Client{culprit}}},
		"watching":                {rotation.Watching, nil, use(nil), time.Second, rest(watchEvery)},
		"grace is over":           {rotation.Watching, nil, use(nil), time.Minute, Decision{Step: StepConclude}},
		"over, a node is away":    {rotation.Watching, nil, blind, time.Hour, rest(watchEvery)},
		"somebody fails":          {rotation.Watching, nil, failing, time.Second, Decision{Step: StepRollBack, Refused: 2, Culprits: []usage.Client{culprit}}},
		"few enough fail":         {rotation.Watching, spec(func(s *rotation.Spec) { s.RollBackOver = 2 }), failing, time.Second, rest(watchEvery)},
		"a thief fails":           {rotation.Watching, spec(func(s *rotation.Spec) { s.RollBackOver = -1 }), failing, time.Second, rest(watchEvery)},
		"its owner wants it back": {rotation.Watching, withRotation(func(r *rotation.Rotation) { r.RollBackNow = true }), use(nil), 0, Decision{Step: StepRollBack}},
		"evict": {rotation.Watching, spec(func(s *rotation.Spec) { s.EvictOver = 10 * time.Second }), use(func(u *usage.Record) { u.Connections = 8 }), 5 * time.Second,
			Decision{Step: StepEvict, After: evictEvery, Evict: 0.1}},
		"evict the rest": {rotation.Watching, spec(func(s *rotation.Spec) { s.EvictOver = 10 * time.Second }), use(func(u *usage.Record) { u.Connections = 8 }), 10 * time.Second,
			Decision{Step: StepEvict, After: evictEvery, Evict: 1}},

		"fails on one node while another is gone": {rotation.Watching, withRotation(func(r *rotation.Rotation) { r.RefusedFrom = map[string]int64{"g-001": 3, "g-002": 40} }), use(nil), time.Second,
			Decision{Step: StepRollBack, Refused: 2}},
		"nodes stay away for long": {rotation.Setting, modifying, blind, time.Minute, rest(watchEvery)},

		"comes back": {rotation.RollingBack, modifying, blind, 0, rest(idleEvery)},
		"is back":    {rotation.RollingBack, nil, blind, 0, Decision{Step: StepConclude}},
		"undone":     {rotation.Cancelling, nil, blind, 0, Decision{Step: StepConclude}},
		"over":       {rotation.Done, nil, blind, 0, rest(idleEvery)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Plan(groupIn(tt.state, tt.change), tt.seen, noon.Add(tt.after))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
		})
	}
}
