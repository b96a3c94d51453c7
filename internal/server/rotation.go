package server

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	cacherotation "github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/delivery"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/reconcile"
	"github.com/aikagi/aikagi/internal/reconcile/group"
	"github.com/aikagi/aikagi/internal/reconcile/rotation"
)

// rotationWorkers is how many rotations are worked on at the same time. All groups may have
// the same maintenance window, and whoever watches for clients that fail must not wait.
const rotationWorkers = 256

// rotate makes the loop that carries rotations out.
func (s *Server) rotate(witness *group.Witness, keyring engine.Keyring) {
	o := &s.options
	s.rotator = rotation.New(rotation.Options{
		Store: s.store, Keyring: keyring, Witness: witness, Usage: s.usage, Delivery: s.delivery, Advertise: o.Advertise, Logger: o.Logger, Now: o.Now,
	})
	s.rotations = reconcile.New(reconcile.Options{Reconciler: s.rotator, Workers: rotationWorkers, Logger: o.Logger})
}

func (s *Server) delivery(target cacherotation.Target) (delivery.Delivery, error) {
	o := &s.options
	own, err := s.dir.Deliveries()
	if err != nil {
		return nil, err
	}
	return delivery.New(target, delivery.Options{
		Files: append([]string{own}, o.DeliveryFiles...), Commands: o.DeliveryCommands, Endpoints: o.DeliveryEndpoints, Logger: o.Logger, Point: fault.Point,
	})
}

// checkDelivery says before a rotation begins whether a delivery would work.
func (s *Server) checkDelivery(ctx context.Context, target cacherotation.Target) error {
	to, err := s.delivery(target)
	if err != nil {
		return err
	}
	return to.Check(ctx)
}

// admit has a group looked at whose security groups let others in from now on.
func (s *Server) admit(key cache.Key) {
	s.groups.Break(key)
	s.loop.AddUrgent(key)
}

// look wakes the reconcilers that a written group concerns; g is nil if the group is gone.
func (s *Server) look(key cache.Key, g *replication.Group) {
	if g == nil || g.Beyond() {
		s.addresses.Look()
	}
	switch {
	case g == nil:
		s.loop.Add(key)
		s.rotations.Add(key)
		return
	case s.groups.Wrote(g):
	case g.Rotation != nil && g.TokenChange != "": // clients may wait for it
		s.loop.AddUrgent(key)
	default:
		s.loop.Add(key)
	}
	if (g.Rotation != nil || g.RotationSchedule != nil) && !s.rotator.Wrote(g) {
		s.rotations.Add(key)
	}
}
