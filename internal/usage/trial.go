package usage

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

// Try asks the first node of a group that answers whether an access would let a command through; see [engine.Admin.Try]. Other errors are of
// [cache.KindUnavailable]: no node answers.
func (c *Collector) Try(ctx context.Context, g *replication.Group, access user.Access, words []string) (trial user.Trial, err error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	for _, node := range g.Nodes() {
		err = c.withNode(ctx, node, func(admin *engine.Admin) (err error) {
			trial, err = admin.Try(ctx, access, policy.Allowance{Restore: g.Tags.AllowsRestore()}, words)
			return err
		})
		if err == nil || cache.IsKind(err, cache.KindInvalid) {
			trial.NodeID = node.ID
			return trial, err
		}
		c.Logger.Debug("node not asked to try a command", "node", node.ID, "error", err)
	}
	return trial, cache.Errorf(cache.KindUnavailable, "No node of %s answers, so the command cannot be tried.", g.ID)
}
