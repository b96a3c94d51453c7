package group

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Describe is DescribeReplicationGroups.
func (h Handlers) Describe(ctx context.Context, in *sdk.DescribeReplicationGroupsInput) (*sdk.DescribeReplicationGroupsOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	var groups []*replication.Group
	err = h.Store.View(ctx, func(tx store.Tx) (err error) {
		if id := act.Lower(in.ReplicationGroupId); id != "" {
			g, err := store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, id))
			groups = []*replication.Group{g}
			return err
		}
		groups, err = store.Page(tx, store.Groups, store.GroupRange(cache.ResourceReplicationGroup, p.After, p.Size+1))
		return err
	})
	if err != nil {
		return nil, err
	}
	groups, marker := act.Cut(p, groups, func(g *replication.Group) string { return g.ID })
	out := &sdk.DescribeReplicationGroupsOutput{Marker: marker}
	for _, g := range groups {
		out.ReplicationGroups = append(out.ReplicationGroups, h.render(g))
	}
	return out, nil
}
