package client

import (
	"context"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// StartRotation begins a guided rotation of a group.
func (c *Client) StartRotation(ctx context.Context, group string, how own.StartAuthTokenRotationInput) (own.Rotation, error) {
	how.ReplicationGroupId = &group
	out, err := ask(ctx, c, own.StartAuthTokenRotation, how)
	return out.Rotation, err
}

// ContinueRotation has the rotation that waits end the old token now.
func (c *Client) ContinueRotation(ctx context.Context, group string) (own.Rotation, error) {
	return c.stepRotation(ctx, own.ContinueAuthTokenRotation, group)
}

// CancelRotation ends the rotation that is under way, before SET.
func (c *Client) CancelRotation(ctx context.Context, group string) (own.Rotation, error) {
	return c.stepRotation(ctx, own.CancelAuthTokenRotation, group)
}

// RollBackRotation brings the old token back after SET.
func (c *Client) RollBackRotation(ctx context.Context, group string) (own.Rotation, error) {
	return c.stepRotation(ctx, own.RollBackAuthTokenRotation, group)
}

func (c *Client) stepRotation(ctx context.Context, step own.Action[own.GroupInput, own.RotationOutput], group string) (own.Rotation, error) {
	out, err := ask(ctx, c, step, own.GroupInput{ReplicationGroupId: &group})
	return out.Rotation, err
}

// PutRotationSchedule replaces the schedule of a group.
func (c *Client) PutRotationSchedule(ctx context.Context, group string, when own.PutAuthTokenRotationScheduleInput) (*own.RotationSchedule, error) {
	when.ReplicationGroupId = &group
	out, err := ask(ctx, c, own.PutAuthTokenRotationSchedule, when)
	return out.RotationSchedule, err
}

// DeleteRotationSchedule ends the schedule of a group.
func (c *Client) DeleteRotationSchedule(ctx context.Context, group string) error {
	_, err := ask(ctx, c, own.DeleteAuthTokenRotationSchedule, own.GroupInput{ReplicationGroupId: &group})
	return err
}
