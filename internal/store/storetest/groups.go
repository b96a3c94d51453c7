package storetest

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/store"
)

func groupRoundTrip(e *env) {
	e.update(func(tx store.UpdateTx) error {
		if err := store.Put(tx, store.UserGroups, userGroupOf("readers")); err != nil {
			return err
		}
		return errors.Join(store.Put(tx, store.SubnetGroups, subnetGroup("private")), store.Put(tx, store.ParameterGroups, parameterGroup("small")))
	})
	full := e.full()
	wantNoZero(e.T, reflect.ValueOf(*full), "ReplicationGroup", "Standalone", "UserGroup", "Revision", "Over") // a user group excludes tokens
	lone := e.cluster("lone")
	bare := e.group("bare", 0)
	bare.UserGroup, bare.Tokens = "readers", token.Set{}
	bare.Tags, bare.Shards[0].Nodes[0].Tags = nil, nil
	e.put(full, lone, bare)
	for _, g := range []*replication.Group{full, lone, bare} {
		e.wantEqual(e.get(g.Key()), g)
	}
}

// full makes a group in which every field says something.
func (e *env) full() *replication.Group {
	tags := []cache.Tag{{Key: "Owner", Value: `<quotes " & 鍵>`}, {Key: "empty"}}
	digest, next := token.Generate().Digest(), token.Generate().Digest()
	g := e.make(replication.Spec{ID: "full", Replicas: 2, Description: "line\nbreak", ParameterGroup: "small", SubnetGroup: "private", SecurityGroupIDs: []string{"sg-1"},
		NodeType: "cache.r7g.large", AddressPlan: cache.PlanHost, NetworkType: cache.NetworkDualStack, Discovery: cache.NetworkIPv6,
		Transit: cache.TransitRequired, AtRestEncryption: true, Token: &digest, Tags: tags})
	small := "cache.t3.small"
	g.Place([]string{"us-east-1a", "us-east-1b"})
	g.Status = cache.StatusAvailable
	_, err := g.Modify(replication.Change{NodeType: &small,
		Token: &token.Update{Digest: &next, Strategy: token.StrategyRotate}}, noon().Add(time.Hour))
	if err != nil {
		e.Fatalf("modify: %v", err)
	}
	from := cache.TransitPreferred
	g.TransitFrom = &from
	before := "readers"
	g.UserGroupFrom = &before
	g.StatusReason, g.Advertised = "none", "cache.internal"
	asked := cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.2"}
	g.AskedFor, g.BuildGone = asked, true
	g.DataKey = &replication.DataKey{KMSKeyID: "arn:aws:kms:us-east-1:000000000000:key/k", Wrapped: []byte{1, 2}}
	g.Deferred.Version = replication.VersionChange{To: cache.Offer{Asked: asked, Build: asked}, ParameterGroup: "default.valkey8"}
	g.Upgrade = &replication.Upgrade{From: asked, AskedFor: asked, ParameterGroup: "default.valkey7", GivenUp: true, Taken: true}
	g.Parameters = &replication.ParameterChange{Values: map[string]string{"timeout": "20"}, NewGroup: true, At: noon()}
	g.AutomaticFailover, g.MultiAZ, g.SnapshotWindowGiven = true, true, true
	underWay := fullFailover(g.ID)
	g.Shards[0].Failover = &underWay
	g.Taken = []replication.TakenAddress{{Address: g.Shards[0].Nodes[0].Address, By: cache.Quote("somebody"), Since: noon()}}
	guided := fullRotation(g.ID)
	g.Undelivered = token.Generate().Digest()
	g.Rotation = &guided
	g.RotationSchedule = &rotation.Schedule{
		Every: 30, Spec: guided.Spec, SetAt: noon(), LastAt: noon().Add(1), Failed: cache.Quote("the reason"), FailedAt: noon().Add(2),
	}
	g.Move = &replication.Move{
		From: cache.PlanHost, To: cache.PlanHost, State: replication.MoveOpen, Back: true, StartedAt: noon(), OpenedAt: noon().Add(5), CloseAt: noon().Add(6), CloseIn: 1,
	}
	beside := func(at netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(at.Addr(), at.Port()+1000) }
	g.Shards[0].OtherPrimary, g.Shards[0].OtherReader = beside(g.Shards[0].PrimaryEndpoint), beside(g.Shards[0].ReaderEndpoint)
	g.Shards[0].OtherPrimary6, g.Shards[0].OtherReader6 = beside(g.Shards[0].PrimaryEndpoint6), beside(g.Shards[0].ReaderEndpoint6)
	for i := range g.Shards[0].Nodes {
		g.Shards[0].Nodes[i].Other, g.Shards[0].Nodes[i].Other6 = beside(g.Shards[0].Nodes[i].Address), beside(g.Shards[0].Nodes[i].Address6)
		g.Shards[0].Nodes[i].Crashed, g.Shards[0].Nodes[i].CannotSave = true, true
		g.Shards[0].Nodes[i].Recovering, g.Shards[0].Nodes[i].BehindSince = true, noon()
		g.Shards[0].Nodes[i].Refused = []replication.RefusedSetting{{Name: "activedefrag", Value: "yes", Version: g.Version(), Unknown: true}}
		g.Shards[0].Nodes[i].Upgraded, g.Shards[0].Nodes[i].Rules = true, "networks-1"
		g.Shards[0].Nodes[i].Users = "accounts"
		g.Shards[0].Nodes[i].SetAside = noon().Add(3)
		g.Shards[0].Nodes[i].Crowd = &replication.Crowd{
			Connections: 10001, Limit: 10000, Since: noon(), AskedAt: noon().Add(4),
			From: []replication.ClientCount{{Address: netip.MustParseAddr("10.0.0.5"), Connections: 9999}},
		}
		g.Shards[0].Nodes[i].Fault = &replication.NodeFault{Kind: replication.FaultSnapshot, End: "exit status 1", LastLine: "bad", Since: noon()}
	}
	return g
}

