package rotation

import (
	"context"
	"errors"
	"net"
	"strconv"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/delivery"
	"github.com/aikagi/aikagi/internal/fault"
)

// This file has the steps that talk to a rotation's destination.

// failure is an error of the destination, and what was tried there.
type failure struct {
	what cache.FactCode
	err  error
}

func (f *failure) saying() cache.Saying { return cache.Say(f.what, "detail", f.err.Error()) }

func (f *failure) Error() string { return f.saying().Text }

func (f *failure) Unwrap() error { return f.err }

// rotate makes the new token and asks for it in the group, if it can be delivered then.
// Nothing is staged before every node accepts it: a receiver may put it into use at once.
func (r *Reconciler) rotate(ctx context.Context, g *replication.Group) error {
	token := r.token(g)
	err := r.atDestination(ctx, g, func(to delivery.Delivery, _ delivery.Change) error { return to.Check(ctx) })
	if err != nil {
		return &failure{cache.FactDestinationFailed, err}
	}
	return r.write(ctx, g, token, rotation.RotateIn(token.Digest()))
}

func (r *Reconciler) deliver(ctx context.Context, g *replication.Group) error {
	err := r.atDestination(ctx, g, func(to delivery.Delivery, change delivery.Change) error {
		if err := to.Stage(ctx, change); err != nil {
			return &failure{cache.FactStagingFailed, err}
		}
		fault.Point(fault.TokenStaged)
		return to.Deliver(ctx, change)
	})
	var staging *failure
	if err != nil && !errors.As(err, &staging) {
		err = &failure{cache.FactDeliveryFailed, err}
	}
	if err != nil {
		return err
	}
	fault.Point(fault.TokenDelivered)
	return r.write(ctx, g, nil, rotation.NoteDelivered)
}

// giveUp ends a rotation whose token is not delivered. It takes back what the destination has of the token, as far as
// that works; the group does not rely on it.
func (r *Reconciler) giveUp(ctx context.Context, g *replication.Group, reason cache.Saying) error {
	err := r.atDestination(ctx, g, func(to delivery.Delivery, change delivery.Change) error { return to.Revert(ctx, change) })
	if err != nil {
		r.Logger.Warn("take a token back from its destination", "group", g.ID, "rotation", g.Rotation.ID, "error", err)
	}
	return r.write(ctx, g, nil, rotation.EndDelivery(reason))
}

// finish has the destination forget what it kept of the old token, at the end of a rotation that has delivered. A
// failure does not hold the end up: nothing depends on it.
func (r *Reconciler) finish(ctx context.Context, g *replication.Group) {
	if g.Rotation.Spec.Delivery == nil || g.Rotation.DeliveredAt.IsZero() {
		return
	}
	err := r.atDestination(ctx, g, func(to delivery.Delivery, change delivery.Change) error { return to.Finish(ctx, change) })
	if err != nil {
		r.Logger.Warn("have the destination forget the old token", "group", g.ID, "rotation", g.Rotation.ID, "error", err)
	}
}

// atDestination hands out where the rotation's token goes, and the token, unless that is not
// to be had any more.
func (r *Reconciler) atDestination(ctx context.Context, g *replication.Group, do func(delivery.Delivery, delivery.Change) error) error {
	to, err := r.Delivery(*g.Rotation.Spec.Delivery)
	if err != nil {
		return err
	}
	change := delivery.Change{RotationID: g.Rotation.ID, GroupID: g.ID, Fingerprint: g.Rotation.New.Digest.Fingerprint()}
	if at := g.Shown(g.Shards[0].PrimaryEndpoint, g.Shards[0].PrimaryEndpoint6); at.IsValid() {
		change.Endpoint = net.JoinHostPort(g.Host(at, r.Advertise), strconv.Itoa(int(at.Port())))
	}
	if token := r.token(g); token != nil {
		change.Token, change.Fingerprint = *token, token.Digest().Fingerprint()
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return do(to, change)
}
