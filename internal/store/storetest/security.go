package storetest

import (
	"errors"
	"net/netip"
	"reflect"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/store"
)

func securityGroup(id string) *security.Group {
	return &security.Group{
		ID: id, Name: "web", Description: "servers of the shop", CreatedAt: noon(),
		Origin: security.OriginEC2, VPC: "vpc-1", GoneSince: noon().Add(time.Hour),
		Rules: []security.Rule{{Source: netip.MustParsePrefix("10.0.0.0/8"), FromPort: 6379, ToPort: 6380, Description: "racks"}},
	}
}

func securityGroupsRoundTrip(e *env) {
	want := securityGroup("sg-1")
	wantNoZero(e.T, reflect.ValueOf(*want), "Group", "Revision")
	e.update(func(tx store.UpdateTx) error { return store.Put(tx, store.SecurityGroups, want) })
	e.view(func(tx store.Tx) error {
		got, err := store.Get(tx, store.SecurityGroups, "sg-1")
		e.wantEqual(got, want)
		_, missing := store.Get(tx, store.SecurityGroups, "sg-2")
		e.wantKind(missing, cache.KindNotFound, cache.ResourceSecurityGroup)
		return err
	})
	e.wantKind(e.store.Update(e.Context(), func(tx store.UpdateTx) error {
		return store.Put(tx, store.SecurityGroups, securityGroup("sg-1"))
	}), cache.KindExists, cache.ResourceSecurityGroup)
}

// securityGroupsInUse: a group that caches name stays, known or not it is known who names it, and it decides who may connect.
func securityGroupsInUse(e *env) {
	a, b := e.make(replication.Spec{ID: "a", SecurityGroupIDs: []string{"sg-1", "sg-2"}}), e.make(replication.Spec{ID: "b", SecurityGroupIDs: []string{"sg-1"}})
	e.put(a)
	e.put(b)
	e.update(func(tx store.UpdateTx) error {
		for _, id := range []string{"sg-1", "sg-11"} {
			if err := store.Put(tx, store.SecurityGroups, securityGroup(id)); err != nil {
				return err
			}
		}
		return nil
	})
	e.view(func(tx store.Tx) error {
		for id, want := range map[string][]cache.Key{"sg-1": {a.Key(), b.Key()}, "sg-2": {a.Key()}, "sg-11": {}} {
			users, err := store.SecurityGroupUsers(tx, id)
			if err != nil {
				return err
			}
			slices.Sort(users)
			e.wantEqual(users, want)
		}
		ofA, err := store.AdmissionOf(tx, a)
		if err != nil {
			return err
		}
		e.wantEqual(ofA, security.Admission{Unknown: []string{"sg-2"}})
		ofB, err := store.AdmissionOf(tx, b)
		e.wantEqual(ofB.Networks, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
		return err
	})
	remove := func(id string) error {
		return e.store.Update(e.Context(), func(tx store.UpdateTx) error { return store.DeleteSecurityGroup(tx, id) })
	}
	e.wantKind(remove("sg-1"), cache.KindInUse, cache.ResourceSecurityGroup)
	if err := remove("sg-11"); err != nil {
		e.Error(err)
	}
	e.update(func(tx store.UpdateTx) error { return store.DeleteGroup(tx, a) })
	b.SecurityGroupIDs = []string{"sg-2"}
	e.put(b)
	if err := remove("sg-1"); err != nil {
		e.Error(err)
	}
	e.wantKind(remove("sg-1"), cache.KindNotFound, cache.ResourceSecurityGroup)
}

// securityGroupsInPlace: those of EC2 are of the VPC of the caches' subnet group, and caches name them.
func securityGroupsInPlace(e *env) {
	near, far := securityGroup("sg-1"), securityGroup("sg-10")
	far.VPC = "vpc-2"
	e.update(func(tx store.UpdateTx) error {
		return errors.Join(store.Put(tx, store.SecurityGroups, near), store.Put(tx, store.SecurityGroups, far), store.Put(tx, store.SubnetGroups, subnetGroup("private")))
	})
	a := e.make(replication.Spec{ID: "a", SubnetGroup: "private", SecurityGroupIDs: []string{"sg-1", "sg-unknown"}})
	b := e.make(replication.Spec{ID: "b", SubnetGroup: "private", SecurityGroupIDs: []string{"sg-10"}})
	c := e.make(replication.Spec{ID: "c", SecurityGroupIDs: []string{"sg-10", "sg-1"}})
	d := e.make(replication.Spec{ID: "d", SecurityGroupIDs: []string{"sg-10"}})
	e.put(a)
	e.put(d)
	e.view(func(tx store.Tx) error {
		for g, fine := range map[*replication.Group]bool{a: true, b: false, c: false, d: true} {
			if err := store.CheckSecurityPlace(tx, g); (err == nil) != fine || err != nil && !cache.IsKind(err, cache.KindCombination) {
				e.Errorf("%s: %v", g.ID, err)
			}
		}
		used, err := store.SecurityGroupsInUse(tx)
		e.wantEqual(used, []string{"sg-1", "sg-10", "sg-unknown"})
		return err
	})
}

func readingsAreTheLast(e *env) {
	for _, at := range []time.Time{noon(), noon().Add(time.Hour)} {
		e.update(func(tx store.UpdateTx) error { return store.PutReading(tx, "http://ec2", at) })
	}
	e.view(func(tx store.Tx) error {
		got, err := store.Get(tx, store.Readings, "http://ec2")
		e.wantEqual(got, &security.Reading{Endpoint: "http://ec2", ReadAt: noon().Add(time.Hour), Revision: 2})
		return err
	})
}
