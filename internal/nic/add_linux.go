package nic

import (
	"context"
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/fault"
)

// add puts addresses on their interfaces. One that another machine uses is added all the same, and that is said: it is a group's, and
// may have been that machine's group before.
func (k *Keeper) add(ctx context.Context, all []change) []error {
	if len(all) == 0 {
		return nil
	}
	addresses := addressesOf(all)
	if err := k.record.put(addresses...); err != nil {
		return []error{err}
	}
	fault.Point(fault.AddressesRecorded)
	k.awaitProbed(addresses)
	var known, unknown []change
	for _, c := range all {
		if k.held[c.Address] || k.asked[c.Address] {
			known = append(known, c)
		} else {
			unknown = append(unknown, c)
		}
	}
	errs := k.put(known)
	if len(unknown) == 0 {
		return errs
	}
	for a, by := range k.probe(ctx, unknown) {
		k.o.Logger.Warn("address of a cache is used by another machine, too", "address", a, "machine", by)
		k.o.Contested(ctx, a, by)
	}
	wanted, err := k.o.Wanted(ctx)
	if err != nil {
		return append(errs, err)
	}
	unknown = slices.DeleteFunc(unknown, func(c change) bool { return !k.record.all[c.Address] || !slices.Contains(wanted, c.Address) })
	return append(errs, k.put(unknown)...)
}

// put puts on their interfaces what is recorded.
func (k *Keeper) put(all []change) (errs []error) {
	for _, c := range all {
		if err := add(c); err != nil {
			errs = append(errs, err)
			continue
		}
		k.held[c.Address] = true
		delete(k.asked, c.Address)
		k.o.Logger.Info("address is added", "address", c.Address, "interface", c.Interface)
		if err := announce(c); err != nil {
			k.o.Logger.Debug("announce address", "address", c.Address, "error", err)
		}
	}
	return errs
}

func addressesOf(all []change) []netip.Addr {
	addresses := make([]netip.Addr, len(all))
	for i, c := range all {
		addresses[i] = c.Address
	}
	return addresses
}

// awaitProbed waits until the network is not being asked for any of some addresses. mu is held, but not while it waits.
func (k *Keeper) awaitProbed(addresses []netip.Addr) {
	for slices.ContainsFunc(addresses, func(a netip.Addr) bool { return k.probing[a] }) {
		k.probed.Wait()
	}
}

// probe asks the network for addresses, each of them by one caller at a time: the kernel's answers are not told apart. mu is held before
// and after, and not in between: what was known may have changed.
func (k *Keeper) probe(ctx context.Context, all []change) map[netip.Addr]string {
	k.awaitProbed(addressesOf(all))
	for _, c := range all {
		k.probing[c.Address] = true
	}
	k.mu.Unlock()
	found := k.neighbours(ctx, all)
	k.mu.Lock()
	for _, c := range all {
		delete(k.probing, c.Address)
	}
	k.probed.Broadcast()
	return found
}

// Users says who uses addresses already: this machine, as something else than a place of ours, or another one of the network, whose
// hardware address is told.
func (k *Keeper) Users(ctx context.Context, addresses []netip.Addr) (map[netip.Addr]string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.awaitProbed(addresses)
	there, err := list()
	if err != nil {
		return nil, err
	}
	users := map[netip.Addr]string{}
	var elsewhere []change
	places := k.places(addresses, there)
	for _, a := range addresses {
		i := slices.IndexFunc(there, func(p present) bool { return p.Address == a })
		switch {
		case i >= 0 && (!there[i].Marked || !k.record.all[a]):
			users[a] = "this machine"
		case i < 0 && isNetwork(there, a):
			users[a] = "its network"
		case i < 0 && places[a] != "":
			elsewhere = append(elsewhere, change{a, places[a]})
		}
	}
	for a, by := range k.probe(ctx, elsewhere) {
		users[a] = by
	}
	if err := ctx.Err(); err != nil {
		return nil, err // who was asked may not have had the time to answer
	}
	for _, a := range addresses {
		if users[a] == "" {
			k.asked[a] = true
		}
	}
	return users, nil
}
