package client

import (
	"context"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// Failovers returns the receipts that are kept of one group, or of all for an empty
// one, newest first.
func (c *Client) Failovers(ctx context.Context, group string) ([]own.Failover, error) {
	return askAll(ctx, c, own.DescribeFailovers,
		func(marker *string) own.DescribeFailoversInput {
			return own.DescribeFailoversInput{ReplicationGroupId: optional(group), Marker: marker}
		},
		func(out own.DescribeFailoversOutput) ([]own.Failover, *string) { return out.Failovers, out.Marker })
}

// Rotations returns the guided rotations that are kept of one group, or of all for an empty
// one, under way and over, newest first.
func (c *Client) Rotations(ctx context.Context, group string) ([]own.Rotation, error) {
	return c.rotations(ctx, group, "")
}

// Rotation returns one rotation of a group; found is false if there is none of that id.
func (c *Client) Rotation(ctx context.Context, group, id string) (r own.Rotation, found bool, err error) {
	all, err := c.rotations(ctx, group, id)
	if err != nil || len(all) == 0 {
		return r, false, err
	}
	return all[0], true, nil
}

func (c *Client) rotations(ctx context.Context, group, id string) ([]own.Rotation, error) {
	return askAll(ctx, c, own.DescribeAuthTokenRotations,
		func(marker *string) own.DescribeAuthTokenRotationsInput {
			return own.DescribeAuthTokenRotationsInput{ReplicationGroupId: optional(group), RotationId: optional(id), Marker: marker}
		},
		func(out own.DescribeAuthTokenRotationsOutput) ([]own.Rotation, *string) {
			return out.Rotations, out.Marker
		})
}
