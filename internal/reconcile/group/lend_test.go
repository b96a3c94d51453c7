package group

import (
	"net/netip"
	"slices"
	"testing"
)

// A lender that has not been reached since a move ended listens at places that the group has given up, which others may have not let go of either.
func TestLenderLeavesWhatIsNotTheGroups(t *testing.T) {
	t.Parallel()
	w := settledWorld(2, true, false)
	shard := &w.group.Shards[0]
	lender := shard.Replicas()[0]
	given := netip.MustParseAddrPort("127.9.9.9:6379")
	listens := w.nodes[lender.ID].View.Listen
	w.nodes[lender.ID].View.Listen = append(slices.Clone(listens), given)
	p := &planner{group: w.group, shard: shard, observed: w.observed()}
	if got := p.stillHeld(lender.ID); len(got) == 0 || !slices.Equal(got, listens) {
		t.Errorf("it is to listen at %v, want %v", got, listens)
	}
}
