package storetest

import (
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/store"
)

func putCountsRevisions(e *env) {
	g := e.group("a", 1)
	for want := int64(1); want <= 3; want++ {
		e.put(g)
		if stored := e.get(g.Key()).Revision; g.Revision != want || stored != want {
			e.Errorf("after %d writes the revision is %d and %d in the store", want, g.Revision, stored)
		}
	}
	e.put(g, g)
	if stored := e.get(g.Key()).Revision; g.Revision != 5 || stored != 5 {
		e.Errorf("after two writes in one Update the revision is %d and %d in the store, want 5", g.Revision, stored)
	}
}

func putRefusesStaleRevision(e *env) {
	g := e.group("a", 0)
	e.put(g)
	mine, theirs := e.get(g.Key()), e.get(g.Key())
	theirs.Description = "theirs"
	e.put(theirs)
	mine.Description = "mine"
	e.wantIs(e.tryPut(mine), store.ErrConflict)
	e.wantEqual(e.get(g.Key()), theirs)

	e.update(func(tx store.UpdateTx) error { return store.Delete(tx, store.Groups, g.Key()) })
	e.wantIs(e.tryPut(theirs), store.ErrConflict)

	// The group that comes after it reaches the same revisions.
	successor := e.group("a", 0)
	e.put(successor)
	e.put(successor)
	e.wantIs(e.tryPut(theirs), store.ErrConflict)
	e.wantEqual(e.get(g.Key()), successor)
}

func putRestoresRevision(e *env) {
	created, changed := e.group("a", 0), e.group("b", 0)
	e.put(changed)
	put := func(tx store.UpdateTx) error {
		for _, g := range []*replication.Group{created, changed, changed} {
			if err := store.Put(tx, store.Groups, g); err != nil {
				return err
			}
		}
		return nil
	}
	err := e.store.Update(e.Context(), func(tx store.UpdateTx) error {
		if err := put(tx); err != nil {
			e.Errorf("put: %v", err)
		}
		return errStop
	})
	e.wantIs(err, errStop)
	if created.Revision != 0 || changed.Revision != 1 {
		e.Errorf("the revisions are %d and %d after the Update was undone, want 0 and 1", created.Revision, changed.Revision)
	}
	e.update(put)
}

func putRefusesTakenKey(e *env) {
	g, lone := e.group("a", 1), e.cluster("b")
	e.put(g, lone)
	e.wantKind(e.tryPut(e.group("a", 3)), cache.KindExists, cache.ResourceReplicationGroup)
	e.wantKind(e.tryPut(e.cluster("b")), cache.KindExists, cache.ResourceCacheCluster)
	e.put(e.group("b", 0), e.cluster("a"))
	e.wantEqual(e.get(g.Key()), g)
	e.wantEqual(e.get(lone.Key()), lone)
}

func putRefusesTakenNode(e *env) {
	g := e.group("a", 1)
	e.put(g, e.cluster("b-002"))
	e.wantKind(e.tryPut(e.cluster("a-002")), cache.KindExists, cache.ResourceCacheCluster)
	e.wantKind(e.tryPut(e.group("b", 1)), cache.KindExists, cache.ResourceCacheCluster)

	wider := g.Clone()
	wider.Shards[0].Nodes = append(slices.Clone(g.Shards[0].Nodes), e.cluster("b-002").Shards[0].Nodes...)
	e.wantKind(e.tryPut(wider), cache.KindExists, cache.ResourceCacheCluster)

	twice := e.group("c", 1)
	twice.Shards[0].Nodes[1].ID = twice.Shards[0].Nodes[0].ID
	e.wantKind(e.tryPut(twice), cache.KindExists, cache.ResourceCacheCluster)
	e.wantEqual(e.get(g.Key()), g)
}

func putRefusesTakenUID(e *env) {
	g := e.group("a", 1)
	e.put(g)
	sameGroup, sameNode := e.group("b", 1), e.group("b", 1)
	sameGroup.UID = g.UID
	sameNode.Shards[0].Nodes[1].UID = g.Shards[0].Nodes[0].UID
	for _, other := range []*replication.Group{sameGroup, sameNode} {
		// The error is a bug's, not a refusal: UIDs are random.
		if e.tryPut(other) == nil {
			e.Error("a UID that is in use was accepted")
		}
	}
	e.wantEqual(ids(e.groups(store.Range{})), []string{"replicationgroup:a"})
}

func putRefusesTakenAddress(e *env) {
	g := e.group("a", 1)
	e.put(g)
	for _, address := range g.Addresses() {
		node, endpoint := e.cluster("b"), e.group("c", 1)
		node.Shards[0].Nodes[0].Address = address
		endpoint.Shards[0].ReaderEndpoint = address
		e.wantTaken(e.tryPut(node))
		e.wantTaken(e.tryPut(endpoint))
	}
	twice := e.group("d", 1)
	twice.Shards[0].Nodes[1].Address = twice.Shards[0].PrimaryEndpoint
	e.wantTaken(e.tryPut(twice))
	if n := len(e.groups(store.Range{})); n != 1 {
		e.Errorf("%d groups are stored, want 1", n)
	}
}

