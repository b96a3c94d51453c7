package usage

import (
	"context"
	"fmt"
	"time"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/engine"
)

// endTimeout bounds one call of End.
const endTimeout = 5 * time.Second

// NodeConnections are the live connections of one credential on one node.
type NodeConnections struct {
	Node *replication.Node // of the group that was asked about
	IDs  []int64           // oldest first; valid for the node's process that was asked, and no other
}

// Connections lists the live connections of a credential, a fingerprint or
// [token.None], on every node of a group that has some, and names the nodes that
// could not be asked.
func (c *Collector) Connections(ctx context.Context, g *replication.Group, credential string) ([]NodeConnections, []usage.MissingNode) {
	nodes := g.Nodes()
	ids := make([][]int64, len(nodes))
	missing := c.each(ctx, nodes, func(ctx context.Context, i int, admin *engine.Admin) (err error) {
		ids[i], err = admin.Connections(ctx, credential)
		return err
	})
	var found []NodeConnections
	for i := range ids {
		if len(ids[i]) > 0 {
			found = append(found, NodeConnections{Node: nodes[i], IDs: ids[i]})
		}
	}
	return found, missing
}

// End ends connections of a node by their ids. Those that have ended by themselves are no error.
func (c *Collector) End(ctx context.Context, node *replication.Node, ids []int64) error {
	ctx, cancel := context.WithTimeout(ctx, endTimeout)
	defer cancel()
	err := c.withNode(ctx, node, func(admin *engine.Admin) error { return admin.EndConnections(ctx, ids) })
	if err != nil {
		return fmt.Errorf("end connections on node %s: %w", node.ID, err)
	}
	return nil
}
