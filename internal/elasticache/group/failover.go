package group

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// TestFailover is TestFailover.
func (h Handlers) TestFailover(ctx context.Context, in *sdk.TestFailoverInput) (*sdk.TestFailoverOutput, error) {
	recent := 0
	find := func(tx store.Tx) (*replication.Group, error) {
		g, err := act.Group(in.ReplicationGroupId)(tx)
		if err == nil {
			recent, err = testFailoversSince(tx, h.Now().Add(-replication.TestFailoverSpan))
		}
		return g, err
	}
	g, err := act.ChangeGroup(ctx, h.Groups, find, func(g *replication.Group) ([]cache.Event, error) {
		return g.TestFailover(aws.ToString(in.NodeGroupId), recent, h.Now())
	})
	if err != nil {
		return nil, err
	}
	rendered := h.render(g)
	return &sdk.TestFailoverOutput{ReplicationGroup: &rendered}, nil
}

func testFailoversSince(tx store.Tx, since time.Time) (int, error) {
	receipts, err := store.Read(tx, store.Failovers, store.EntryQuery{Label: string(replication.CauseTest), From: since})
	return len(receipts), err
}
