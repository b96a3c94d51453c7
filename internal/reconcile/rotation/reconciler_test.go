package rotation

import (
	"context"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	cacheusage "github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/delivery"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
	"github.com/aikagi/aikagi/internal/usage"
)

// plane is a reconciler with a real store and real deliveries to files. Nodes are told and
// proven in no time, and nobody uses any token.
type plane struct {
	t *testing.T
	*Reconciler
	dir string

	mu  sync.Mutex // guards now
	now time.Time
}

func newPlane(t *testing.T) *plane {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	p := &plane{t: t, dir: t.TempDir(), now: noon}
	p.Reconciler = New(Options{
		Store: settling{db, p}, Keyring: engine.NewKeyring([]byte("a key that is long enough for a test")), Witness: nobody{}, Usage: nobody{},
		Delivery: func(target rotation.Target) (delivery.Delivery, error) {
			return delivery.New(target, delivery.Options{Files: []string{p.dir}})
		},
		Logger: slog.New(slog.DiscardHandler), Now: p.clock,
	})
	return p
}

func (p *plane) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

func (p *plane) pass(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = p.now.Add(d)
}

// nobody uses anything, and remembers nothing.
type nobody struct{}

func (nobody) Remember(cache.Key, token.Token) {}
func (nobody) Drop(cache.Key, token.Token)     {}
func (nobody) Of(context.Context, *replication.Group) (cacheusage.Group, error) {
	return cacheusage.Group{}, nil
}
func (nobody) Connections(context.Context, *replication.Group, string) ([]usage.NodeConnections, []cacheusage.MissingNode) {
	return nil, nil
}
func (nobody) End(context.Context, *replication.Node, []int64) error { return nil }

