package rotation

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// world is a group with a rotation, its clients, and a destination, to which the steps
// of plans are done.
type world struct {
	t       *rapid.T
	g       *replication.Group
	now     time.Time
	seen    usage.Record // of the old token, by the nodes
	clients []bool       // whether each client has the new token
	away    bool         // a node cannot be asked
	broken  bool         // the destination fails
	has     bool         // the destination has the new token
	insist  bool         // the owner has said "now"
	ever    []rotation.State
}

func newWorld(t *rapid.T) *world {
	w := &world{t: t, now: noon, clients: make([]bool, rapid.IntRange(0, 4).Draw(t, "clients"))}
	w.g = groupIn(rotation.Pending, nil)
	w.g.Rotation = nil
	spec := rotation.Spec{
		Delivery: &rotation.Target{File: &rotation.FileTarget{Path: "/token"}},
		Finish:   must(rotation.ParseFinishRule(rapid.SampledFrom([]string{"quiet=5m", "deadline=1h", "quiet=5m,deadline=1h", "ask"}).Draw(t, "finish"))),
		Brownout: rapid.SampledFrom([]time.Duration{0, 5 * time.Second}).Draw(t, "brownout"), Grace: time.Minute,
		EvictOver: rapid.SampledFrom([]time.Duration{0, 30 * time.Second}).Draw(t, "evict"), RollBackOver: rapid.Int64Range(-1, 2).Draw(t, "over"),
	}
	w.seen.Credential = oldToken.Digest().Fingerprint()
	w.seen.Connections = len(w.clients)
	must(w.g.StartRotation(spec, rotation.Requested, "salt", w.now))
	return w
}

// accepts reports whether the group takes a token, as its clients see it: what is on its
// way to the nodes may be there or not.
func (w *world) holds(token token.Token) bool { return w.g.Tokens.Holds(token.Digest()) }

func (w *world) usage() usage.Group {
	w.seen.RefusedBy = map[string]int64{"g-001": w.seen.Refused}
	u := usage.Group{Credentials: []usage.Known{{Record: w.seen}}}
	if w.away {
		u.Missing = []usage.MissingNode{{NodeID: "g-001"}}
	}
	return u
}

// step does what Plan says, like the reconciler.
func (w *world) step() {
	g, d := w.g, Plan(w.g, w.usage(), w.now)
	var err error
	switch d.Step {
	case StepRotate:
		if w.broken {
			_, err = g.Turn(rotation.NoteProblem(cache.Quote("broken")), w.now)
		} else {
			_, err = g.Turn(rotation.RotateIn(newToken.Digest()), w.now)
		}
	case StepNoteRotated:
		_, err = g.Turn(rotation.NoteRotated, w.now)
	case StepDeliver:
		w.has = w.has || !w.broken || rapid.Bool().Draw(w.t, "delivered and failed")
		if w.broken {
			_, err = g.Turn(rotation.NoteProblem(cache.Quote("broken")), w.now)
			break
		}
		_, err = g.Turn(rotation.NoteDelivered, w.now)
	case StepGiveUp:
		if !w.broken {
			w.has = false
		}
		_, err = g.Turn(rotation.EndDelivery(d.Reason), w.now)
	case StepEnd:
		w.mayEnd()
		_, err = g.Turn(rotation.EndOld(d.Brownout, d.From), w.now)
	case StepEndBrownout:
		_, err = g.Turn(rotation.EndBrownout(d.Refused, d.Culprits), w.now)
	case StepNoteSet:
		_, err = g.Turn(rotation.NoteSet, w.now)
	case StepEvict:
		w.seen.Connections -= portion(w.seen.Connections, d.Evict)
	case StepRollBack:
		_, err = g.Turn(rotation.RollBack(d.Refused, d.Culprits), w.now)
	case StepConclude:
		_, err = g.Turn(rotation.Conclude(d.Refused), w.now)
	case StepFail:
		g.FailRotation(d.Reason, w.now)
	}
	if err != nil {
		w.t.Fatalf("%s in %s: %v", d.Step, g.Rotation.State, err)
	}
	if w.ever == nil || w.ever[len(w.ever)-1] != g.Rotation.State {
		w.ever = append(w.ever, g.Rotation.State)
	}
}

