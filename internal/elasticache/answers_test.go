package elasticache

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/smithy-go"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// TestReplicasAtOnce creates replicas, and deletes them, without waiting for the one before.
func TestReplicasAtOnce(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{})
	for _, id := range []string{"one", "two"} {
		out, err := f.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: &id, ReplicationGroupId: aws.String("g")})
		if err != nil || aws.ToString(out.CacheCluster.CacheClusterStatus) != "creating" {
			t.Fatalf("%s: %v", id, err)
		}
	}
	g := f.settle("g")
	if len(g.Shards[0].Nodes) != 3 || len(g.Addresses()) != 5 {
		t.Errorf("nodes %+v, addresses %v", g.Shards[0].Nodes, g.Addresses())
	}
	for _, id := range []string{"one", "two"} {
		if _, err := f.DeleteCacheCluster(t.Context(), &sdk.DeleteCacheClusterInput{CacheClusterId: &id}); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
	}
	if g := f.settle("g"); len(g.Shards[0].Nodes) != 1 {
		t.Errorf("nodes %+v", g.Shards[0].Nodes)
	}
}

// TestAnswersWhileCreating compares a group that is being created with the same when it is there.
func TestAnswersWhileCreating(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	out, err := f.CreateReplicationGroup(t.Context(), &sdk.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String("g"), ReplicationGroupDescription: aws.String("d"), CacheNodeType: aws.String("cache.t4g.micro"),
		NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true), MultiAZEnabled: aws.Bool(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range []types.ReplicationGroup{*out.ReplicationGroup, f.shown("g")} {
		if len(g.NodeGroups) != 0 || g.AutomaticFailover != types.AutomaticFailoverStatusEnabling || len(g.MemberClusters) != 2 || g.GlobalReplicationGroupInfo == nil {
			t.Errorf("creating: %+v", g)
		}
	}
	if body := f.call(url.Values{"Action": {"DescribeReplicationGroups"}}); strings.Contains(body, "<NodeGroups") || !strings.Contains(body, "<GlobalReplicationGroupInfo></GlobalReplicationGroupInfo>") {
		t.Errorf("on the wire: %s", body)
	}
	f.settle("g")
	g := f.shown("g")
	if len(g.NodeGroups) != 1 || g.AutomaticFailover != types.AutomaticFailoverStatusEnabled || g.GlobalReplicationGroupInfo == nil ||
		g.NodeGroups[0].ReaderEndpoint == nil || zonesOf(&g) != "us-east-1a us-east-1b" {
		t.Errorf("available: %+v", g)
	}
	body := f.call(url.Values{"Action": {"DescribeCacheClusters"}})
	if !strings.Contains(body, "<SecurityGroups></SecurityGroups>") || !strings.Contains(body, "<EngineVersion>7.0.15</EngineVersion>") {
		t.Errorf("a member on the wire: %s", body)
	}
	f.create(sdk.CreateReplicationGroupInput{ReplicationGroupId: aws.String("one")})
	if shard := f.shown("one").NodeGroups[0]; shard.ReaderEndpoint == nil || aws.ToString(shard.ReaderEndpoint.Address) == aws.ToString(shard.PrimaryEndpoint.Address) {
		t.Errorf("endpoints of one node: %+v", shard)
	}
}

// call sends a form and returns the answer as it is written.
func (f *face) call(form url.Values) string {
	f.t.Helper()
	form.Set("Version", versionElastiCache)
	answer, err := f.http.PostForm(f.url, form)
	if err != nil {
		f.t.Fatal(err)
	}
	defer answer.Body.Close()
	var body strings.Builder
	if err := answer.Write(&body); err != nil {
		f.t.Fatal(err)
	}
	return body.String()
}

// TestEngineVersionsCanBeAskedFor sees that what is listed is accepted, and that each group says the same.
func TestEngineVersionsCanBeAskedFor(t *testing.T) {
	t.Parallel()
	f := newFace(t, func(o *Options) {
		o.Engines = []cache.EngineVersion{{Engine: cache.EngineRedis, Version: "7.0.9"}, {Engine: cache.EngineRedis, Version: "7.0.15"}, {Engine: cache.EngineRedis, Version: "7.2.4"}, {Engine: cache.EngineValkey, Version: "8.0.1"}}
	})
	out, err := f.DescribeCacheEngineVersions(t.Context(), &sdk.DescribeCacheEngineVersionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	var rows, members []string
	for i, v := range out.CacheEngineVersions {
		rows = append(rows, strings.Join([]string{*v.Engine, *v.EngineVersion, *v.CacheEngineDescription, *v.CacheEngineVersionDescription, *v.CacheParameterGroupFamily}, "|"))
		id := "g" + string(rune('a'+i))
		f.create(sdk.CreateReplicationGroupInput{ReplicationGroupId: &id, Engine: v.Engine, EngineVersion: v.EngineVersion})
		member, err := f.DescribeCacheClusters(t.Context(), &sdk.DescribeCacheClustersInput{CacheClusterId: aws.String(id + "-001")})
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, *member.CacheClusters[0].EngineVersion)
	}
	want := "redis|7.0|Redis|redis version 7.0.15|redis7 redis|7.1|Redis|redis version 7.1, served by redis 7.0.15|redis7 redis|7.2|Redis|redis version 7.2.4|redis7 valkey|8.0|Valkey|valkey version 8.0.1|valkey8"
	if got := strings.Join(rows, " "); got != want {
		t.Errorf("listed: %s, want %s", got, want)
	}
	if want := []string{"7.0.15", "7.1.0", "7.2.4", "8.0.1"}; !slices.Equal(members, want) {
		t.Errorf("members have %q, want %q", members, want)
	}
	for asked, want := range map[string]int{"7.0": 1, "7.0.15": 1, "7.0.9": 0, "7": 0} {
		out, err := f.DescribeCacheEngineVersions(t.Context(), &sdk.DescribeCacheEngineVersionsInput{EngineVersion: &asked})
		if err != nil || len(out.CacheEngineVersions) != want {
			t.Errorf("of %s: %v, %+v", asked, err, out)
		}
	}
	modify := func(version string) error {
		_, err := f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{ReplicationGroupId: aws.String("ga"), Engine: aws.String("redis"), EngineVersion: &version})
		return err
	}
	refused(t, "modify to what it is", modify("7.0"), badCombination, "No modifications were requested")
	refused(t, "modify to a patch", modify("7.0.15"), badValue, "Specific version selection is not allowed for '7.0.15', please use '7.0'")
	if err := modify("7.2"); err != nil {
		t.Errorf("modify to a newer one: %v", err)
	}
}

