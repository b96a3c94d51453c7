package storetest

import (
	"net/netip"
	"reflect"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// addressesLacking follows a group that gets its addresses one after the other, and one that lacks others.
func addressesLacking(e *env) {
	g, other := e.group("a", 1), e.cluster("b")
	given := g.Shards[0]
	g.Shards[0].PrimaryEndpoint, g.Shards[0].ReaderEndpoint = netip.AddrPort{}, netip.AddrPort{}
	other.Shards[0].Nodes[0].Address = netip.AddrPort{}
	e.put(g)
	e.put(other)
	wantLacking := func(all, others int) {
		e.Helper()
		e.view(func(tx store.Tx) error {
			got, err := store.Unaddressed(tx, "")
			if err != nil {
				return err
			}
			rest, err := store.Unaddressed(tx, g.Key())
			if got.Addresses != all || rest.Addresses != others || got.Ports+rest.Ports != 0 {
				e.Errorf("%+v are lacking, %+v of others; want %d and %d addresses", got, rest, all, others)
			}
			return err
		})
	}
	wantHeld := func(address netip.AddrPort, want bool) {
		e.Helper()
		e.view(func(tx store.Tx) error {
			held, err := store.HoldsAddress(tx, address)
			if held != want {
				e.Errorf("%s is held: %t, want %t", address, held, want)
			}
			return err
		})
	}
	wantLacking(3, 1)
	wantHeld(given.PrimaryEndpoint, false)
	wantHeld(given.Nodes[0].Address, true)
	g.Shards[0].PrimaryEndpoint = given.PrimaryEndpoint
	e.put(g)
	wantLacking(2, 1)
	wantHeld(given.PrimaryEndpoint, true)
	other.Status = cache.StatusCreateFailed
	e.put(other)
	wantLacking(1, 0)
	e.update(func(tx store.UpdateTx) error { return store.Delete(tx, store.Groups, g.Key()) })
	wantLacking(0, 0)
	wantHeld(given.PrimaryEndpoint, false)

	sharded := e.group("c", 0) // each of its shards has endpoints
	second := e.group("c-0002", 0).Shards[0]
	second.ID = "0002"
	sharded.Shards = append(sharded.Shards, second)
	for i := range sharded.Shards {
		sharded.Shards[i].PrimaryEndpoint, sharded.Shards[i].ReaderEndpoint = netip.AddrPort{}, netip.AddrPort{}
	}
	e.put(sharded)
	wantLacking(4, 4)
}

// portsLacking follows a group of the address plan host, of which nodes have two places each.
func portsLacking(e *env) {
	g := e.make(replication.Spec{ID: "a", Replicas: 1, AddressPlan: cache.PlanHost, Transit: cache.TransitRequired})
	shard := &g.Shards[0]
	link := shard.Nodes[0].Link
	shard.PrimaryEndpoint, shard.Nodes[0].Address, shard.Nodes[0].Link, shard.Nodes[1].Link = netip.AddrPort{}, netip.AddrPort{}, netip.AddrPort{}, netip.AddrPort{}
	e.put(g)
	want := func(want replication.Wanted) {
		e.Helper()
		e.view(func(tx store.Tx) error {
			got, err := store.Unaddressed(tx, "")
			if !reflect.DeepEqual(got, want) {
				e.Errorf("%+v are lacking, want %+v", got, want)
			}
			return err
		})
	}
	want(replication.Wanted{Addresses: 2, Ports: 2})
	shard.Nodes[0].Link = link
	e.put(g)
	want(replication.Wanted{Addresses: 1, Ports: 2})
}

// pairsLacking follows a group of dual_stack, whose places lack one port at two addresses.
func pairsLacking(e *env) {
	g := e.make(replication.Spec{ID: "a", Replicas: 1, AddressPlan: cache.PlanHost, NetworkType: cache.NetworkDualStack, Transit: cache.TransitRequired})
	shard := &g.Shards[0]
	shard.ReaderEndpoint, shard.ReaderEndpoint6 = netip.AddrPort{}, netip.AddrPort{}
	six := e.make(replication.Spec{ID: "b", AddressPlan: cache.PlanPool, NetworkType: cache.NetworkIPv6, Transit: cache.TransitRequired})
	six.Shards[0].ReaderEndpoint = netip.AddrPort{}
	e.put(g, six)
	e.view(func(tx store.Tx) error {
		got, err := store.Unaddressed(tx, "")
		if want := (replication.Wanted{PortPairs: 1, Pool6: 1}); !reflect.DeepEqual(got, want) {
			e.Errorf("%+v are lacking, want %+v", got, want)
		}
		return err
	})
}

// poolLacking follows a group of the address plan pool, whose addresses are its own and not of one kind.
func poolLacking(e *env) {
	g := e.make(replication.Spec{ID: "a", Replicas: 1, AddressPlan: cache.PlanPool, Transit: cache.TransitRequired})
	shard := &g.Shards[0]
	endpoint := shard.PrimaryEndpoint
	shard.PrimaryEndpoint, shard.Nodes[1].Link = netip.AddrPort{}, netip.AddrPort{}
	reader := netip.MustParseAddrPort("10.9.0.64:6379")
	shard.ReaderEndpoint = reader
	e.put(g, e.cluster("b"))
	e.view(func(tx store.Tx) error {
		lacking, err := store.Unaddressed(tx, "")
		if want := (replication.Wanted{Addresses: 1, Pool: 1}); !reflect.DeepEqual(lacking, want) {
			e.Errorf("%+v are lacking, want %+v", lacking, want)
		}
		if err != nil {
			return err
		}
		own, err := store.OwnAddresses(tx)
		if own[reader.Addr()] != g.Key() || own[endpoint.Addr()] != "" {
			e.Errorf("own addresses are %v", own)
		}
		for a := range own {
			if a.IsLoopback() {
				e.Errorf("%s is a loopback address", a)
			}
		}
		return err
	})
}
