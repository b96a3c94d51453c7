package nic

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/fault"
)

// Keeper sees to it that the addresses that are wanted, and no others of its own, are on the interface. It is safe for concurrent use.
type Keeper struct {
	o    Options
	bell chan struct{} // that something may have changed

	mu     sync.Mutex // held from asking what is wanted until it is so; guards all below
	record *record
	homes  map[netip.Addr]string // where addresses were seen
	held   map[netip.Addr]bool   // that were there when we last looked, and ours
	asked  map[netip.Addr]bool   // that Users has found to be nobody's, and that were not added since
	said   map[string]bool       // troubles that were logged and are not over
}

// New makes a keeper, which does nothing yet. Errors are those of its record.
func New(o Options) (*Keeper, error) {
	r, err := openRecord(o.Record)
	if err != nil {
		return nil, err
	}
	return &Keeper{
		o: o, bell: make(chan struct{}, 1), record: r, homes: map[netip.Addr]string{}, held: map[netip.Addr]bool{},
		asked: map[netip.Addr]bool{}, said: map[string]bool{},
	}, nil
}

// Look has the keeper compare soon.
func (k *Keeper) Look() {
	select {
	case k.bell <- struct{}{}:
	default:
	}
}

// Run compares until ctx ends, and leaves the addresses as they are then.
func (k *Keeper) Run(ctx context.Context) error {
	watch(ctx, k.Look, k.o.Logger)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := k.compare(ctx); err != nil && ctx.Err() == nil {
			k.say(err.Error())
		}
		select {
		case <-ctx.Done():
			return nil
		case <-k.bell:
			sleep(ctx, lookPause)
		case <-tick.C:
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// Hold adds the addresses that are not there yet. They are wanted from before it is called, or the next comparison removes them. An
// address that somebody else has put on this machine is not an error: clients reach it.
func (k *Keeper) Hold(ctx context.Context, addresses ...netip.Addr) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	missing := slices.DeleteFunc(slices.Clone(addresses), func(a netip.Addr) bool { return k.held[a] })
	if len(missing) == 0 {
		return nil
	}
	there, err := list()
	if err != nil {
		return err
	}
	d := decide(k.places(missing, there), there, k.record.all)
	if len(d.Homeless) > 0 {
		return fmt.Errorf("add address %s: no interface, or more than one, has a subnet with it; name one with --pool-interface", d.Homeless[0])
	}
	d.Remove = slices.DeleteFunc(d.Remove, func(c change) bool { return !slices.Contains(missing, c.Address) })
	return k.carryOut(ctx, d)
}

// compare makes all addresses as they are wanted.
func (k *Keeper) compare(ctx context.Context) error {
	k.mu.Lock()
	wanted, there, err := k.situation(ctx)
	if err != nil {
		k.mu.Unlock()
		return err
	}
	d := decide(k.places(wanted, there), there, k.record.all)
	var restored []netip.Addr
	for _, c := range d.Add {
		if k.held[c.Address] {
			restored = append(restored, c.Address)
		}
	}
	err = k.carryOut(ctx, d)
	restored = slices.DeleteFunc(restored, func(a netip.Addr) bool { return !k.held[a] })
	err = errors.Join(err, k.forget(wanted, there))
	k.hint(d)
	k.mu.Unlock()
	if len(restored) > 0 {
		k.o.Restored(ctx, restored)
	}
	return err
}

func (k *Keeper) situation(ctx context.Context) (wanted []netip.Addr, there []present, err error) {
	if wanted, err = k.o.Wanted(ctx); err != nil {
		return nil, nil, err
	}
	if len(wanted) == 0 && len(k.record.all) == 0 {
		return nil, nil, nil // and nobody is bothered
	}
	there, err = list()
	return wanted, there, err
}

// places says which interface each address is to be at.
func (k *Keeper) places(addresses []netip.Addr, there []present) map[netip.Addr]string {
	for _, p := range there {
		if p.Marked && k.record.all[p.Address] {
			k.homes[p.Address] = p.Interface
		}
	}
	places := make(map[netip.Addr]string, len(addresses))
	for _, a := range addresses {
		switch {
		case k.o.Interface != "" && k.o.Within.Contains(a):
			places[a] = k.o.Interface
		case k.homes[a] != "":
			places[a] = k.homes[a]
		default:
			places[a] = homeOf(there, a)
		}
	}
	return places
}

// carryOut does what was decided, all of it that can be done.
func (k *Keeper) carryOut(ctx context.Context, d decision) error {
	var errs []error
	for _, c := range d.Remove {
		if err := remove(c); err != nil {
			errs = append(errs, err)
			continue
		}
		fault.Point(fault.AddressRemoved)
		delete(k.held, c.Address)
		k.o.Logger.Info("address is removed", "address", c.Address, "interface", c.Interface)
		errs = append(errs, k.record.drop(c.Address))
	}
	for _, a := range d.Keep {
		k.held[a] = true
	}
	for _, c := range d.Foreign {
		k.held[c.Address] = true
	}
	if len(d.Add) > 0 {
		errs = append(errs, k.add(ctx, d.Add))
	}
	return errors.Join(errs...)
}

// add puts addresses on their interfaces. One that another machine uses is added all the same, and that is said: it is a group's, and
// may have been that machine's group before.
func (k *Keeper) add(ctx context.Context, all []change) error {
	addresses, unknown := make([]netip.Addr, len(all)), []change{}
	for i, c := range all {
		addresses[i] = c.Address
		if !k.held[c.Address] && !k.asked[c.Address] {
			unknown = append(unknown, c)
		}
	}
	if err := k.record.put(addresses...); err != nil {
		return err
	}
	fault.Point(fault.AddressesRecorded)
	for a, by := range neighbours(ctx, unknown) {
		k.o.Logger.Warn("address of a cache is used by another machine, too", "address", a, "machine", by)
		k.o.Contested(ctx, a, by)
	}
	var errs []error
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
	return errors.Join(errs...)
}

// forget drops what is kept of addresses that nobody wants any more, and of those in the record that somebody else has removed.
func (k *Keeper) forget(wanted []netip.Addr, there []present) error {
	for a := range k.held {
		if !slices.Contains(wanted, a) {
			delete(k.held, a)
			delete(k.homes, a)
		}
	}
	var gone []netip.Addr
	for a := range k.record.all {
		isThere := slices.ContainsFunc(there, func(p present) bool { return p.Address == a })
		if !isThere && !slices.Contains(wanted, a) {
			gone = append(gone, a)
		}
	}
	return k.record.drop(gone...)
}

// hint logs what only people can mend.
func (k *Keeper) hint(d decision) {
	now := map[string]bool{}
	for _, a := range d.Homeless {
		now[fmt.Sprintf("no interface, or more than one, has a subnet with %s, so nobody can connect there: serve with --pool-range and --pool-interface", a)] = true
	}
	for what := range now {
		k.say(what)
	}
	for what := range k.said {
		if !now[what] {
			delete(k.said, what)
		}
	}
}

func (k *Keeper) say(what string) {
	if !k.said[what] {
		k.o.Logger.Warn("addresses of caches are not as they should be", "reason", what)
	}
	k.said[what] = true
}

// Users says who uses addresses already: this machine, as something else than a place of ours, or another one of the network, whose
// hardware address is told.
func (k *Keeper) Users(ctx context.Context, addresses []netip.Addr) (map[netip.Addr]string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
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
	for a, by := range neighbours(ctx, elsewhere) {
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
