package elasticache

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// StartAuthTokenRotationInput asks for a guided rotation: the service makes a new token,
// has the nodes accept it beside the old one, delivers it, waits until nobody uses the old
// one, ends that, and brings it back if clients are locked out. No action of the original
// does. Durations are written like 30s, 10m or 24h; see [cache.RotationSpec].
type StartAuthTokenRotationInput struct {
	ReplicationGroupId *string
	Delivery           *string // file:/path, command:/program arguments, secretsmanager:name?region=…; required without FinishOnly
	Finish             *string // quiet=DURATION, deadline=DURATION, both with a comma, or ask; default quiet=10m
	Brownout           *string // default 0: none
	EvictOver          *string // default 0: connections stay
	Grace              *string // default 10m
	RollBackOver       *int64  // refused logins; default 0: the first one brings the old token back; negative: none does
	FinishOnly         *bool   // finish what was begun with ROTATE
}

// AuthTokenRotationOutput answers what is asked of one rotation.
type AuthTokenRotationOutput struct {
	Rotation *AuthTokenRotation
}

func (a *API) startAuthTokenRotation(ctx context.Context, in *StartAuthTokenRotationInput) (*AuthTokenRotationOutput, error) {
	form := rotationForm{
		delivery: in.Delivery, finish: in.Finish, brownout: in.Brownout, evictOver: in.EvictOver, grace: in.Grace,
		rollBackOver: in.RollBackOver, finishOnly: in.FinishOnly != nil && *in.FinishOnly,
	}
	spec, err := form.spec()
	if err != nil {
		return nil, err
	}
	if err := a.checkDelivery(ctx, spec); err != nil {
		return nil, err
	}
	salt := cache.NewRotationSalt()
	return a.rotation(ctx, in.ReplicationGroupId, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		return g.StartRotation(spec, cache.RotationRequested, salt, a.Now())
	})
}

// CancelAuthTokenRotationInput ends a rotation before SET. A token that was not delivered
// is taken back; one that was stays accepted beside the old one.
type CancelAuthTokenRotationInput struct {
	ReplicationGroupId *string
}

func (a *API) cancelAuthTokenRotation(ctx context.Context, in *CancelAuthTokenRotationInput) (*AuthTokenRotationOutput, error) {
	return a.rotation(ctx, in.ReplicationGroupId, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		return g.CancelRotation(a.Now())
	})
}

// ContinueAuthTokenRotationInput lets a rotation that waits end the old token now.
type ContinueAuthTokenRotationInput struct {
	ReplicationGroupId *string
}

func (a *API) continueAuthTokenRotation(ctx context.Context, in *ContinueAuthTokenRotationInput) (*AuthTokenRotationOutput, error) {
	return a.rotation(ctx, in.ReplicationGroupId, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		return g.Finish(a.Now())
	})
}

// RollBackAuthTokenRotationInput brings the old token back after SET, while the rotation
// still watches.
type RollBackAuthTokenRotationInput struct {
	ReplicationGroupId *string
}

func (a *API) rollBackAuthTokenRotation(ctx context.Context, in *RollBackAuthTokenRotationInput) (*AuthTokenRotationOutput, error) {
	return a.rotation(ctx, in.ReplicationGroupId, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		return g.RequestRollBack(a.Now())
	})
}

// rotation does one thing to a group's rotation.
func (a *API) rotation(ctx context.Context, group *string, step func(*cache.ReplicationGroup) ([]cache.Event, error)) (*AuthTokenRotationOutput, error) {
	g, err := act.ChangeGroup(ctx, a.groups(), act.NamedGroup(group), step)
	if err != nil {
		return nil, err
	}
	rendered := authTokenRotation(*g.Rotation)
	return &AuthTokenRotationOutput{Rotation: &rendered}, nil
}
