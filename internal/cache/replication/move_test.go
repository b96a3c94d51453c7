package replication

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// placed is an available group of a plan that has all of its addresses.
func placed(t *testing.T, plan cache.AddressPlan) *Group {
	t.Helper()
	g := newGroup(t, func(s *Spec) { s.AddressPlan, s.Replicas = plan, 1 })
	give(g)
	g.Status = cache.StatusAvailable
	return g
}

// give gives each place an address: of its own, or at one address of the machine a port. None was given before.
func give(g *Group) {
	for _, p := range g.Unaddressed() {
		n := uint16(len(g.Addresses()) + 1)
		for {
			at := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 80, 0, byte(n)}), 6379)
			if g.WantsPort(p) {
				at = netip.AddrPortFrom(netip.MustParseAddr("10.0.0.7"), 7000+n)
			}
			if n++; !slices.Contains(g.Addresses(), at) {
				g.Address(p, at)
				break
			}
		}
	}
}

func everywhere(g *Group) (all []netip.AddrPort) {
	s := &g.Shards[0]
	all = append(all, s.PrimaryEndpoint, s.ReaderEndpoint, s.OtherPrimary, s.OtherReader)
	for _, n := range g.Nodes() {
		all = append(all, n.Address, n.Link, n.Other)
	}
	return all
}

func steps(t *testing.T, step func() ([]cache.Event, error)) {
	t.Helper()
	if _, err := step(); err != nil {
		t.Fatal(err)
	}
}

// A move, and one that is cancelled at either time, leaves nothing behind; nodes are reached by the service where they were all the time.
func TestMoveBetweenPlans(t *testing.T) {
	t.Parallel()
	plans := []cache.AddressPlan{cache.PlanLoopback, cache.PlanHost}
	for _, from := range plans {
		for _, to := range plans {
			if from == cache.PlanLoopback && to == from {
				continue
			}
			for _, end := range []string{"finish", "cancel", "cancel early"} {
				t.Run(from.String()+" "+to.String()+" "+end, func(t *testing.T) {
					t.Parallel()
					g := placed(t, from)
					before, service := everywhere(g), serviceAddresses(g)
					steps(t, func() ([]cache.Event, error) { return g.BeginMove(MoveRequest{To: to, Anew: from == to}, noon) })
					give(g)
					if g.AddressPlan != from || g.Status != cache.StatusModifying || len(g.Primaries(&g.Shards[0])) != 2 {
						t.Fatalf("opening: %+v", g)
					}
					if end != "cancel early" {
						g.Settle(noon, nil)
						checkOpen(t, g, to, service)
					}
					if end == "finish" {
						steps(t, func() ([]cache.Event, error) { return g.FinishMove(End{Force: true}, noon) })
					} else {
						steps(t, func() ([]cache.Event, error) { return g.CancelMove(End{Force: true}, noon) })
					}
					if len(g.Primaries(&g.Shards[0])) != 1 || len(g.Others()) == 0 {
						t.Errorf("closing, it serves %v, and the others are %v", g.Primaries(&g.Shards[0]), g.Others())
					}
					g.Settle(noon, nil)
					if g.Move != nil || g.Status != cache.StatusAvailable || len(g.Unaddressed()) > 0 || !slices.Equal(serviceAddresses(g), service) {
						t.Errorf("after it: %+v", g)
					}
					if end != "finish" && !slices.Equal(everywhere(g), before) {
						t.Errorf("from %v to %v", before, everywhere(g))
					}
					if want := from; end == "finish" && g.AddressPlan != to || end != "finish" && g.AddressPlan != want {
						t.Errorf("the plan is %s", g.AddressPlan)
					}
				})
			}
		}
	}
}

func serviceAddresses(g *Group) (all []netip.AddrPort) {
	for _, n := range g.Nodes() {
		all = append(all, n.ServiceAddress())
	}
	return all
}

func checkOpen(t *testing.T, g *Group, to cache.AddressPlan, service []netip.AddrPort) {
	t.Helper()
	if g.Move.State != MoveOpen || g.AddressPlan != to || g.Status != cache.StatusAvailable || !g.Beyond() || !slices.Equal(serviceAddresses(g), service) {
		t.Errorf("open: %+v", g)
	}
	claimed := g.Addresses()
	slices.SortFunc(claimed, netip.AddrPort.Compare)
	if len(slices.Compact(claimed)) != len(g.Addresses()) {
		t.Errorf("an address is there twice: %v", g.Addresses())
	}
	for _, n := range g.Nodes() {
		if other := g.OtherOf(n); !other.IsValid() || !slices.Contains(g.Own(n), other) || slices.Contains(g.Links(), other) {
			t.Errorf("node %s is reached at %v, links are %v", n.ID, g.Own(n), g.Links())
		}
	}
	if shared := g.IsShared(g.Shards[0].OtherPrimary); shared != (g.Move.From == cache.PlanHost) {
		t.Errorf("the other primary endpoint is shared: %t", shared)
	}
}