// putSharesAddresses puts groups of the address plan host, whose places have ports of their own at one address.
func putSharesAddresses(e *env) {
	at := func(port uint16) netip.AddrPort { return netip.AddrPortFrom(netip.MustParseAddr("192.0.2.7"), port) }
	shared := func(id string, ports ...uint16) *replication.Group {
		g := e.make(replication.Spec{ID: id, AddressPlan: cache.PlanHost, Replicas: 0, Transit: cache.TransitRequired})
		shard := &g.Shards[0]
		shard.PrimaryEndpoint, shard.ReaderEndpoint, shard.Nodes[0].Address = at(ports[0]), at(ports[1]), at(ports[2])
		return g
	}
	e.put(shared("a", 7000, 7001, 7002), shared("b", 7003, 7004, 7005))
	e.wantTaken(e.tryPut(shared("c", 7006, 7007, 7001)))
	e.wantTaken(e.tryPut(shared("c", 7006, 7007, 7006)))
	e.view(func(tx store.Tx) error {
		for at, want := range map[netip.AddrPort]bool{at(7000): true, at(7006): false, at(6379): false, at(700): false} {
			held, err := store.HoldsAddress(tx, at)
			if err != nil || held != want {
				e.Errorf("%s is held: %t (%v)", at, held, err)
			}
		}
		return nil
	})
	// An address of a place's own is that whatever its port.
	own, other := e.cluster("own"), e.cluster("other")
	other.Shards[0].Nodes[0].Address = netip.AddrPortFrom(own.Shards[0].Nodes[0].Address.Addr(), 7010)
	link := shared("link", 7006, 7007, 7008)
	link.Shards[0].Nodes[0].Link = netip.AddrPortFrom(own.Shards[0].Nodes[0].Address.Addr(), 7011)
	e.put(own)
	e.wantTaken(e.tryPut(other))
	e.wantTaken(e.tryPut(link))
	e.view(func(tx store.Tx) error {
		held, err := store.HoldsAddress(tx, other.Shards[0].Nodes[0].Address)
		if !held {
			e.Errorf("an address that is a node's own is free at another port (%v)", err)
		}
		return err
	})
}

func putGivesUp(e *env) {
	g := e.group("a", 2)
	e.put(g)
	left := g.Shards[0].Nodes[2]
	g.Shards[0].Nodes = g.Shards[0].Nodes[:2]
	g.Shards[0].Nodes[1].UID = "0123456789abcdef" // rebuilt under its old id
	e.put(g)

	heir := e.cluster(left.ID)
	heir.Shards[0].Nodes[0].Address = left.Address
	heir.Shards[0].Nodes[0].UID = left.UID
	e.put(heir)
	e.wantEqual(e.get(g.Key()), g)
	e.view(func(tx store.Tx) error {
		got, err := store.GroupOfNode(tx, left.ID)
		e.wantEqual(got, heir)
		return err
	})

	heir.Shards[0].Nodes[0].Address = netip.AddrPort{}
	e.put(heir)
	e.view(func(tx store.Tx) error {
		held, err := store.Addresses(tx)
		if _, ok := held[left.Address.Addr().String()]; ok {
			e.Errorf("%s is held by a group that gave its last address up", left.Address)
		}
		return err
	})
}

func putRefusesUnreadable(e *env) {
	g := e.group("a", 0)
	g.Tokens = token.Set{}
	if e.tryPut(g) == nil {
		e.Error("a token set without credentials was stored")
	}
	if n := len(e.groups(store.Range{})); n != 0 {
		e.Errorf("%d groups are stored, want 0", n)
	}
}

func deleteGivesUp(e *env) {
	g, other := e.group("a", 1), e.group("b", 0)
	e.put(g, other)
	remove := func(tx store.UpdateTx) error { return store.Delete(tx, store.Groups, g.Key()) }
	e.update(remove)
	e.wantKind(e.store.Update(e.Context(), remove), cache.KindNotFound, cache.ResourceReplicationGroup)
	e.wantKind(e.store.Update(e.Context(), func(tx store.UpdateTx) error {
		return store.Delete(tx, store.Groups, "cluster:b-001")
	}), cache.KindNotFound, cache.ResourceCacheCluster)
	e.view(func(tx store.Tx) error {
		_, err := store.Get(tx, store.Groups, g.Key())
		e.wantKind(err, cache.KindNotFound, cache.ResourceReplicationGroup)
		_, err = store.GroupOfNode(tx, "a-002")
		e.wantKind(err, cache.KindNotFound, cache.ResourceCacheCluster)
		held, err := store.Addresses(tx)
		if len(held) != len(other.Addresses()) {
			e.Errorf("%d addresses are held, want %d", len(held), len(other.Addresses()))
		}
		return err
	})
	successor := e.group("a", 0)
	successor.Shards[0].Nodes[0].Address = g.Shards[0].Nodes[0].Address
	e.put(successor, e.cluster("a-002"))
}
