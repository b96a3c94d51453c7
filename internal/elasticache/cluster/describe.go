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
	out := &sdk.DescribeCacheClustersOutput{}
	err = h.Store.View(ctx, func(tx store.Tx) error {
		refs, err := described(tx, act.Lower(in.CacheClusterId), standalone, p)
		if err != nil {
			return err
		}
		refs, out.Marker = act.Cut(p, refs, func(r store.NodeRef) string { return r.NodeID })
		for _, r := range refs {
			if standalone && !r.Group.Standalone {
				continue
			}
			admission, err := store.AdmissionOf(tx, r.Group)
			if err != nil {
				return err
			}
			out.CacheClusters = append(out.CacheClusters, h.render(r.Group, r.Group.Node(r.NodeID), admission, aws.ToBool(in.ShowCacheNodeInfo)))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// described are the nodes that are asked for: one, or a page of all, or of those that stand alone.
func described(tx store.Tx, id string, standalone bool, p act.Page) ([]store.NodeRef, error) {
	switch {
	case id != "":
		g, err := store.GroupOfNode(tx, id)
		return []store.NodeRef{{NodeID: id, Group: g}}, err
	case standalone:
		return standaloneClusters(tx, p)
	}
	return store.GroupsOfNodes(tx, p.After, p.Size+1)
}

func standaloneClusters(tx store.Tx, p act.Page) ([]store.NodeRef, error) {
	groups, err := store.Page(tx, store.Groups, store.GroupRange(cache.ResourceCacheCluster, p.After, p.Size+1))
	var refs []store.NodeRef
	for _, g := range groups {
		refs = append(refs, store.NodeRef{NodeID: g.ID, Group: g})
	}
	return refs, err
}
