package group

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/health"
	"github.com/aikagi/aikagi/internal/pki"
	"github.com/aikagi/aikagi/internal/provider"
	sim "github.com/aikagi/aikagi/internal/provider/simulated"
	"github.com/aikagi/aikagi/internal/reach"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// unaddress takes the addresses of places away.
func (w *world) unaddress(nodes ...string) {
	for _, id := range nodes {
		w.group.Node(id).Address = netip.AddrPort{}
	}
}

func kinds(d Decision) []StepKind {
	var all []StepKind
	for _, step := range d.Steps {
		all = append(all, step.Kind)
	}
	return all
}

func TestPlanGivesAddressesFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(2, true, true)
	w.unaddress("g-001", "g-002", "g-003")
	w.group.Shards[0].PrimaryEndpoint, w.group.Shards[0].ReaderEndpoint = netip.AddrPort{}, netip.AddrPort{}
	if d := w.round(); !slices.Equal(kinds(d), []StepKind{StepAddress}) || d.Then != OutcomeAgain {
		t.Fatalf("a new group gets %+v", d)
	}
	if d := w.round(); !slices.Equal(kinds(d), []StepKind{StepStart}) {
		t.Errorf("with addresses it gets %+v", d)
	}
}

// A node without an address waits, and keeps nothing else from being done.
func TestPlanWithoutAddressForOneNode(t *testing.T) {
	t.Parallel()
	w := settledWorld(2, true, true)
	if _, err := w.group.AddReplicas([]string{""}, w.now); err != nil {
		t.Fatal(err)
	}
	w.nodes["g-004"] = &simulated{NodeObserved: NodeObserved{Process: provider.State{Phase: provider.PhaseAbsent}}}
	d := w.plan()
	if !slices.Equal(kinds(d), []StepKind{StepAddress}) || d.Then != OutcomeAgain || d.Steps[0].Optional {
		t.Errorf("for its new node the group gets %+v", d)
	}
	w.primary().stop(true)
	d = w.plan()
	if i := slices.Index(kinds(d), StepAddress); d.Then == OutcomeRest && d.After > time.Second || i >= 0 && !d.Steps[i].Optional {
		t.Errorf("when its primary is lost it gets %+v", d)
	}
}

// A group of an early release does without its reader endpoint.
func TestPlanWithoutReaderEndpoint(t *testing.T) {
	t.Parallel()
	w := settledWorld(0, true, false)
	w.group.Shards[0].ReaderEndpoint = netip.AddrPort{}
	for range 100 {
		d := w.plan()
		if i := slices.Index(kinds(d), StepAddress); i >= 0 {
			if !d.Steps[i].Optional || d.Then != OutcomeRest || d.After != resyncAfter {
				t.Errorf("decision %+v", d)
			}
			return
		}
		w.round()
	}
	t.Error("no address is asked for")
}

// stubborn proposes an address that another group has, once.
type stubborn struct {
	provider.Provider
	first netip.AddrPort
}

func (s *stubborn) Propose(ctx context.Context, place provider.Place, taken func(netip.AddrPort) bool) (netip.AddrPort, error) {
	if at := s.first; at.IsValid() {
		s.first = netip.AddrPort{}
		return at, nil
	}
	return s.Provider.Propose(ctx, place, taken)
}

// inSimulation is a reconciler over a simulated world in which no engine is installed.
func inSimulation(t *testing.T, network string) *Reconciler {
	t.Helper()
	nodes, err := sim.NewWorld(nil, netip.MustParsePrefix(network)).Open()
	must(t, err)
	dir := t.TempDir()
	authority, err := pki.Open(dir, time.Now)
	must(t, err)
	database, err := sqlite.Open(t.Context(), filepath.Join(dir, "store.db"), sqlite.Options{})
	must(t, err)
	t.Cleanup(func() { _ = database.Close() })
	keyring := engine.NewKeyring(make([]byte, 32))
	monitor := health.New(health.Options{Connect: ConnectHealth(reach.Nodes{Provider: nodes, Keyring: keyring})})
	return New(Options{
		Store: database, Provider: nodes, Authority: authority, Keyring: keyring, Health: monitor, Witness: NewWitness(), Logger: slog.New(slog.DiscardHandler),
		Module: func(context.Context) (string, error) { return "/none", nil }, Network: netip.MustParsePrefix(network), Now: time.Now,
	})
}

// attempt creates a group and returns what has become of it.
func attempt(t *testing.T, r *Reconciler, id string) *replication.Group {
	t.Helper()
	g, err := replication.NewGroup(replication.Spec{ID: id, EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}}, time.Now())
	must(t, err)
	must(t, r.Store.Update(t.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, g) }))
	_, err = r.Reconcile(t.Context(), g.Key())
	must(t, err)
	g, err = newSession(r).read(t.Context(), g.Key())
	must(t, err)
	return g
}

