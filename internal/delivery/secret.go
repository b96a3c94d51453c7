package delivery

import (
	"context"
	"fmt"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

type secret struct {
	target  rotation.SecretsManagerTarget
	options Options
}

// Check looks at the secret and reads it. Only a write can show whether it may be written.
func (s *secret) Check(ctx context.Context) error {
	err := s.with(ctx, Change{}, func(v *vault) error {
		state, err := v.look()
		switch {
		case err != nil:
			return err
		case !state.exists && s.target.Create:
			return nil
		case !state.exists:
			return v.missing()
		case state.rotating:
			return refuse("AWS is rotating the secret %s (its AWSPENDING is not AWSCURRENT, and automatic rotation is on). Switch its automatic rotation off, or wait until it is over.", s.target.Secret)
		case state.current == "":
			return nil
		}
		_, err = v.compose(state.current, token.Token{})
		return err
	})
	if err == nil || cache.IsKind(err, cache.KindInvalid) {
		return err
	}
	// Whoever asked for the rotation can often mend it: rights, credentials, names.
	return refuse("The secret %s cannot be used: %v.", s.target.Secret, err)
}

// Stage makes the new version and labels it AWSPENDING.
func (s *secret) Stage(ctx context.Context, change Change) error {
	if err := change.check(true); err != nil {
		return err
	}
	return s.with(ctx, change, func(v *vault) error {
		state, err := v.ensure()
		if err != nil || state.current == "" {
			return err // a first version would be current at once: Deliver makes it
		}
		if done, err := v.holds(state.current, change); done || err != nil {
			return err
		}
		_, err = v.stage(state, change)
		return err
	})
}

// Deliver moves AWSCURRENT to the new version, which it makes if Stage did not.
func (s *secret) Deliver(ctx context.Context, change Change) error {
	if err := change.check(true); err != nil {
		return err
	}
	return s.with(ctx, change, func(v *vault) error {
		state, err := v.ensure()
		if err != nil {
			return err
		}
		if state.current == "" {
			return v.first(change)
		}
		done, err := v.holds(state.current, change)
		if err != nil {
			return err
		}
		if !done {
			id, err := v.stage(state, change)
			if err != nil {
				return err
			}
			if err := v.move(stageCurrent, state.current, id); err != nil {
				return err
			}
			v.point(PointCurrentMoved)
		}
		return v.unstage(change)
	})
}

// Revert moves AWSCURRENT back to AWSPREVIOUS, and removes AWSPENDING.
func (s *secret) Revert(ctx context.Context, change Change) error {
	if err := change.check(false); err != nil {
		return err
	}
	return s.with(ctx, change, func(v *vault) error {
		state, err := v.look()
		if err != nil || !state.exists {
			return err
		}
		// First AWSPENDING: then a version that is both is not staged any more.
		if err := v.unstage(change); err != nil || state.current == "" {
			return err
		}
		inUse, err := v.holds(state.current, change)
		if err != nil || !inUse {
			return err
		}
		if state.previous == "" {
			return fmt.Errorf("revert secret %s: %w", s.target.Secret, ErrNothingBefore)
		}
		// Somebody may have changed another member since, so that both hold the token.
		same, err := v.holds(state.previous, change)
		if err != nil {
			return err
		}
		if same {
			return fmt.Errorf("revert secret %s: %w", s.target.Secret, ErrNothingBefore)
		}
		if err := v.move(stageCurrent, state.current, state.previous); err != nil {
			return err
		}
		v.point(PointCurrentMoved)
		return nil
	})
}

// Finish removes AWSPENDING from a version with the change's token, as is there if the
// rotation ended between Stage and Deliver. AWSCURRENT and AWSPREVIOUS stay where they
// are, so that it does no harm while both tokens are accepted.
func (s *secret) Finish(ctx context.Context, change Change) error {
	if err := change.check(false); err != nil {
		return err
	}
	return s.with(ctx, change, func(v *vault) error { return v.unstage(change) })
}
