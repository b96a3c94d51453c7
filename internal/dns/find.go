package dns

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/dns/hostname"
	"github.com/aikagi/aikagi/internal/store"
)

// Bounds of what queries take from the store and from memory. The store serves four at
// once; the API keeps half of that.
const (
	lookupsAtOnce = 2
	lookupsMax    = 4096 // waiting ones included
	lookupTimeout = 2 * time.Second
)

var errBusy = errors.New("too many queries at once")

// finder asks the store.
type finder struct {
	store     store.Store
	advertise netip.Addr
	queue     chan struct{} // holds a token for each look-up there is
	running   chan struct{} // and for each that is not waiting

	// turns count the queries for reader endpoints, groups told apart by a hash: that
	// two share a counter does no harm, and the memory is bounded.
	turns [256]atomic.Uint32
	seed  maphash.Seed
}

// found is what there is of a name: whether it exists, and its addresses.
type found struct {
	exists    bool
	addresses []netip.Addr
}

func newFinder(s store.Store, advertise netip.Addr) *finder {
	return &finder{
		store: s, advertise: advertise, seed: maphash.MakeSeed(),
		queue: make(chan struct{}, lookupsMax), running: make(chan struct{}, lookupsAtOnce),
	}
}

func (f *finder) find(ctx context.Context, m hostname.Meaning) (found, error) {
	if m.Kind == hostname.Nothing || m.Kind == hostname.Branch {
		return found{exists: m.Branch}, nil
	}
	g, err := f.group(ctx, m)
	switch {
	case cache.IsKind(err, cache.KindNotFound):
		return found{exists: m.Branch}, nil
	case err != nil:
		return found{}, err
	}
	return f.within(g, m), nil
}

// group reads the group that a name is about.
func (f *finder) group(ctx context.Context, m hostname.Meaning) (g *replication.Group, err error) {
	select {
	case f.queue <- struct{}{}:
		defer func() { <-f.queue }()
	default:
		return nil, errBusy
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	select {
	case f.running <- struct{}{}:
		defer func() { <-f.running }()
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", errBusy, ctx.Err())
	}
	err = f.store.View(ctx, func(tx store.Tx) error {
		if m.Kind == hostname.LoneNode {
			g, err = store.GroupOfNode(tx, m.NodeID)
		} else {
			g, err = store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, m.GroupID))
		}
		return err
	})
	return g, err
}

// within finds what a name means in its group. The endpoints are those of the one shard of a group with cluster mode disabled. An address that was not given out yet
// leaves the name without one.
func (f *finder) within(g *replication.Group, m hostname.Meaning) found {
	shard := &g.Shards[0]
	switch m.Kind {
	case hostname.GroupBranch:
		return found{exists: true}
	case hostname.Primary:
		return found{exists: true, addresses: f.both(g, pair{shard.PrimaryEndpoint, shard.PrimaryEndpoint6}, pair{shard.OtherPrimary, shard.OtherPrimary6})}
	case hostname.Reader:
		if g.AddressPlan.SharesAddresses() || g.Move != nil { // each node has another port, and the name is shown with the endpoint's
			return found{exists: true, addresses: f.both(g, pair{shard.ReaderEndpoint, shard.ReaderEndpoint6}, pair{shard.OtherReader, shard.OtherReader6})}
		}
		return found{exists: true, addresses: f.rotate(g, readers(g))}
	}
	node := g.Node(m.NodeID)
	if node == nil {
		return found{}
	}
	return found{exists: true, addresses: f.both(g, pair{node.Address, node.Address6}, pair{g.OtherOf(node), node.Other6})}
}

// pair is a place's address, and the one of IPv6 beside it, if its group has the network type dual_stack.
type pair [2]netip.AddrPort

// both are where clients reach a place. While the group is moved there is another, at another port perhaps. It comes first once it is the
// old one: clients that know the name have its port, and most try the next address when the first refuses them.
func (f *finder) both(g *replication.Group, shown, other pair) []netip.Addr {
	first := f.at(g, shown)
	if g.Move == nil || g.Move.State != replication.MoveOpen || !other[0].IsValid() {
		return first
	}
	if second := f.at(g, other); !slices.Equal(first, second) {
		return append(second, first...)
	}
	return first
}

// at is where clients reach a place of the group.
func (f *finder) at(g *replication.Group, place pair) []netip.Addr {
	if place[0].IsValid() && f.advertise.IsValid() && g.PlanAt(place[0]).SharesAddresses() {
		return []netip.Addr{f.advertise}
	}
	return append(valid(place[0]), valid(place[1])...)
}

// readers are the addresses that serve reads: of the replicas that are available and not behind,
// or of the primary when none is.
func readers(g *replication.Group) []netip.Addr {
	var all []netip.Addr
	for _, node := range g.Nodes() {
		if !g.IsPrimary(node.ID) && node.Status == cache.StatusAvailable && !node.Behind() && node.Address.IsValid() {
			all = append(append(all, node.Address.Addr()), valid(node.Address6)...)
		}
	}
	if len(all) == 0 {
		return append(valid(g.Shards[0].PrimaryEndpoint), valid(g.Shards[0].PrimaryEndpoint6)...)
	}
	return all
}

// rotate begins with the next address each time.
func (f *finder) rotate(g *replication.Group, addresses []netip.Addr) []netip.Addr {
	if len(addresses) < 2 {
		return addresses
	}
	turn := f.turns[maphash.String(f.seed, g.UID)%uint64(len(f.turns))].Add(1)
	first := int(turn % uint32(len(addresses)))
	return append(addresses[first:len(addresses):len(addresses)], addresses[:first]...)
}

func valid(at netip.AddrPort) []netip.Addr {
	if !at.IsValid() {
		return nil
	}
	return []netip.Addr{at.Addr()}
}
