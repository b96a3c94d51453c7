package storetest

import (
	"net/netip"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

// addressesLacking follows a group that gets its addresses one after the other, and one that lacks others.
func addressesLacking(e *env) {
	g, other := e.group("a", 1), e.cluster("b")
	given := g.Shards[0]
	g.Shards[0].PrimaryEndpoint, g.Shards[0].ReaderEndpoint = netip.Addr{}, netip.Addr{}
	other.Shards[0].Nodes[0].Address = netip.Addr{}
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
			if got != all || rest != others {
				e.Errorf("%d addresses are lacking, %d of others; want %d and %d", got, rest, all, others)
			}
			return err
		})
	}
	wantHeld := func(address netip.Addr, want bool) {
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
		sharded.Shards[i].PrimaryEndpoint, sharded.Shards[i].ReaderEndpoint = netip.Addr{}, netip.Addr{}
	}
	e.put(sharded)
	wantLacking(4, 4)
}
