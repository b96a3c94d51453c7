package integration

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// TestSubnetsPlaceNodes: a node is in a zone of one of the subnets that EC2 has, at an address of a subnet of that zone, and keeps its
// subnet. One engine is enough: nodes are not told of subnets.
func TestSubnetsPlaceNodes(t *testing.T) {
	t.Parallel()
	engine := harness.Engines(t)[0]
	n := harness.NewNetwork(t)
	within, _ := n.AddPool()
	net := strings.TrimSuffix(within, ".64/27")
	ec2 := startMoto(t)
	vpc := ec2.vpc(net + ".0/24")
	ids := []string{ec2.subnet(vpc, net+".64/28", "us-east-1d"), ec2.subnet(vpc, net+".80/28", "us-east-1f")}
	s := n.New("--address-plan", "pool", "--pool-range", net+".78-"+net+".90", "--ec2-endpoint", newWayAt(t, n.Here, ec2.url).url())
	s.Start(ec2Credentials...)
	api := s.API()
	_, err := api.CreateCacheSubnetGroup(t.Context(), &elasticache.CreateCacheSubnetGroupInput{
		CacheSubnetGroupName: aws.String("private"), CacheSubnetGroupDescription: aws.String("d"), SubnetIds: ids,
	})
	if err != nil {
		t.Fatal(err)
	}

	g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), CacheSubnetGroupName: aws.String("private")})
	in := map[string]netip.Prefix{"us-east-1d": netip.MustParsePrefix(net + ".64/28"), "us-east-1f": netip.MustParsePrefix(net + ".80/28")}
	for _, m := range g.describe().NodeGroups[0].NodeGroupMembers {
		zone := aws.ToString(m.PreferredAvailabilityZone)
		if at := netip.MustParseAddr(aws.ToString(m.ReadEndpoint.Address)); !in[zone].Contains(at) {
			t.Errorf("%s in %s is at %s, want one of %s", aws.ToString(m.CacheClusterId), zone, at, in[zone])
		}
		delete(in, zone)
	}
	if len(in) > 0 {
		t.Errorf("no node is in %v", in)
	}

	_, err = api.IncreaseReplicaCount(t.Context(), &elasticache.IncreaseReplicaCountInput{
		ReplicationGroupId: &g.id, ApplyImmediately: aws.Bool(true), ReplicaConfiguration: []types.ConfigureShard{{
			NodeGroupId: aws.String("0001"), NewReplicaCount: aws.Int32(2), PreferredAvailabilityZones: []string{"us-east-1a", "us-east-1d", "us-east-1f"},
		}},
	})
	checkRefusal(t, err, "InvalidVPCNetworkStateFault", "No subnet is present in the cache subnet group for availability zone us-east-1a")
	_, err = api.CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String("h"), ReplicationGroupDescription: aws.String("d"), CacheNodeType: aws.String("cache.t4g.micro"), Engine: &engine,
		TransitEncryptionEnabled: aws.Bool(true), CacheSubnetGroupName: aws.String("private"), PreferredCacheClusterAZs: []string{"us-east-1d"},
	}, func(o *elasticache.Options) { o.RetryMaxAttempts = 1 })
	checkRefusal(t, err, "InsufficientCacheClusterCapacity", net+".78-"+net+".79, what the pool has of the subnets")
	_, err = api.ModifyCacheSubnetGroup(t.Context(), &elasticache.ModifyCacheSubnetGroupInput{CacheSubnetGroupName: aws.String("private"), SubnetIds: ids[:1]})
	checkRefusal(t, err, "SubnetInUse", "The subnet ID "+ids[1]+" is in use")
}
