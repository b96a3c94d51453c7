package replication

import (
	"net/netip"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// NoteRestored tells that an address of the group was taken off this machine's network, and is there again.
func (g *Group) NoteRestored(address netip.Addr, now time.Time) []cache.Event {
	return g.tellOf(address, now, cache.FactAddressRestored)
}

// NoteContested tells that another machine of the network uses an address of the group.
func (g *Group) NoteContested(address netip.Addr, by string, now time.Time) []cache.Event {
	return g.tellOf(address, now, cache.FactAddressContested, "machine", by)
}

func (g *Group) tellOf(address netip.Addr, now time.Time, code cache.FactCode, values ...any) []cache.Event {
	for _, p := range g.places() {
		if at := g.placed(p); at.IsValid() && at.Addr() == address {
			return []cache.Event{g.Tell(now, cache.Say(code, append([]any{"at", address, "whose", g.whose(*at)}, values...)...))}
		}
	}
	return nil
}
