package elasticache

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

func (a *API) startAuthTokenRotation(ctx context.Context, in *own.StartAuthTokenRotationInput) (*own.RotationOutput, error) {
	spec, err := rotationSpec(in)
	if err != nil {
		return nil, err
	}
	if err := a.checkDelivery(ctx, spec); err != nil {
		return nil, err
	}
	salt := rotation.NewSalt()
	return a.rotation(ctx, in.ReplicationGroupId, func(g *replication.Group) ([]cache.Event, error) {
		return g.StartRotation(spec, rotation.Requested, salt, a.Now())
	})
}

func (a *API) cancelAuthTokenRotation(ctx context.Context, in *own.GroupInput) (*own.RotationOutput, error) {
	return a.rotation(ctx, in.ReplicationGroupId, func(g *replication.Group) ([]cache.Event, error) {
		return g.CancelRotation(a.Now())
	})
}

func (a *API) continueAuthTokenRotation(ctx context.Context, in *own.GroupInput) (*own.RotationOutput, error) {
	return a.rotation(ctx, in.ReplicationGroupId, func(g *replication.Group) ([]cache.Event, error) {
		return g.Finish(a.Now())
	})
}

func (a *API) rollBackAuthTokenRotation(ctx context.Context, in *own.GroupInput) (*own.RotationOutput, error) {
	return a.rotation(ctx, in.ReplicationGroupId, func(g *replication.Group) ([]cache.Event, error) {
		return g.RequestRollBack(a.Now())
	})
}

// rotation does one thing to a group's rotation.
func (a *API) rotation(ctx context.Context, group *string, step func(*replication.Group) ([]cache.Event, error)) (*own.RotationOutput, error) {
	g, err := act.ChangeGroup(ctx, a.groups(), act.NamedGroup(group), step)
	if err != nil {
		return nil, err
	}
	return &own.RotationOutput{Rotation: authTokenRotation(*g.Rotation)}, nil
}
