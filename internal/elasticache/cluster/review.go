package cluster

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// ReviewCreate says what is wrong with a new cache cluster.
func (h Handlers) ReviewCreate(ctx context.Context, in *sdk.CreateCacheClusterInput) ([]string, error) {
	if act.Lower(in.ReplicationGroupId) != "" {
		return nil, checkReplica(in)
	}
	_, err := h.newCluster(ctx, in)
	return nil, err
}