// TestRebootIsShownInTheOriginalsWords has its three ways to show a reboot.
func TestRebootIsShownInTheOriginalsWords(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
	out, err := f.RebootCacheCluster(t.Context(), &sdk.RebootCacheClusterInput{CacheClusterId: aws.String("g-002"), CacheNodeIdsToReboot: []string{"0001"}})
	if err != nil {
		t.Fatal(err)
	}
	shown, err := f.DescribeCacheClusters(t.Context(), &sdk.DescribeCacheClustersInput{CacheClusterId: aws.String("g-002"), ShowCacheNodeInfo: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []types.CacheCluster{*out.CacheCluster, shown.CacheClusters[0]} {
		if aws.ToString(c.CacheClusterStatus) != "rebooting cache cluster nodes" || aws.ToString(c.CacheNodes[0].CacheNodeStatus) != "rebooting" {
			t.Errorf("cluster %s, node %s", aws.ToString(c.CacheClusterStatus), aws.ToString(c.CacheNodes[0].CacheNodeStatus))
		}
	}
	if g := f.shown("g"); aws.ToString(g.Status) != "available" {
		t.Errorf("its group is %s", aws.ToString(g.Status))
	}
}

// TestEventsNewestFirst pages through events while new ones are written.
func TestEventsNewestFirst(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	g := f.create(sdk.CreateReplicationGroupInput{})
	f.tell(g, 45)
	var got []string
	in := &sdk.DescribeEventsInput{StartTime: aws.Time(f.now.Add(-1)), MaxRecords: aws.Int32(20), SourceType: types.SourceTypeReplicationGroup, SourceIdentifier: aws.String("g")}
	for pages := 0; ; pages++ {
		out, err := f.DescribeEvents(t.Context(), in)
		if err != nil || pages > 3 {
			t.Fatalf("%d pages, %v", pages, err)
		}
		for _, e := range out.Events {
			got = append(got, aws.ToString(e.Message))
		}
		if in.Marker = out.Marker; in.Marker == nil {
			break
		}
		f.tell(g, 1) // belongs on a page that was read
	}
	if len(got) != 45 || got[0] != "event 45" || got[44] != "event 1" {
		t.Errorf("%d events: %q", len(got), got)
	}
}

// TestNoRoom counts what has been asked for and has no addresses yet.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	left := 6 // addresses
	f := newFace(t, func(o *Options) {
		o.Room = func(_ int, wanted replication.Wanted, _ func(netip.AddrPort) bool) error {
			if count := wanted.Addresses; count > left {
				return cache.Errorf(cache.KindCapacity, "%d are too many.", count)
			}
			return nil
		}
	})
	create := func(id string) error {
		_, err := f.CreateReplicationGroup(t.Context(), &sdk.CreateReplicationGroupInput{
			ReplicationGroupId: &id, ReplicationGroupDescription: aws.String("d"), CacheNodeType: aws.String(cache.DefaultNodeType),
		})
		return err
	}
	if err := errors.Join(create("one"), create("two")); err != nil {
		t.Fatal(err)
	}
	var refusal smithy.APIError
	if err := create("three"); !errors.As(err, &refusal) || refusal.ErrorCode() != "InsufficientCacheClusterCapacity" || refusal.ErrorMessage() != "9 are too many." {
		t.Errorf("three: %v", err)
	}
	f.settle("one")
	f.settle("two")
	left = 0
	if _, err := f.AddTagsToResource(t.Context(), &sdk.AddTagsToResourceInput{
		ResourceName: f.shown("one").ARN, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
	}); err != nil {
		t.Errorf("a change that needs no address: %v", err)
	}
	if _, err := f.IncreaseReplicaCount(t.Context(), &sdk.IncreaseReplicaCountInput{
		ReplicationGroupId: aws.String("one"), ApplyImmediately: aws.Bool(true), NewReplicaCount: aws.Int32(1),
	}); !errors.As(err, &refusal) || refusal.ErrorMessage() != "1 are too many." {
		t.Errorf("one more replica: %v", err)
	}
}

// tell writes so many events about a group, the number of each in its message.
func (f *face) tell(g *replication.Group, count int) {
	f.t.Helper()
	err := f.store.Update(f.t.Context(), func(tx store.UpdateTx) error {
		for range count {
			f.told++
			if err := store.Append(tx, store.Events, g.Event(f.now, fmt.Sprintf("event %d", f.told))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		f.t.Fatal(err)
	}
}