// update changes the group, or creates it.
func (p *plane) update(change func(*replication.Group) *replication.Group) {
	p.t.Helper()
	err := p.Store.Update(p.t.Context(), func(tx store.UpdateTx) error {
		g, err := store.Get(tx, store.Groups, p.key())
		if err != nil && !cache.IsKind(err, cache.KindNotFound) {
			return err
		}
		return store.Put(tx, store.Groups, change(g))
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// settling brings tokens to the nodes as soon as they are written, as the reconciler of groups does.
type settling struct {
	store.Store
	plane *plane
}

func (s settling) Update(ctx context.Context, fn func(store.UpdateTx) error) error {
	if err := s.Store.Update(ctx, fn); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.UpdateTx) error {
		g, err := store.Get(tx, store.Groups, s.plane.key())
		if err != nil || g.TokenChange == "" {
			return err
		}
		g.Settle(s.plane.clock(), nil)
		return store.PutGroup(tx, g)
	})
}

func (p *plane) key() cache.Key { return cache.NewKey(cache.ResourceReplicationGroup, "g") }

func (p *plane) group() (g *replication.Group) {
	p.t.Helper()
	err := p.Store.View(p.t.Context(), func(tx store.Tx) (err error) {
		g, err = store.Get(tx, store.Groups, p.key())
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return g
}

// rotations are the receipts, oldest first.
func (p *plane) rotations() (all []rotation.Rotation) {
	p.t.Helper()
	err := p.Store.View(p.t.Context(), func(tx store.Tx) (err error) {
		all, err = store.Read(tx, store.Rotations, store.EntryQuery{})
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return all
}

// run reconciles until there is nothing to do for an hour, and returns how long it rests.
func (p *plane) run() time.Duration {
	p.t.Helper()
	for range 10_000 {
		result, err := p.Reconcile(p.t.Context(), p.key())
		again, more := result.Wait()
		switch {
		case err != nil:
			p.pass(time.Second)
		case !more || again >= lookEvery:
			return again
		default:
			p.pass(again)
		}
	}
	p.t.Fatalf("it never rests: %+v", p.group().Rotation)
	return 0
}

// schedule has the token of a group that is made for it rotated every day.
func (p *plane) schedule(file string) {
	p.t.Helper()
	p.update(func(*replication.Group) *replication.Group {
		g := groupIn(rotation.Pending, nil)
		g.Rotation, g.MaintenanceWindow = nil, "sun:03:00-sun:04:00"
		next := netip.MustParseAddr("127.1.0.0")
		_ = g.AssignAddresses(func() (netip.Addr, error) { next = next.Next(); return next, nil })
		spec := rotation.Spec{
			Delivery: &rotation.Target{File: &rotation.FileTarget{Path: filepath.Join(p.dir, file)}},
			Finish:   rotation.FinishRule{Quiet: time.Minute}, Grace: time.Minute,
		}
		if _, err := g.SetRotationSchedule(1, spec, noon); err != nil {
			p.t.Fatal(err)
		}
		return g
	})
}

// TestSchedule: rotations begin in the maintenance window; windows that were missed are made
// up for by one.
func TestSchedule(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	p.schedule("token")
	window := time.Date(2030, 1, 6, 3, 0, 0, 0, time.UTC) // the first Sunday after noon
	if rest := p.run(); rest != lookEvery || len(p.rotations()) != 0 {
		t.Fatalf("the next look is at %s, want one in an hour", p.clock().Add(rest))
	}
	p.pass(window.Sub(p.clock()) - time.Minute)
	result, err := p.Reconcile(t.Context(), p.key())
	if rest, _ := result.Wait(); err != nil || !p.clock().Add(rest).Equal(window) || len(p.rotations()) != 0 {
		t.Fatalf("the next look is at %s, want %s: %v", p.clock().Add(rest), window, err)
	}
	p.pass(time.Minute)
	p.run()
	first := p.rotations()
	if len(first) != 1 || first[0].State != rotation.Done || first[0].Cause != rotation.Scheduled {
		t.Fatalf("in the window: %+v", first)
	}
	p.delivers(first[0])

	p.pass(3 * 7 * 24 * time.Hour) // nobody was there for three windows
	p.run()
	if all := p.rotations(); len(all) != 2 || all[1].State != rotation.Done {
		t.Fatalf("after three windows: %d rotations, %+v", len(all), all)
	}
	p.delivers(p.rotations()[1])
}

// delivers checks that the file has the token that the group accepts.
func (p *plane) delivers(r rotation.Rotation) {
	p.t.Helper()
	text, err := os.ReadFile(r.Spec.Delivery.File.Path)
	if err != nil {
		p.t.Fatal(err)
	}
	token, err := token.Parse(strings.TrimSpace(string(text)))
	if err != nil || p.group().Tokens.String() != "{"+token.Digest().Fingerprint()+"}" {
		p.t.Errorf("the group accepts %s (%v)", p.group().Tokens, err)
	}
	if r.Salt != "" {
		p.t.Error("the receipt has the salt")
	}
}

// TestScheduleFails: a destination that is gone is a failure that is told, and tried again in
// the next window; a success takes it back.
func TestScheduleFails(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	p.schedule("vault/token")
	p.run()
	p.pass(7 * 24 * time.Hour)
	p.run()
	g := p.group()
	if len(p.rotations()) != 0 || g.RotationSchedule.Failed.Empty() || g.Tokens.String() != "{"+oldToken.Digest().Fingerprint()+"}" {
		t.Fatalf("without a destination: %+v, %d rotations", g.RotationSchedule, len(p.rotations()))
	}
	if err := os.Mkdir(filepath.Join(p.dir, "vault"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.pass(7 * 24 * time.Hour)
	p.run()
	if g := p.group(); len(p.rotations()) != 1 || !g.RotationSchedule.Failed.Empty() {
		t.Fatalf("with a destination: %+v, %+v", g.RotationSchedule, p.rotations())
	}
	p.delivers(p.rotations()[0])
}

// TestDeliveryGivenUp: a destination that breaks after ROTATE, for long, fails the rotation. It may
// have the new token, so both stay; the next rotation replaces the one that reached nobody.
func TestDeliveryGivenUp(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	vault := filepath.Join(p.dir, "vault")
	p.deliverTo(vault)
	if err := os.Rename(vault, vault+"-gone"); err != nil {
		t.Fatal(err)
	}
	p.runInto(rotation.Failed)
	last := p.rotations()[0]
	both := "{" + last.Old.String() + ", " + last.New.String() + "}"
	if tokens := p.group().Tokens.String(); !strings.Contains(last.Reason.Text, "deliver") || tokens != both {
		t.Errorf("the group accepts %s, want %s: %+v", tokens, both, last)
	}

	if err := os.Rename(vault+"-gone", vault); err != nil {
		t.Fatal(err)
	}
	g := p.group()
	if _, err := g.StartRotation(rotation.Spec{Adopt: true}, rotation.Requested, "", p.clock()); !cache.IsKind(err, cache.KindState) {
		t.Errorf("to finish with a token that reached nobody: %v", err)
	}
	p.begin(vault)
	p.runInto(rotation.Done)
	next := p.rotations()[1]
	if next.Old.String() != last.Old.String() {
		t.Errorf("the next rotation ended %s, want %s", next.Old, last.Old)
	}
	p.delivers(next)
}

// deliverTo brings a rotation to where its token is to be delivered to a file in dir.
func (p *plane) deliverTo(dir string) {
	p.t.Helper()
	if err := os.Mkdir(dir, 0o700); err != nil {
		p.t.Fatal(err)
	}
	p.schedule("token")
	p.update(func(g *replication.Group) *replication.Group {
		g.RotationSchedule = nil
		spec := rotation.Spec{Delivery: &rotation.Target{File: &rotation.FileTarget{Path: filepath.Join(dir, "token")}}}
		must(g.StartRotation(spec, rotation.Requested, rotation.NewSalt(), p.clock()))
		return g
	})
	for p.group().Rotation.State != rotation.Delivering {
		g, err := p.load(p.t.Context(), p.key())
		if err == nil {
			err = p.carryOut(p.t.Context(), g, Plan(g, cacheusage.Group{}, p.clock()))
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
}

// begin begins a rotation with a delivery to a file in dir, and ends the schedule.
func (p *plane) begin(dir string) {
	p.t.Helper()
	p.update(func(g *replication.Group) *replication.Group {
		g.RotationSchedule = nil
		spec := rotation.Spec{Delivery: &rotation.Target{File: &rotation.FileTarget{Path: filepath.Join(dir, "token")}}}
		must(g.StartRotation(spec, rotation.Requested, rotation.NewSalt(), p.clock()))
		return g
	})
}

// runInto reconciles until the newest rotation has come to its end.
func (p *plane) runInto(state rotation.State) {
	p.t.Helper()
	for range 10_000 {
		if all := p.rotations(); len(all) > 0 && all[len(all)-1].State == state {
			return
		}
		result, _ := p.Reconcile(p.t.Context(), p.key())
		again, _ := result.Wait()
		p.pass(max(again, 30*time.Second))
	}
	p.t.Fatalf("it never is %s: %+v", state, p.group().Rotation)
}
