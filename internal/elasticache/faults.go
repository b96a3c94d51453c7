package elasticache

import (
	"context"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// NodeFault is why a node cannot start; see [cache.NodeFault].
type NodeFault struct {
	Kind     *string
	Why      *string
	Evidence *string // how its process ended, and the line of its log that tells most
	Fix      *string // what to do about it
	Since    *time.Time
	Text     *string // all of it but the time
	Fact     *Fact   // what the text says
}

func nodeFault(node *cache.Node) *NodeFault {
	f := node.Fault
	if f == nil {
		return nil
	}
	kind, why, evidence, fix := string(f.Kind), f.Why().Text, f.Evidence(), f.Fix(node.ID).Text
	text := f.Text(node.ID)
	return &NodeFault{Text: &text.Text, Fact: factOf(text), Kind: &kind, Why: &why, Evidence: &evidence, Fix: &fix, Since: instant(f.Since)}
}

// DescribeNodeFaultsInput asks which nodes cannot start, and why. No action of the original tells.
type DescribeNodeFaultsInput struct{}

// DescribeNodeFaultsOutput is the answer, in the order of the groups.
type DescribeNodeFaultsOutput struct {
	Nodes []FaultyNode
}

// FaultyNode is a node that cannot start.
type FaultyNode struct {
	CacheClusterId     *string
	ReplicationGroupId *string // absent: it stands alone
	Fault              *NodeFault
}

func (a *API) describeNodeFaults(ctx context.Context, _ *DescribeNodeFaultsInput) (*DescribeNodeFaultsOutput, error) {
	out := &DescribeNodeFaultsOutput{}
	err := a.Store.View(ctx, func(tx store.Tx) error {
		groups, err := store.Page(tx, store.Groups, store.Range{})
		for _, g := range groups {
			for i := range g.NodeGroup.Nodes {
				node := &g.NodeGroup.Nodes[i]
				if node.Fault == nil {
					continue
				}
				faulty := FaultyNode{CacheClusterId: &node.ID, Fault: nodeFault(node)}
				if !g.Standalone {
					faulty.ReplicationGroupId = &g.ID
				}
				out.Nodes = append(out.Nodes, faulty)
			}
		}
		return err
	})
	return out, err
}

// RepairCacheClusterInput asks for a node to be started without its snapshot, which it cannot load.
// The file is kept beside. No action of the original does.
type RepairCacheClusterInput struct {
	CacheClusterId *string
}

// RepairCacheClusterOutput says what the file is called then, in the node's directory.
type RepairCacheClusterOutput struct {
	CacheClusterId *string
	SetAsideAs     *string
}

func (a *API) repairCacheCluster(ctx context.Context, in *RepairCacheClusterInput) (*RepairCacheClusterOutput, error) {
	id := act.Lower(in.CacheClusterId)
	if id == "" {
		return nil, cache.Errorf(cache.KindInvalid, "The parameter CacheClusterId must be provided and must not be blank.")
	}
	g, err := act.ChangeGroup(ctx, a.groups(), act.GroupOf(id), func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		return nil, g.Repair(id, a.Now())
	})
	if err != nil {
		return nil, err
	}
	as := g.Node(id).SetAsideName()
	return &RepairCacheClusterOutput{CacheClusterId: &id, SetAsideAs: &as}, nil
}
