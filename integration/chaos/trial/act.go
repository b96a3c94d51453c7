package trial

import (
	"context"
	"fmt"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
)

// kill ends nodes with SIGKILL.
func (r *run) kill(nodes ...string) error {
	for _, node := range nodes {
		if err := r.signal(node, syscall.SIGKILL); err != nil {
			return err
		}
		r.killed = append(r.killed, node)
	}
	return nil
}

func (r *run) process(node string) *process { return r.processes[node] }

func (r *run) signal(node string, s syscall.Signal) error {
	if err := r.process(node).signal(s); err != nil {
		return fmt.Errorf("signal %s: %w", node, err)
	}
	return nil
}

// testFailover asks for a planned failover. The control plane may die of it: then it is
// asked again, unless it has been heard.
func (r *run) testFailover(ctx context.Context) error {
	return await(ctx, func() error {
		if receipts, err := r.group.receipts(ctx); err != nil || len(receipts) > 0 {
			return err
		}
		c, err := r.group.plane.client()
		if err != nil {
			return err
		}
		_, err = c.ElastiCache.TestFailover(ctx, &elasticache.TestFailoverInput{
			ReplicationGroupId: &r.group.id, NodeGroupId: aws.String("0001"),
		}, func(o *elasticache.Options) { o.RetryMaxAttempts = 1 })
		return err
	})
}

// endpointAnswered reports whether a write through the primary endpoint was
// acknowledged by another process than that of the old primary.
func (r *run) endpointAnswered() bool {
	writes, _ := r.referee.ledger.read()
	for _, w := range writes {
		if w.Client == endpointLane && w.Process != r.before.process[r.before.primary] {
			return true
		}
	}
	return false
}
