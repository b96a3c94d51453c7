package elasticache

import (
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// A cache that is full can take back a larger type that waits for its window: it stays what it is. While no node says how full it is,
// nothing smaller is allowed.
func TestFullCacheStaysWhatItIs(t *testing.T) {
	t.Parallel()
	var unknown error
	f := newFace(t, func(o *Options) {
		o.Memory = func(context.Context, *replication.Group) (int64, error) { return 1 << 50, unknown }
	})
	f.create(sdk.CreateReplicationGroupInput{CacheNodeType: aws.String("cache.t4g.small")})
	f.settle("g")
	to := func(nodeType string) error {
		_, err := f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{ReplicationGroupId: aws.String("g"), CacheNodeType: &nodeType, ApplyImmediately: aws.Bool(false)})
		return err
	}
	for _, nodeType := range []string{"cache.t4g.medium", "cache.t4g.small"} {
		if err := to(nodeType); err != nil {
			t.Errorf("%s: %v", nodeType, err)
		}
	}
	refused(t, "a smaller one", to("cache.t4g.micro"), badValue, "A cache of type cache.t4g.small cannot be changed to cache.t4g.micro")
	unknown = cache.Errorf(cache.KindUnavailable, "no node answers")
	if err := to("cache.t4g.micro"); err == nil {
		t.Error("a smaller one was allowed although nobody knows how full the nodes are")
	}
	out, err := f.ListAllowedNodeTypeModifications(t.Context(), &sdk.ListAllowedNodeTypeModificationsInput{ReplicationGroupId: aws.String("g")})
	if err != nil || len(out.ScaleDownModifications) > 0 || !slices.Contains(out.ScaleUpModifications, "cache.t4g.medium") {
		t.Errorf("%+v, %v", out, err)
	}
}
