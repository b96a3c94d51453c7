package act

import (
	"net/netip"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

// Addresses gives out the addresses of new groups and nodes.
type Addresses interface {
	// Next returns an address that is not taken and on which the port can be listened on. The error is of
	// [cache.KindCapacity] when there is none.
	Next(taken map[netip.Addr]cache.Key, port int) (netip.Addr, error)
}

// AssignAddresses gives a group the addresses that it lacks. Errors are those of the store and of [Addresses].
func AssignAddresses(tx store.Tx, d Groups, g *cache.ReplicationGroup) error {
	var taken map[netip.Addr]cache.Key
	return g.AssignAddresses(func() (address netip.Addr, err error) {
		if taken == nil { // most changes need no address, and there may be many
			if taken, err = store.Addresses(tx); err != nil {
				return address, err
			}
		}
		if address, err = d.Addresses.Next(taken, g.Port); err == nil {
			taken[address] = g.Key()
		}
		return address, err
	})
}
