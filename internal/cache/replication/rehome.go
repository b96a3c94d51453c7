package replication

import (
	"net/netip"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Rehome gives places that share an address another one: next says which, or the same again for those that may stay. It tells of
// each that has changed. The group's network type becomes that of the addresses which it then has, unless it is
// dual_stack, whose places stay pairs. Errors are those of next.
func (g *Group) Rehome(next func(netip.AddrPort) (netip.AddrPort, error), now time.Time) (events []cache.Event, err error) {
	for _, p := range g.places() {
		at := g.placed(p)
		if !at.IsValid() || !g.IsShared(*at) {
			continue
		}
		to, err := next(*at)
		if err != nil {
			return nil, err
		}
		if to == *at {
			continue
		}
		events = append(events, g.Tell(now, cache.Say(cache.FactRehomed, "at", *at, "whose", g.whose(*at), "to", to)))
		*at = to
	}
	if len(events) > 0 && g.NetworkType != cache.NetworkDualStack {
		g.NetworkType = ""
		g.NetworkType = g.Network()
	}
	return events, nil
}
