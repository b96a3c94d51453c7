package extension

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// StartAuthTokenRotation is the action [own.StartAuthTokenRotation].
func (h Handlers) StartAuthTokenRotation(ctx context.Context, in *own.StartAuthTokenRotationInput) (*own.RotationOutput, error) {
	spec, err := rotationSpec(in)
	if err != nil {
		return nil, err
	}
	if err := h.checkDelivery(ctx, spec); err != nil {
		return nil, err
	}
	salt := rotation.NewSalt()
	return h.step(ctx, in.ReplicationGroupId, func(g *replication.Group) ([]cache.Event, error) {
		return g.StartRotation(spec, rotation.Requested, salt, h.Now())
	})
}

// CancelAuthTokenRotation is the action [own.CancelAuthTokenRotation].
func (h Handlers) CancelAuthTokenRotation(ctx context.Context, in *own.GroupInput) (*own.RotationOutput, error) {
	return h.step(ctx, in.ReplicationGroupId, func(g *replication.Group) ([]cache.Event, error) {
		return g.Turn(rotation.Cancel, h.Now())
	})
}

// ContinueAuthTokenRotation is the action [own.ContinueAuthTokenRotation].
func (h Handlers) ContinueAuthTokenRotation(ctx context.Context, in *own.GroupInput) (*own.RotationOutput, error) {
	return h.step(ctx, in.ReplicationGroupId, func(g *replication.Group) ([]cache.Event, error) {
		return g.Turn(rotation.Finish, h.Now())
	})
}

// RollBackAuthTokenRotation is the action [own.RollBackAuthTokenRotation].
func (h Handlers) RollBackAuthTokenRotation(ctx context.Context, in *own.GroupInput) (*own.RotationOutput, error) {
	return h.step(ctx, in.ReplicationGroupId, func(g *replication.Group) ([]cache.Event, error) {
		return g.Turn(rotation.RequestRollBack, h.Now())
	})
}

// step does one thing to a group's rotation.
func (h Handlers) step(ctx context.Context, group *string, step func(*replication.Group) ([]cache.Event, error)) (*own.RotationOutput, error) {
	g, err := act.ChangeGroup(ctx, h.Groups, act.NamedGroup(group), step)
	if err != nil {
		return nil, err
	}
	return &own.RotationOutput{Rotation: authTokenRotation(*g.Rotation)}, nil
}
