package server

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
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
	s.rotations = reconcile.New(reconcile.Options{
		Workers: rotationWorkers, Logger: o.Logger,
		Reconciler: rotation.New(rotation.Options{
			Store: s.store, Keyring: keyring, Witness: witness, Usage: s.usage, Delivery: s.delivery, Changed: s.loop.AddUrgent, Logger: o.Logger, Now: o.Now,
		}),
	})
}

func (s *Server) delivery(target cache.DeliveryTarget) (delivery.Delivery, error) {
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
func (s *Server) checkDelivery(ctx context.Context, target cache.DeliveryTarget) error {
	to, err := s.delivery(target)
	if err != nil {
		return err
	}
	return to.Check(ctx)
}

// changed has a group looked at whose desired state was written.
func (s *Server) changed(key cache.Key) {
	s.loop.Add(key)
	s.rotations.Add(key)
}
