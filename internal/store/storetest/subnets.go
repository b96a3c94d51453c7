package storetest

import (
	"net/netip"
	"reflect"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/store"
)

func subnetGroup(name string) *subnet.Group {
	return &subnet.Group{Name: name, Description: "鍵 'quoted'", SubnetIDs: []string{"subnet-2", "subnet-1"}, VPC: "vpc-1", Zones: []string{"us-east-1b", "us-east-1a"},
		Networks: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/24"), netip.MustParsePrefix("10.1.1.0/24")}, Tags: cache.Tags{"k": "v"}, CreatedAt: noon()}
}

func subnetGroupsRoundTrip(e *env) {
	want := subnetGroup("private")
	wantNoZero(e.T, reflect.ValueOf(*want), "Group", "Revision")
	e.update(func(tx store.UpdateTx) error { return store.Put(tx, store.SubnetGroups, want) })
	e.view(func(tx store.Tx) error {
		got, err := store.Get(tx, store.SubnetGroups, "private")
		e.wantEqual(got, want)
		_, missing := store.Get(tx, store.SubnetGroups, "none")
		e.wantKind(missing, cache.KindNotFound, cache.ResourceSubnetGroup)
		return err
	})
	e.wantKind(e.store.Update(e.Context(), func(tx store.UpdateTx) error {
		return store.Put(tx, store.SubnetGroups, subnetGroup("private"))
	}), cache.KindExists, cache.ResourceSubnetGroup)
}

// subnetGroupsInUse: a group's subnet group is there for as long as the group is.
func subnetGroupsInUse(e *env) {
	g := e.make(replication.Spec{ID: "a", SubnetGroup: "private"})
	e.wantKind(e.tryPut(g), cache.KindNotFound, cache.ResourceSubnetGroup)
	e.update(func(tx store.UpdateTx) error { return store.Put(tx, store.SubnetGroups, subnetGroup("private")) })
	e.put(g)
	remove := func(tx store.UpdateTx) error { return store.Delete(tx, store.SubnetGroups, "private") }
	e.wantKind(e.store.Update(e.Context(), remove), cache.KindInUse, cache.ResourceSubnetGroup)
	e.update(func(tx store.UpdateTx) error { return store.DeleteGroup(tx, g) })
	e.update(remove)
	e.wantKind(e.store.Update(e.Context(), remove), cache.KindNotFound, cache.ResourceSubnetGroup)
}
