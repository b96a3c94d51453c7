package group

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// twoShards is the settled world of a group whose data is in two shards, each of a primary and a replica.
func twoShards(t *testing.T) *world {
	t.Helper()
	g := newWorld(1, true, true).group
	second := *g.Clone()
	for i := range second.Shards[0].Nodes {
		node := &second.Shards[0].Nodes[i]
		node.ID, node.UID = strings.Replace(node.ID, "g-", "g-0002-", 1), cache.NewUID()
	}
	second.Shards[0].ID, second.Shards[0].PrimaryID = "0002", second.Shards[0].Nodes[0].ID
	g.Shards = append(g.Shards, second.Shards[0])
	for i := range g.Shards { // each gets addresses of its own
		g.Shards[i].PrimaryEndpoint, g.Shards[i].ReaderEndpoint = netip.AddrPort{}, netip.AddrPort{}
		for j := range g.Shards[i].Nodes {
			g.Shards[i].Nodes[j].Address = netip.AddrPort{}
		}
	}
	w := inhabit(g, time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	for range 100 {
		if w.round().Then == OutcomeSettle {
			return w
		}
	}
	t.Fatal("a group of two shards does not settle")
	return nil
}

// A group of shards settles when each of them is what it should be, and rests then.
func TestShardsSettle(t *testing.T) {
	t.Parallel()
	w := twoShards(t)
	for range 20 {
		if d := w.round(); d.Then == OutcomeRest && d.After == resyncAfter {
			for _, shard := range w.group.Shards {
				primary := w.nodes[shard.PrimaryID]
				if !slices.Contains(primary.View.Listen, shard.PrimaryEndpoint) || len(primary.View.Replicas) != 1 {
					t.Errorf("shard %s is not whole: %+v", shard.ID, primary.View)
				}
			}
			return
		}
	}
	t.Fatal("no rest")
}

// A shard that loses its primary gets another one, and nothing else; the other shard goes on, and gets what it needs meanwhile.
func TestShardsFailOverApart(t *testing.T) {
	t.Parallel()
	w := twoShards(t)
	first, second := w.group.Shards[0].PrimaryID, w.group.Shards[1].PrimaryID
	w.nodes[second].stop(true)
	w.nodes[first].View.MaxMemory = 1
	var elected, resized bool
	for range 100 {
		for _, step := range w.round().Steps {
			switch {
			case step.Kind == StepElect:
				elected = step.NodeID == second
			case step.Kind == StepMemory:
				resized = step.NodeID == first
			case w.group.ShardOf(step.NodeID).ID == "0001" && step.Kind != StepTick && step.Kind != StepProve:
				t.Errorf("the shard that is whole has to %s", step.Kind)
			}
		}
		if elected && w.group.Settled() {
			break
		}
	}
	if !elected || !resized || w.group.Shards[0].PrimaryID != first || w.group.Shards[1].PrimaryID == second {
		t.Errorf("elected %t, resized %t: %s and %s are primaries", elected, resized, w.group.Shards[0].PrimaryID, w.group.Shards[1].PrimaryID)
	}
	if over := w.group.Over.Failovers; len(over) != 1 || over[0].NodeGroupID != "0002" {
		t.Errorf("the receipts are %+v", over)
	}
}
