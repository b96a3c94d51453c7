package replication

import (
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// TakenAddress is an address of a group that another program on the machine has, so that no node can
// serve clients there.
type TakenAddress struct {
	Address netip.AddrPort `json:"address"`
	By      cache.Saying   `json:"by"` // who has it
	Since   time.Time      `json:"since"`
}

// IsTaken reports whether an address was found to be in another program's hands.
func (g *Group) IsTaken(address netip.AddrPort) bool {
	return indexOf(g.Taken, address) >= 0
}

func indexOf(all []TakenAddress, address netip.AddrPort) int {
	return slices.IndexFunc(all, func(t TakenAddress) bool { return t.Address == address })
}

// NoteTaken records which of the group's addresses another program has, and tells of each once, and
// once more when it is free. It returns no events when nothing has changed.
func (g *Group) NoteTaken(taken []TakenAddress, now time.Time) []cache.Event {
	var events []cache.Event
	was := g.Taken
	for _, t := range was {
		if indexOf(taken, t.Address) < 0 && slices.Contains(g.Addresses(), t.Address) { // else its node has left
			events = append(events, g.Tell(now, cache.Say(cache.FactAddressFree, "at", t.Address, "whose", g.whose(t.Address))))
		}
	}
	g.Taken = nil
	for _, t := range taken {
		if i := indexOf(was, t.Address); i >= 0 {
			t = was[i]
		} else {
			events = append(events, g.Tell(now, g.SayTaken(t)))
		}
		g.Taken = append(g.Taken, t)
	}
	return events
}

// SayTaken says which address is taken, and by whom.
func (g *Group) SayTaken(t TakenAddress) cache.Saying {
	return cache.Say(cache.FactAddressTaken, "at", t.Address, "whose", g.whose(t.Address), "taker", t.By)
}

// whose says what an address of the group is for.
func (g *Group) whose(address netip.AddrPort) cache.Saying {
	for i := range g.Shards {
		switch shard := &g.Shards[i]; address {
		case shard.PrimaryEndpoint, shard.OtherPrimary, shard.PrimaryEndpoint6, shard.OtherPrimary6:
			return cache.Say(cache.FactPrimaryEndpoint)
		case shard.ReaderEndpoint, shard.OtherReader, shard.ReaderEndpoint6, shard.OtherReader6:
			return cache.Say(cache.FactReaderEndpoint)
		}
	}
	for _, node := range g.Nodes() {
		if slices.Contains([]netip.AddrPort{node.Address, node.Link, node.Other, node.Address6, node.Other6}, address) {
			return cache.Say(cache.FactOneNode, "node", node.ID)
		}
	}
	return cache.Saying{}
}
