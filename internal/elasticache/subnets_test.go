package elasticache

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// TestSubnetGroupPages: the default group is one of all, and pages have every group once.
func TestSubnetGroupPages(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	want := []string{subnet.DefaultName}
	for i := range 45 {
		name := fmt.Sprintf("private-%02d", i)
		want = append(want, name)
		f.createSubnetGroup(name)
	}
	var got []string
	in := &sdk.DescribeCacheSubnetGroupsInput{MaxRecords: aws.Int32(20)}
	for {
		out, err := f.DescribeCacheSubnetGroups(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range out.CacheSubnetGroups {
			got = append(got, *g.CacheSubnetGroupName)
		}
		if in.Marker = out.Marker; in.Marker == nil {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages have %s", strings.Join(got, " "))
	}
}

// TestSubnetGroupQuota: one more than there can be is refused, and can be made when one is gone.
func TestSubnetGroupQuota(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	err := f.store.Update(t.Context(), func(tx store.UpdateTx) error {
		for i := range subnet.GroupsMax - 1 { // and the default one
			g := subnet.Default(f.now)
			g.Name = fmt.Sprintf("g%03d", i)
			if err := store.Put(tx, store.SubnetGroups, g); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	one := &sdk.CreateCacheSubnetGroupInput{CacheSubnetGroupName: aws.String("more"), CacheSubnetGroupDescription: aws.String("d"), SubnetIds: []string{"subnet-1"}}
	_, err = f.CreateCacheSubnetGroup(t.Context(), one)
	refused(t, "one too many", err, "CacheSubnetGroupQuotaExceeded", "at most 300")
	if _, err := f.DeleteCacheSubnetGroup(t.Context(), &sdk.DeleteCacheSubnetGroupInput{CacheSubnetGroupName: aws.String("g007")}); err != nil {
		t.Fatal(err)
	}
	f.createSubnetGroup("more")
}

// TestSubnetGroupTags: they come and go like those of a cache; the default group has none.
func TestSubnetGroupTags(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.createSubnetGroup("private", types.Tag{Key: aws.String("Owner"), Value: aws.String("me")})
	arn := aws.String("arn:aws:elasticache:us-east-1:000000000000:subnetgroup:private")
	_, added := f.AddTagsToResource(t.Context(), &sdk.AddTagsToResourceInput{ResourceName: arn, Tags: []types.Tag{{Key: aws.String("Stage"), Value: aws.String("prod")}}})
	_, removed := f.RemoveTagsFromResource(t.Context(), &sdk.RemoveTagsFromResourceInput{ResourceName: arn, TagKeys: []string{"Owner"}})
	list, err := f.ListTagsForResource(t.Context(), &sdk.ListTagsForResourceInput{ResourceName: arn})
	if err := errors.Join(added, removed, err); err != nil {
		t.Fatal(err)
	}
	if len(list.TagList) != 1 || *list.TagList[0].Key != "Stage" {
		t.Errorf("the tags are %+v", list.TagList)
	}
	_, err = f.AddTagsToResource(t.Context(), &sdk.AddTagsToResourceInput{
		ResourceName: aws.String("arn:aws:elasticache:us-east-1:000000000000:subnetgroup:default"), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("")}},
	})
	refused(t, "tags of the default group", err, "InvalidParameterValue", "cannot have tags")
	_, err = f.ListTagsForResource(t.Context(), &sdk.ListTagsForResourceInput{ResourceName: aws.String("arn:aws:elasticache:us-east-1:000000000000:subnetgroup:none")})
	refused(t, "tags of none", err, "CacheSubnetGroupNotFoundFault", "none")
}

// subnetsAtEC2 is an EC2 API that has these subnets.
type subnetsAtEC2 struct {
	act.EC2
	all []subnet.Subnet
}

func (e subnetsAtEC2) Subnets(context.Context, []string) ([]subnet.Subnet, error) { return e.all, nil }

// TestRoomInSubnets: it is asked whether there is room in the subnets of the nodes' zones, and for the endpoints in any.
func TestRoomInSubnets(t *testing.T) {
	t.Parallel()
	one, two := netip.MustParsePrefix("10.1.0.0/24"), netip.MustParsePrefix("10.2.0.0/24")
	var asked replication.Wanted
	f := newFace(t, func(o *Options) {
		o.EC2 = subnetsAtEC2{all: []subnet.Subnet{{ID: "subnet-1", VPC: "vpc-1", Zone: "us-east-1d", Network: one}, {ID: "subnet-2", VPC: "vpc-1", Zone: "us-east-1f", Network: two}}}
		o.AddressPlan = cache.PlanPool
		o.Room = func(_ int, wanted replication.Wanted, _ func(netip.AddrPort) bool) error {
			asked = wanted
			return nil
		}
	})
	_, err := f.CreateCacheSubnetGroup(t.Context(), &sdk.CreateCacheSubnetGroupInput{
		CacheSubnetGroupName: aws.String("private"), CacheSubnetGroupDescription: aws.String("d"), SubnetIds: []string{"subnet-1", "subnet-2"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.CreateReplicationGroup(t.Context(), &sdk.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String("g"), ReplicationGroupDescription: aws.String("d"), CacheNodeType: aws.String(cache.DefaultNodeType), TransitEncryptionEnabled: aws.Bool(true),
		CacheSubnetGroupName: aws.String("private"), PreferredCacheClusterAZs: []string{"us-east-1f", "us-east-1f"}, NumCacheClusters: aws.Int32(2),
	})
	if want := [][]netip.Prefix{{two}, {two}, {one, two}, {one, two}}; err != nil || asked.Pool != 4 || !reflect.DeepEqual(asked.Subnets, want) {
		t.Errorf("asked for %+v, %v", asked, err)
	}
}

func (f *face) createSubnetGroup(name string, tags ...types.Tag) {
	f.t.Helper()
	_, err := f.CreateCacheSubnetGroup(f.t.Context(), &sdk.CreateCacheSubnetGroupInput{
		CacheSubnetGroupName: &name, CacheSubnetGroupDescription: aws.String("d"), SubnetIds: []string{"subnet-1"}, Tags: tags,
	})
	if err != nil {
		f.t.Fatal(err)
	}
}