// mayEnd checks that the old token ends by its owner's rule only.
func (w *world) mayEnd() {
	rule, r := w.g.Rotation.Spec.Finish, w.g.Rotation
	overdue := rule.Deadline > 0 && w.now.Sub(r.DeliveredAt) >= rule.Deadline
	quiet := rule.Quiet > 0 && w.seen.Connections == 0 && w.now.Sub(w.seen.LastUsed) >= rule.Quiet
	if w.away || !overdue && !quiet && !w.insist {
		w.t.Fatalf("%s ends while %+v (away: %v, rule %s)", r.Old, w.seen, w.away, rule)
	}
}

// happen lets something happen to the world.
func (w *world) happen() {
	switch rapid.SampledFrom([]string{"time", "time", "time", "settle", "settle", "switch", "login", "away", "break", "cancel", "finish"}).Draw(w.t, "happens") {
	case "time":
		w.now = w.now.Add(rapid.SampledFrom([]time.Duration{time.Millisecond, time.Second, 10 * time.Second, time.Minute, 10 * time.Minute}).Draw(w.t, "for"))
		if w.seen.Connections > 0 {
			w.seen.LastUsed = w.now
		}
	case "settle":
		w.g.Settle(w.now, nil)
	case "switch":
		if i := slices.Index(w.clients, false); i >= 0 && w.has {
			w.clients[i] = true
			w.seen.Connections = max(0, w.seen.Connections-1)
		}
	case "login":
		w.login()
	case "away":
		w.away = !w.away
	case "break":
		w.broken = !w.broken
	case "cancel":
		_, _ = w.g.Turn(rotation.Cancel, w.now)
	case "finish":
		if _, err := w.g.Turn(rotation.Finish, w.now); err == nil {
			w.insist = true
		}
	}
}

// login has a client connect anew that never learned the new token.
func (w *world) login() {
	if !slices.Contains(w.clients, false) {
		return
	}
	if w.holds(oldToken) {
		w.seen.LastUsed = w.now
		w.seen.Authentications++
		return
	}
	w.seen.Refused++
	w.seen.Clients = []usage.Client{{Name: "laggard", Refused: w.seen.Refused, LastSeen: w.now}}
}

// check is what holds at every moment.
func (w *world) check() {
	r := w.g.Rotation
	if w.has && !w.holds(newToken) {
		w.t.Fatalf("%s: the destination has a token that is refused", r.State)
	}
	switch r.State {
	case rotation.Brownout, rotation.Setting, rotation.Watching, rotation.Done:
		if w.holds(oldToken) {
			w.t.Fatalf("%s: the old token is accepted", r.State)
		}
	default:
		if !w.holds(oldToken) {
			w.t.Fatalf("%s: the old token is refused", r.State)
		}
	}
	if len(w.g.Tokens.Credentials()) == 0 || w.g.Tokens.Validate() != nil {
		w.t.Fatalf("%s: tokens %s", r.State, w.g.Tokens)
	}
	if r.State.Final() && (r.Salt != "" || r.EndedAt.IsZero()) {
		w.t.Fatalf("%s: not closed: %+v", r.State, r)
	}
}

// TestRotationsEnd: whatever happens, what clients may have is accepted, and once nothing
// happens any more the rotation comes to its end.
func TestRotationsEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		for range rapid.IntRange(0, 60).Draw(t, "events") {
			w.happen()
			w.step()
			w.check()
			if w.g.Rotation.State.Final() {
				break
			}
		}
		w.away, w.broken = false, false
		for i := range w.clients {
			w.clients[i] = true
		}
		w.seen.Connections = 0
		for range 10_000 {
			if w.g.Rotation.State.Final() {
				break
			}
			w.g.Settle(w.now, nil)
			if _, err := w.g.Turn(rotation.Finish, w.now); err == nil {
				w.insist = true
			}
			w.step()
			w.check()
			w.now = w.now.Add(time.Second)
		}
		r := w.g.Rotation
		w.g.Settle(w.now, nil)
		want := map[rotation.State]string{
			rotation.Done:       fmt.Sprintf("{%s}", r.New),
			rotation.RolledBack: fmt.Sprintf("{%s, %s}", r.Old, r.New),
		}[r.State]
		if r.State == rotation.Cancelled || r.State == rotation.Failed {
			if want = fmt.Sprintf("{%s}", r.Old); !r.RotatedAt.IsZero() {
				want = fmt.Sprintf("{%s, %s}", r.Old, r.New)
			}
		}
		if got := w.g.Tokens.String(); got != want {
			t.Fatalf("%v ended with %s, want %s", w.ever, got, want)
		}
	})
}
