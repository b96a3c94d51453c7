package elasticache

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
)

// TestCacheSecurityGroups: whoever names some, or asks for them, gets the original's answer, beside all else that is wrong.
func TestCacheSecurityGroups(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	_, err := f.DescribeCacheSecurityGroups(t.Context(), &sdk.DescribeCacheSecurityGroupsInput{})
	refused(t, "describe", err, badValue, noCacheSecurityGroups)
	_, err = f.AuthorizeCacheSecurityGroupIngress(t.Context(), &sdk.AuthorizeCacheSecurityGroupIngressInput{
		CacheSecurityGroupName: aws.String("web"), EC2SecurityGroupName: aws.String("web"), EC2SecurityGroupOwnerId: aws.String("123456789012"),
	})
	refused(t, "authorize", err, badValue, noCacheSecurityGroups)

	names := []string{"web"}
	group := func(edit func(*sdk.CreateReplicationGroupInput)) *sdk.CreateReplicationGroupInput {
		in := &sdk.CreateReplicationGroupInput{ReplicationGroupId: aws.String("g"), ReplicationGroupDescription: aws.String("g"), Engine: aws.String("redis"), CacheSecurityGroupNames: names}
		edit(in)
		return in
	}
	for name, c := range map[string]struct {
		edit          func(*sdk.CreateReplicationGroupInput)
		code, message string
	}{
		"alone":               {func(*sdk.CreateReplicationGroupInput) {}, badValue, noCacheSecurityGroups},
		"with a subnet group": {func(in *sdk.CreateReplicationGroupInput) { in.CacheSubnetGroupName = aws.String("default") }, badCombination, noCacheSecurityGroupsThere},
		"with what is not supported": {func(in *sdk.CreateReplicationGroupInput) { in.NotificationTopicArn = aws.String("arn") }, "NotImplemented",
			"NotificationTopicArn is not supported by aikagi yet: docs/compatibility.md lists what is. " + noCacheSecurityGroups},
	} {
		_, err := f.CreateReplicationGroup(t.Context(), group(c.edit))
		refused(t, name, err, c.code, c.message)
	}
	_, err = f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{ReplicationGroupId: aws.String("g"), CacheSecurityGroupNames: names})
	refused(t, "modify", err, badValue, noCacheSecurityGroups)
	_, err = f.CreateCacheCluster(t.Context(), &sdk.CreateCacheClusterInput{CacheClusterId: aws.String("c"), CacheNodeType: aws.String("cache.t4g.micro"), CacheSecurityGroupNames: names})
	refused(t, "a cluster", err, badValue, noCacheSecurityGroups)
	_, err = f.ModifyCacheCluster(t.Context(), &sdk.ModifyCacheClusterInput{CacheClusterId: aws.String("c"), CacheSecurityGroupNames: names})
	refused(t, "modify a cluster", err, badValue, noCacheSecurityGroups)
	if out, err := f.DescribeReplicationGroups(t.Context(), &sdk.DescribeReplicationGroupsInput{}); err != nil || len(out.ReplicationGroups) != 0 {
		t.Errorf("after the refusals: %+v, %v", out, err)
	}
}
