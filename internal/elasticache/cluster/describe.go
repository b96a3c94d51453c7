package cluster

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Describe is DescribeCacheClusters.
func (h Handlers) Describe(ctx context.Context, in *sdk.DescribeCacheClustersInput) (*sdk.DescribeCacheClustersOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	standalone := aws.ToBool(in.ShowCacheClustersNotInReplicationGroups)
	var refs []store.NodeRef
	err = h.Store.View(ctx, func(tx store.Tx) (err error) {
		if id := act.Lower(in.CacheClusterId); id != "" {
			g, err := store.GroupOfNode(tx, id)
			refs = []store.NodeRef{{NodeID: id, Group: g}}
			return err
		}
		if standalone {
			refs, err = standaloneClusters(tx, p)
			return err
		}
		refs, err = store.GroupsOfNodes(tx, p.After, p.Size+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	refs, marker := act.Cut(p, refs, func(r store.NodeRef) string { return r.NodeID })
	out := &sdk.DescribeCacheClustersOutput{Marker: marker}
	for _, r := range refs {
		if !standalone || r.Group.Standalone {
			out.CacheClusters = append(out.CacheClusters, h.render(r.Group, r.Group.Node(r.NodeID), aws.ToBool(in.ShowCacheNodeInfo)))
		}
	}
	return out, nil
}

func standaloneClusters(tx store.Tx, p act.Page) ([]store.NodeRef, error) {
	groups, err := store.Page(tx, store.Groups, store.GroupRange(cache.ResourceCacheCluster, p.After, p.Size+1))
	var refs []store.NodeRef
	for _, g := range groups {
		refs = append(refs, store.NodeRef{NodeID: g.ID, Group: g})
	}
	return refs, err
}
