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

	// neighbours asks the network for addresses. It takes long, so mu is not held meanwhile.
	neighbours func(context.Context, []change) map[netip.Addr]string
	said       map[string]bool // troubles that were logged and are not over; Run's own

	mu      sync.Mutex // guards all below
	record  *record
	homes   map[netip.Addr]string // where addresses were seen
	held    map[netip.Addr]bool   // that were there when we last looked, and ours
	asked   map[netip.Addr]bool   // that Users has found to be nobody's, and that were not added since
	probing map[netip.Addr]bool   // that the network is being asked for
	probed  sync.Cond             // that there are fewer of them; of mu
}

// New makes a keeper, which does nothing yet. Errors are those of its record.
func New(o Options) (*Keeper, error) {
	r, err := openRecord(o.Record)
	if err != nil {
		return nil, err
	}
	k := &Keeper{
		o: o, bell: make(chan struct{}, 1), neighbours: neighbours, said: map[string]bool{}, record: r,
		homes: map[netip.Addr]string{}, held: map[netip.Addr]bool{}, asked: map[netip.Addr]bool{}, probing: map[netip.Addr]bool{},
	}
	k.probed.L = &k.mu
	return k, nil
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
	var watching sync.WaitGroup
	watching.Go(func() { watch(ctx, 0, k.Look, k.o.Logger) })
	defer watching.Wait()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		troubles, compared := k.compare(ctx)
		if ctx.Err() == nil {
			k.tell(troubles, compared)
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

// tell logs the troubles of a round that are new, and, if the round was a whole one, those from before that are over.
func (k *Keeper) tell(troubles []error, whole bool) {
	now := map[string]bool{}
	for _, err := range troubles {
		if err != nil {
			now[err.Error()] = true
		}
	}
	for what := range now {
		if !k.said[what] {
			k.o.Logger.Warn("addresses of caches are not as they should be", "reason", what)
		}
		k.said[what] = true
	}
	for what := range k.said {
		if whole && !now[what] {
			k.o.Logger.Info("trouble with addresses of caches is over", "reason", what)
			delete(k.said, what)
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
	return errors.Join(append(k.carryOut(d), k.add(ctx, d.Add)...)...)
}

// compare makes all addresses as they are wanted, and returns what stands against that. compared is false if it could not even be found out.
func (k *Keeper) compare(ctx context.Context) (troubles []error, compared bool) {
	k.mu.Lock()
	wanted, there, err := k.situation(ctx)
	if err != nil {
		k.mu.Unlock()
		return []error{err}, false
	}
	d := decide(k.places(wanted, there), there, k.record.all)
	var restored []netip.Addr
	for _, c := range d.Add {
		if k.held[c.Address] {
			restored = append(restored, c.Address)
		}
	}
	troubles = append(homeless(d), k.carryOut(d)...)
	troubles = append(troubles, k.forget(wanted, there)) // before add, which lets others in: they add what this has not seen
	troubles = append(troubles, k.add(ctx, d.Add)...)
	restored = slices.DeleteFunc(restored, func(a netip.Addr) bool { return !k.held[a] })
	k.mu.Unlock()
	if len(restored) > 0 {
		k.o.Restored(ctx, restored)
	}
	return troubles, true
}

// homeless says what only people can mend.
func homeless(d decision) (troubles []error) {
	for _, a := range d.Homeless {
		troubles = append(troubles, fmt.Errorf("no interface, or more than one, has a subnet with %s, so nobody can connect there: serve with --pool-range and --pool-interface", a))
	}
	return troubles
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
		switch i := slices.IndexFunc(k.o.Ranges, func(r Range) bool { return r.Within.Contains(a) }); {
		case i >= 0:
			places[a] = k.o.Ranges[i].Interface
		case k.homes[a] != "":
			places[a] = k.homes[a]
		default:
			places[a] = homeOf(there, a)
		}
	}
	return places
}

// carryOut does what was decided, all of it that can be done, but for what is to be added.
func (k *Keeper) carryOut(d decision) (errs []error) {
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
	return errs
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