func TestAddressesAreGivenOnce(t *testing.T) {
	t.Parallel()
	r := inSimulation(t, "10.9.0.0/28")
	first := attempt(t, r, "first")
	r.Provider = &stubborn{Provider: r.Provider, first: first.Shards[0].PrimaryEndpoint}
	second := attempt(t, r, "second")
	all := append(first.Addresses(), second.Addresses()...)
	slices.SortFunc(all, netip.AddrPort.Compare)
	if len(all) != 6 || len(slices.Compact(all)) != 6 {
		t.Errorf("addresses %v and %v, want six", first.Addresses(), second.Addresses())
	}
}

// recorder notes what addresses are asked for.
type recorder struct {
	provider.Provider
	asked []string
}

func (r *recorder) Propose(ctx context.Context, place provider.Place, taken func(netip.AddrPort) bool) (netip.AddrPort, error) {
	r.asked = append(r.asked, fmt.Sprintf("%s%t%v", place.Endpoint, place.Link, place.Networks))
	return r.Provider.Propose(ctx, place, taken)
}

// Nodes get addresses in the subnets of their zones, before endpoints, which can be in all, take them; links are in none.
func TestAddressesOfSubnets(t *testing.T) {
	t.Parallel()
	r := inSimulation(t, "10.9.0.0/28")
	asked := &recorder{Provider: r.Provider}
	r.Provider = asked
	g, err := replication.NewGroup(replication.Spec{
		ID: "g", EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}, Replicas: 2, Zones: []string{"b", "a", "c"},
		SubnetGroup: "private", AddressPlan: cache.PlanPool, Transit: cache.TransitRequired,
	}, time.Now())
	must(t, err)
	private := &subnet.Group{Name: "private", SubnetIDs: []string{"subnet-1", "subnet-2"}, Zones: []string{"a", "b"}, Networks: []netip.Prefix{
		netip.MustParsePrefix("10.1.0.0/24"), netip.MustParsePrefix("10.2.0.0/24"),
	}}
	must(t, r.Store.Update(t.Context(), func(tx store.UpdateTx) error {
		return errors.Join(store.Put(tx, store.SubnetGroups, private), store.Put(tx, store.Groups, g))
	}))
	_, err = r.Reconcile(t.Context(), g.Key())
	must(t, err)
	if want := []string{
		"false[10.2.0.0/24]", "false[10.1.0.0/24]", "primaryfalse[10.1.0.0/24 10.2.0.0/24]", "readerfalse[10.1.0.0/24 10.2.0.0/24]", "true[]", "true[]", "false[]", "true[]",
	}; !slices.Equal(asked.asked, want) {
		t.Errorf("asked for %q", asked.asked)
	}
}

func TestNoAddressIsLeft(t *testing.T) {
	t.Parallel()
	g := attempt(t, inSimulation(t, "10.9.0.0/31"), "g")
	if g.Status != cache.StatusCreateFailed || !strings.HasPrefix(g.StatusReason, "No free address is left in 10.9.0.0/31.") || len(g.Addresses()) != 0 {
		t.Errorf("the group is %s: %q, addresses %v", g.Status, g.StatusReason, g.Addresses())
	}
}

// Only the addresses of a group that nobody was told of may wait for the disk.
func TestWhatWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	address, stop := Step{Kind: StepAddress}, Step{Kind: StepStop}
	for _, c := range []struct {
		status cache.Status
		steps  []Step
		defers bool
	}{
		{cache.StatusCreating, []Step{address}, true},
		{cache.StatusCreating, []Step{address, stop}, false},
		{cache.StatusModifying, []Step{address}, false},
		{cache.StatusAvailable, []Step{{Kind: StepAddress, Optional: true}}, false},
		{cache.StatusCreating, []Step{{Kind: StepNoteCrash}}, false},
	} {
		g := newWorld(0, true, false).group
		g.Status = c.status
		if defers := store.MayDeferSync(noting(t.Context(), g, c.steps)); defers != c.defers {
			t.Errorf("%s %v: the sync is deferred: %t, want %t", c.status, c.steps, defers, c.defers)
		}
	}
}

// A loss of power takes processes and addresses of a group that was being created; what its node's directory still has of them does no harm.
func TestPlanAfterLossOfPower(t *testing.T) {
	t.Parallel()
	w := newWorld(1, true, true)
	for range 3 {
		w.round()
	}
	w.unaddress("g-001", "g-002")
	w.group.Shards[0].PrimaryEndpoint, w.group.Shards[0].ReaderEndpoint = netip.AddrPort{}, netip.AddrPort{}
	for _, n := range w.nodes {
		n.stop(false)
	}
	for range 100 {
		w.round()
	}
	if w.group.Status != cache.StatusAvailable || len(w.group.Unaddressed()) > 0 {
		t.Errorf("the group came to %s, places without an address: %v", w.group.Status, w.group.Unaddressed())
	}
}
