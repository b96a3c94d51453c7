package group

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Delete is DeleteReplicationGroup.
func (h Handlers) Delete(ctx context.Context, in *sdk.DeleteReplicationGroupInput) (*sdk.DeleteReplicationGroupOutput, error) {
	g, err := act.ChangeGroup(ctx, h.Groups, act.Group(in.ReplicationGroupId), func(g *replication.Group) ([]cache.Event, error) { return g.Delete(h.Now()) })
	if err != nil {
		return nil, err
	}
	rendered := h.render(g)
	return &sdk.DeleteReplicationGroupOutput{ReplicationGroup: &rendered}, nil
}
