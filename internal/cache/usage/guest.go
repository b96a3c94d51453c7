package usage

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Guests are the clients that came through the places of a group since it is being moved.
type Guests struct {
	At       time.Time // when the nodes were asked
	Missing  []MissingNode
	Gateless []string // nodes that cannot tell, nor be moved, until they are rebooted: an earlier release has started them
	Guests   []Guest  // most connections first
}

// Guest is an address that came through a place.
type Guest struct {
	At          netip.AddrPort // the place
	From        netip.Addr
	Connections int   // open now
	Opened      int64 // and in all, of those that a node remembers
	LastAt      time.Time
}

// MergeGuests makes one list of the nodes' own: a place may be served by several.
func MergeGuests(ofNodes ...[]Guest) []Guest {
	var all []Guest
	for _, guest := range slices.Concat(ofNodes...) {
		i := slices.IndexFunc(all, func(g Guest) bool { return g.At == guest.At && g.From == guest.From })
		if i < 0 {
			all = append(all, guest)
			continue
		}
		all[i].Connections += guest.Connections
		all[i].Opened += guest.Opened
		all[i].LastAt = latest(all[i].LastAt, guest.LastAt)
	}
	slices.SortFunc(all, func(a, b Guest) int {
		return cmp.Or(cmp.Compare(b.Connections, a.Connections), b.LastAt.Compare(a.LastAt), a.From.Compare(b.From), a.At.Compare(b.At))
	})
	return all
}

// GuestSayings names the first few, and counts the others.
func GuestSayings(guests []Guest) []cache.Saying {
	var all []cache.Saying
	for _, g := range guests[:min(len(guests), ClientsNamed)] {
		all = append(all, cache.Say(cache.FactMoveUser, "address", g.From, "at", g.At, "n", g.Connections))
	}
	if more := len(guests) - len(all); more > 0 {
		all = append(all, cache.Say(cache.FactMoreClients, "n", more))
	}
	return all
}