// wantNoZero makes a field that is added to the group fail the test until full
// sets it.
func wantNoZero(t *testing.T, v reflect.Value, path string, except ...string) {
	t.Helper()
	if v.IsZero() {
		t.Errorf("%s is not set, so the test says nothing about it", path)
	}
	switch v.Interface().(type) {
	case encoding.TextMarshaler, json.Marshaler:
		return
	case rotation.Target: // its fields exclude each other
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			wantNoZero(t, v.Elem(), path)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; !slices.Contains(except, name) {
				wantNoZero(t, v.Field(i), path+"."+name)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			wantNoZero(t, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	}
}

// timesRoundTrip: the instant is kept to the nanosecond, the zone and the
// monotonic reading need not be.
func timesRoundTrip(e *env) {
	tokyo := time.FixedZone("JST", 9*60*60)
	at := []time.Time{
		time.Now(),
		time.Date(2026, 12, 31, 23, 59, 59, 999999999, tokyo),
		time.Date(1969, 12, 31, 23, 59, 59, 1, time.UTC),
	}
	for i, instant := range at {
		g := e.group(fmt.Sprintf("g%d", i), 0)
		g.CreatedAt, g.Shards[0].Nodes[0].CreatedAt, g.TokensModifiedAt = instant, instant, instant
		g.Tokens = token.OpenSet(instant)
		e.put(g)
		e.append(g.Event(instant, "stored"))
		got := e.get(g.Key())
		event := e.events(store.EntryQuery{Subject: g.ID})
		if len(event) != 1 {
			e.Fatalf("%d events about %s, want 1", len(event), g.ID)
		}
		for _, back := range []time.Time{got.CreatedAt, got.Shards[0].Nodes[0].CreatedAt, got.TokensModifiedAt,
			got.Tokens.Credentials()[0].AddedAt, event[0].At} {
			if !back.Equal(instant) {
				e.Errorf("%s came back as %s", instant, back)
			}
		}
	}
}

func groupsAreCopies(e *env) {
	spoil := func(g *replication.Group) {
		g.Description = "spoilt"
		g.Shards[0].Nodes[0].Status = "spoilt"
		g.Tags["spoilt"] = "yes"
	}
	g := e.make(replication.Spec{ID: "a", Tags: []cache.Tag{{Key: "k", Value: "v"}}})
	e.put(g)
	want := e.get(g.Key())
	spoil(g)
	e.wantEqual(e.get(g.Key()), want)
	spoil(e.get(g.Key()))
	e.view(func(tx store.Tx) error {
		read, err := store.Get(tx, store.Groups, g.Key())
		if err != nil {
			return err
		}
		spoil(read)
		again, err := store.Get(tx, store.Groups, g.Key())
		e.wantEqual(again, want)
		return err
	})
}

func groupNotFound(e *env) {
	e.put(e.group("a", 0), e.cluster("b"))
	e.view(func(tx store.Tx) error {
		for _, key := range []cache.Key{"replicationgroup:none", "replicationgroup:b", "cluster:a", "cluster:a-001", "cluster:none"} {
			_, err := store.Get(tx, store.Groups, key)
			e.wantKind(err, cache.KindNotFound, key.Resource())
		}
		return nil
	})
}

func groupPages(e *env) {
	for _, id := range []string{"b", "a1", "a-1", "a", "c"} {
		e.put(e.group(id, 0), e.cluster(id))
	}
	const rg, cc = cache.ResourceReplicationGroup, cache.ResourceCacheCluster
	for _, c := range []struct {
		query store.Range
		want  []string
	}{
		{store.Range{}, []string{"cluster:a", "cluster:a-1", "cluster:a1", "cluster:b", "cluster:c", "replicationgroup:a",
			"replicationgroup:a-1", "replicationgroup:a1", "replicationgroup:b", "replicationgroup:c"}},
		{store.Range{Limit: 6}, []string{"cluster:a", "cluster:a-1", "cluster:a1", "cluster:b", "cluster:c", "replicationgroup:a"}},
		{store.GroupRange(cc, "b", 0), []string{"cluster:c"}},
		{store.GroupRange(rg, "", 2), []string{"replicationgroup:a", "replicationgroup:a-1"}},
		{store.GroupRange(rg, "a-1", 2), []string{"replicationgroup:a1", "replicationgroup:b"}},
		{store.GroupRange(rg, "aaa", 9), []string{"replicationgroup:b", "replicationgroup:c"}},
		{store.GroupRange(rg, "c", 0), nil},
		{store.GroupRange("snapshot", "", 0), nil},
	} {
		if got := ids(e.groups(c.query)); !slices.Equal(got, c.want) {
			e.Errorf("%+v: got %v, want %v", c.query, got, c.want)
		}
	}
}

func groupOfNode(e *env) {
	g, lone := e.group("a", 2), e.cluster("b")
	e.put(g, lone)
	e.view(func(tx store.Tx) error {
		for id, want := range map[string]*replication.Group{"a-001": g, "a-003": g, "b": lone} {
			got, err := store.GroupOfNode(tx, id)
			if err != nil {
				return err
			}
			e.wantEqual(got, want)
		}
		for _, id := range []string{"a", "a-004", "b-001", ""} {
			_, err := store.GroupOfNode(tx, id)
			e.wantKind(err, cache.KindNotFound, cache.ResourceCacheCluster)
		}
		return nil
	})
}

func groupsOfNodes(e *env) {
	a, b, c := e.group("a", 1), e.cluster("a-0015"), e.group("c", 1)
	e.put(c, b, a)
	for _, q := range []struct {
		after string
		limit int
		want  []string
	}{
		{"", 0, []string{"a-001", "a-0015", "a-002", "c-001", "c-002"}},
		{"", 3, []string{"a-001", "a-0015", "a-002"}},
		{"a-002", 1, []string{"c-001"}},
		{"b", 9, []string{"c-001", "c-002"}},
		{"c-002", 0, nil},
	} {
		e.view(func(tx store.Tx) error {
			refs, err := store.GroupsOfNodes(tx, q.after, q.limit)
			if err != nil {
				return err
			}
			var got []string
			shared := map[cache.Key]*replication.Group{}
			for _, ref := range refs {
				got = append(got, ref.NodeID)
				if ref.Group.Node(ref.NodeID) == nil {
					e.Errorf("%s came with the group %s", ref.NodeID, ref.Group.ID)
				}
				if first := shared[ref.Group.Key()]; first != nil && first != ref.Group {
					e.Errorf("%s does not share its group with the other nodes", ref.NodeID)
				}
				shared[ref.Group.Key()] = ref.Group
			}
			if !slices.Equal(got, q.want) {
				e.Errorf("after %q, limit %d: got %v, want %v", q.after, q.limit, got, q.want)
			}
			if g := shared[c.Key()]; g != nil {
				e.wantEqual(g, c)
			}
			return nil
		})
	}
}

func addressesFollowGroups(e *env) {
	a, b := e.group("a", 2), e.cluster("b")
	b.Shards[0].Nodes[0].Address = netip.MustParseAddrPort("[fd00::1]:6379")
	none := e.group("none", 1)
	none.Shards[0].PrimaryEndpoint, none.Shards[0].ReaderEndpoint = netip.AddrPort{}, netip.AddrPort{}
	none.Shards[0].Nodes[0].Address, none.Shards[0].Nodes[1].Address = netip.AddrPort{}, netip.AddrPort{}
	e.put(a, b, none)
	want := map[string]cache.Key{"fd00::1": b.Key()}
	for _, address := range a.Addresses() {
		want[address.Addr().String()] = a.Key()
	}
	e.view(func(tx store.Tx) error {
		got, err := store.Addresses(tx)
		e.wantEqual(got, want)
		return err
	})
}
