package extension

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/store"
)

func nodeFault(node *replication.Node) *own.NodeFault {
	f := node.Fault
	if f == nil {
		return nil
	}
	text := f.Text(node.ID)
	return &own.NodeFault{
		Kind: string(f.Kind), Why: f.Why().Text, Evidence: f.Evidence(), Fix: f.Fix(node.ID).Text, Since: f.Since,
		Text: text.Text, Fact: factOf(text),
	}
}

// DescribeNodeFaults is the action [own.DescribeNodeFaults].
func (h Handlers) DescribeNodeFaults(ctx context.Context, _ *own.NoInput) (*own.DescribeNodeFaultsOutput, error) {
	out := &own.DescribeNodeFaultsOutput{}
	err := h.Store.View(ctx, func(tx store.Tx) error {
		groups, err := store.Page(tx, store.Groups, store.Range{})
		for _, g := range groups {
			for _, node := range g.Nodes() {
				if node.Fault == nil {
					continue
				}
				faulty := own.FaultyNode{CacheClusterId: node.ID, Fault: *nodeFault(node)}
				if !g.Standalone {
					faulty.ReplicationGroupId = g.ID
				}
				out.Nodes = append(out.Nodes, faulty)
			}
		}
		return err
	})
	return out, err
}

// RepairCacheCluster is the action [own.RepairCacheCluster].
func (h Handlers) RepairCacheCluster(ctx context.Context, in *own.RepairCacheClusterInput) (*own.RepairCacheClusterOutput, error) {
	id := act.Lower(in.CacheClusterId)
	if id == "" {
		return nil, cache.Errorf(cache.KindInvalid, "The parameter CacheClusterId must be provided and must not be blank.")
	}
	g, err := act.ChangeGroup(ctx, h.Groups, act.GroupOf(id), func(g *replication.Group) ([]cache.Event, error) {
		return nil, g.Repair(id, h.Now())
	})
	if err != nil {
		return nil, err
	}
	return &own.RepairCacheClusterOutput{CacheClusterId: id, SetAsideAs: g.Node(id).SetAsideName()}, nil
}
