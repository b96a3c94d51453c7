package replication

import (
	"slices"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

func told(events []cache.Event) []string {
	var lines []string
	for _, e := range events {
		lines = append(lines, string(e.SourceType)+" "+e.SourceID+": "+e.Message)
	}
	return lines
}

func TestEventsOfACreation(t *testing.T) {
	t.Parallel()
	g := newGroup(t, func(s *Spec) { s.Replicas, s.AutomaticFailover, s.MultiAZ = 1, true, true })
	want := []string{
		"cache-cluster orders-001: Cache cluster created", "cache-cluster orders-001: Added cache node 0001 in availability zone us-east-1a",
		"cache-cluster orders-002: Cache cluster created", "cache-cluster orders-002: Added cache node 0001 in availability zone us-east-1b",
		"replication-group orders: Replication group orders created", "replication-group orders: Automatic failover has been turned on for replication group orders",
	}
	if got := told(g.Settle(noon, nil)); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	off, on := false, true
	for _, c := range []struct {
		to   *bool
		want string
	}{{&off, "turned off"}, {&on, "turned on"}} {
		events, err := g.Modify(Change{AutomaticFailover: c.to, MultiAZ: &off}, noon)
		if got := told(events); err != nil || !slices.Equal(got, []string{"replication-group orders: Automatic failover has been " + c.want + " for replication group orders"}) {
			t.Errorf("%s: %q, %v", c.want, got, err)
		}
	}
	alone := newGroup(t, func(s *Spec) { s.Standalone, s.Replicas, s.Transit = true, 0, cache.TransitNone })
	want = []string{"cache-cluster orders: Cache cluster created", "cache-cluster orders: Added cache node 0001 in availability zone us-east-1a"}
	if got := told(alone.Settle(noon, nil)); !slices.Equal(got, want) {
		t.Errorf("alone: %q", got)
	}
}

// TestEventsOfARecovery sees that each recovery is told of the node that recovers, once, and ended once.
func TestEventsOfARecovery(t *testing.T) {
	t.Parallel()
	const recovering, finished = "Recovering cache nodes 0001", "Finished recovery for cache nodes 0001"
	one, two := "cache-cluster orders-001: ", "cache-cluster orders-002: "
	const completed = "Failover from primary node orders-001 to replica node orders-002 completed"
	moved := []string{two + completed, "replication-group orders: " + completed, one + recovering}
	crash := one + "Cache node ended unexpectedly (signal: killed) and is being restarted"
	hang := one + "Cache node does not answer and is being restarted"
	restarted := one + "Cache node restarted: in sync"
	promoted := Switch{To: "orders-002", PromotedAt: noon}
	election := Election{To: "orders-002", Reason: cache.Quote("signal: killed")}
	for name, c := range map[string]struct {
		steps func(*Group) []cache.Event
		want  []string
	}{
		"test": {func(g *Group) []cache.Event {
			events, _ := g.RequestFailover(&g.Shards[0], CauseTest, "", noon)
			return append(events, g.NoteSwitch(promoted, noon)...)
		}, slices.Concat([]string{"replication-group orders: Test Failover API called for node group 0001"}, moved, []string{one + finished})},
		"crash": {func(g *Group) []cache.Event {
			return append(g.Elect(election, noon), g.NoteSwitch(promoted, noon)...)
		}, slices.Concat([]string{crash}, moved, []string{restarted, one + finished})},
		"crash that is seen before an election": {func(g *Group) []cache.Event {
			return slices.Concat(g.NoteCrash("orders-001", cache.Quote("signal: killed"), noon), g.Elect(election, noon), g.NoteSwitch(promoted, noon))
		}, slices.Concat([]string{crash, one + recovering}, moved[:2], []string{restarted, one + finished})},
		"hang": {func(g *Group) []cache.Event {
			return slices.Concat(g.NoteHang(Hang{NodeID: "orders-001", Since: noon, Failover: true}, noon), g.Elect(election, noon), g.NoteSwitch(promoted, noon))
		}, slices.Concat([]string{hang}, moved, []string{restarted, one + finished})},
		"hang without a successor": {func(g *Group) []cache.Event {
			return append(g.NoteHang(Hang{NodeID: "orders-001", Since: noon, Failover: true}, noon), g.AbandonFailover(&g.Shards[0], cache.Quote("nobody"), noon)...)
		}, []string{hang, "replication-group orders: Failover of replication group orders was given up: nobody", one + recovering, restarted, one + finished}},
		"hang in place": {func(g *Group) []cache.Event { return g.NoteHang(Hang{NodeID: "orders-001", Since: noon}, noon) },
			[]string{hang, one + recovering, restarted, one + finished}},
		"crash of a replica": {func(g *Group) []cache.Event { return g.NoteCrash("orders-002", cache.Quote("signal: killed"), noon) },
			[]string{"cache-cluster orders-002: Cache node ended unexpectedly (signal: killed) and is being restarted", two + recovering,
				two + "Cache node restarted: in sync", two + finished}},
	} {
		g := newGroup(t, available)
		g.Settle(noon, nil)
		events := append(c.steps(g), g.Settle(noon, map[string]cache.Saying{"orders-001": cache.Quote("in sync"), "orders-002": cache.Quote("in sync")})...)
		if got := told(events); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%q, want\n%q", name, got, c.want)
		}
		if events := g.Settle(noon, nil); len(events) != 0 || g.Shards[0].Failover != nil {
			t.Errorf("%s: told again: %q", name, told(events))
		}
	}
}
