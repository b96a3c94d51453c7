package act

import (
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/store"
)

// Room reports whether so many nodes and endpoints can have addresses to serve a port at, or ports, beside those that are
// taken. The error is of [cache.KindCapacity] if not, and its text is shown to the client.
type Room func(port int, wanted replication.Wanted, taken func(netip.AddrPort) bool) error

// CheckRoom refuses a group for which there would not be enough addresses, with what waits for some elsewhere. Whoever makes the
// group come true finds that out, too, but a caller wants to know at once. Errors are those of the store and of [Room].
func CheckRoom(tx store.Tx, d Groups, g *replication.Group) error {
	if d.Room == nil {
		return nil
	}
	wanted := g.Wanted()
	others, err := store.Unaddressed(tx, g.Key())
	if err != nil {
		return err
	}
	var failed error // to look into the store
	wanted.Add(others)
	networks, err := store.NetworksOfPlaces(tx, g)
	if err != nil {
		return err
	}
	for place, all := range networks {
		if g.NetworkOf(place) == cache.NetworkIPv6 {
			wanted.Subnets6 = append(wanted.Subnets6, all)
		} else {
			wanted.Subnets = append(wanted.Subnets, all)
		}
	}
	slices.SortFunc(wanted.Subnets, subnet.CompareNarrow)
	slices.SortFunc(wanted.Subnets6, subnet.CompareNarrow)
	err = d.Room(g.Port, wanted, func(at netip.AddrPort) bool {
		held, err := store.HoldsAddress(tx, at)
		if err != nil {
			failed = err
		}
		return held
	})
	if failed != nil {
		return failed
	}
	return err
}