// A move is refused with what to do.
func TestMoveIsRefused(t *testing.T) {
	t.Parallel()
	moving := placed(t, cache.PlanLoopback)
	steps(t, func() ([]cache.Event, error) { return moving.BeginMove(MoveRequest{To: cache.PlanHost}, noon) })
	plain := placed(t, cache.PlanLoopback)
	plain.Transit = cache.TransitPreferred
	busy := placed(t, cache.PlanLoopback)
	busy.Status = cache.StatusModifying
	for name, test := range map[string]struct {
		g    *Group
		want MoveRequest
		text string
	}{
		"moving":       {moving, MoveRequest{To: cache.PlanHost}, "already"},
		"there":        {placed(t, cache.PlanHost), MoveRequest{To: cache.PlanHost}, "has the address plan host already"},
		"in plaintext": {plain, MoveRequest{To: cache.PlanHost}, cache.TagAllowPlaintext},
		"busy":         {busy, MoveRequest{To: cache.PlanHost}, "available"},
		"old nodes":    {placed(t, cache.PlanLoopback), MoveRequest{To: cache.PlanHost, Known: &usage.Guests{Gateless: []string{"g-001"}}}, "Reboot"},
	} {
		if _, err := test.g.BeginMove(test.want, noon); err == nil || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := moving.FinishMove(End{Force: true}, noon); err == nil {
		t.Error("it is finished before both serve")
	}
	if _, err := plain.CancelMove(End{}, noon); err == nil {
		t.Error("what is not being moved is cancelled")
	}
}

// Places are closed when nobody uses them, or when it is forced, or when their time has come.
func TestPlacesAreClosedWhenQuiet(t *testing.T) {
	t.Parallel()
	open := func(closeIn time.Duration) *Group {
		g := placed(t, cache.PlanLoopback)
		steps(t, func() ([]cache.Event, error) {
			return g.BeginMove(MoveRequest{To: cache.PlanHost, CloseIn: closeIn}, noon)
		})
		give(g)
		g.Settle(noon, nil)
		return g
	}
	guest := func(at netip.AddrPort, connections int, ago time.Duration) *usage.Guests {
		return &usage.Guests{Guests: []usage.Guest{{At: at, From: netip.MustParseAddr("127.0.0.1"), Connections: connections, LastAt: noon.Add(-ago)}}}
	}
	old, now := open(0).Shards[0].OtherPrimary, open(0).Shards[0].PrimaryEndpoint
	for name, test := range map[string]struct {
		end    End
		finish bool
		cancel bool
	}{
		"nobody":         {End{Known: &usage.Guests{}, Quiet: time.Minute}, true, true},
		"connected":      {End{Known: guest(old, 1, time.Hour), Quiet: time.Minute}, false, true},
		"was there":      {End{Known: guest(old, 0, time.Second), Quiet: time.Minute}, false, true},
		"long ago":       {End{Known: guest(old, 0, time.Hour), Quiet: time.Minute}, true, true},
		"at a new place": {End{Known: guest(now, 1, 0), Quiet: time.Minute}, true, false},
		"forced":         {End{Known: guest(old, 1, 0), Force: true}, true, true},
		"not known":      {End{}, false, false},
		"not all asked":  {End{Known: &usage.Guests{Missing: make([]usage.MissingNode, 1)}}, false, false},
	} {
		if _, err := open(0).FinishMove(test.end, noon); (err == nil) != test.finish {
			t.Errorf("%s: it is finished: %v", name, err)
		}
		if _, err := open(0).CancelMove(test.end, noon); (err == nil) != test.cancel {
			t.Errorf("%s: it is cancelled: %v", name, err)
		}
	}
	g := open(time.Hour)
	if g.EndMoveInTime(noon.Add(time.Minute)); g.Move.State != MoveOpen {
		t.Error("it ends too early")
	}
	if told := g.EndMoveInTime(noon.Add(time.Hour)); g.Move.State != MoveClosing || len(told) == 0 {
		t.Errorf("it does not end in time: %+v", g.Move)
	}
}

// A tag that a move needs stays as long as other machines can reach a place.
func TestWordIsKeptDuringAMove(t *testing.T) {
	t.Parallel()
	g := newGroup(t, allowing)
	give(g)
	g.Status = cache.StatusAvailable
	g.Transit = cache.TransitNone
	steps(t, func() ([]cache.Event, error) { return g.BeginMove(MoveRequest{To: cache.PlanHost}, noon) })
	give(g)
	g.Settle(noon, nil)
	if err := g.ChangeTags(g.ID, withoutTag); !cache.IsKind(err, cache.KindCombination) {
		t.Errorf("the word is taken back: %v", err)
	}
	if len(g.Exposure(nil)) == 0 {
		t.Error("nothing is said of it")
	}
}
