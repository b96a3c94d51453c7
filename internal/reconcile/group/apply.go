package group

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/provider"
)

// stopTimeout bounds a planned stop: the node may have much to save.
const stopTimeout = 2 * time.Minute

// carryOut does the steps of one plan side by side; they concern different nodes. What
// came to pass is written down even if a step beside it failed.
func (s *session) carryOut(ctx context.Context, g *cache.ReplicationGroup, steps []Step) error {
	errs, notes := make([]error, len(steps)), make([]note, len(steps))
	var all sync.WaitGroup
	for i, step := range steps {
		if notes[i] = s.decided(step); notes[i] != nil {
			continue
		}
		all.Go(func() {
			began := time.Now() // for the log, so not the clock that decides
			var err error
			if notes[i], err = s.step(ctx, g, step); err != nil {
				errs[i] = fmt.Errorf("%s %s: %w", step.Kind, step.NodeID, err)
			}
			s.Logger.Debug("step", "group", g.Key(), "kind", step.Kind, "node", step.NodeID, "took", time.Since(began))
		})
	}
	all.Wait()
	notes = slices.DeleteFunc(notes, func(n note) bool { return n == nil })
	// An interrupted plan still writes down what it has done.
	if err := s.note(context.WithoutCancel(ctx), g, notes); err != nil {
		return errors.Join(append(errs, err)...)
	}
	for _, step := range steps {
		notedPoint(step.Kind)
	}
	return errors.Join(errs...)
}

// step does something to a node, and returns what is to be written down of it.
func (s *session) step(ctx context.Context, g *cache.ReplicationGroup, step Step) (note, error) {
	node := g.Node(step.NodeID)
	switch step.Kind {
	case StepStart:
		if err := s.start(ctx, g, node, step.Source); err != nil {
			return s.startFault(node, err), err
		}
		return nil, nil
	case StepStop, StepKill, StepRemove: // need no answer of the node
		return nil, s.move(ctx, node, step)
	case StepSetAside:
		return s.setAside(ctx, node, step.To)
	case StepNoteCrowd:
		return s.noteCrowd(ctx, node, step.Crowd), nil
	}
	ctx, cancel := s.Health.Guard(ctx, provider.NameOf(node))
	defer cancel()
	switch step.Kind {
	case StepHandOver:
		return s.switched(s.handOver(ctx, g, node, g.Node(step.To), step.Listen))
	case StepPromote:
		return s.switched(s.promote(ctx, g, node, step))
	}
	return nil, s.do(ctx, g, node, step)
}

func (s *session) switched(done cache.Switch, err error) (note, error) {
	if done.PromotedAt.IsZero() {
		return nil, err
	}
	now := s.Now()
	return func(g *cache.ReplicationGroup) []cache.Event { return g.NoteSwitch(done, now) }, err
}

// move ends a node's process.
func (s *session) move(ctx context.Context, node *cache.Node, step Step) error {
	s.hangUp(node)
	s.Health.Forget(provider.NameOf(node)) // it does not answer while it saves its data
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	switch step.Kind {
	case StepStop:
		err := s.Provider.Stop(ctx, provider.NameOf(node))
		fault.Point(fault.NodeStopped)
		return err
	case StepKill:
		err := s.Provider.Kill(ctx, provider.NameOf(node))
		fault.Point(fault.NodeKilled)
		return err
	}
	err := s.Provider.Remove(ctx, provider.NameOf(node))
	fault.Point(fault.NodeRemoved)
	return err
}

// do tells a running node something.
func (s *session) do(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node, step Step) error {
	switch step.Kind {
	case StepReplicate:
		return s.replicate(ctx, node, s.addressOf(g, step.Source))
	case StepLend:
		err := s.withAdmin(ctx, node, func(admin *engine.Admin) error { return admin.Lend(ctx) })
		fault.Point(fault.RoleChanged)
		if err == nil && len(step.Listen) > 0 {
			err = s.listen(ctx, g, node, step.Listen)
		}
		return err
	case StepListen:
		if step.TurnAway {
			return s.turnAway(ctx, g, node)
		}
		return s.listen(ctx, g, node, step.Listen)
	case StepAccess:
		return s.applyAccess(ctx, g, node, step.Version)
	case StepMemory:
		return s.withAdmin(ctx, node, func(admin *engine.Admin) error {
			return admin.SetMaxMemory(ctx, cache.MaxMemory(g.NodeType))
		})
	case StepTick:
		return s.withAdmin(ctx, node, func(admin *engine.Admin) error { return admin.SetTick(ctx, step.Tick) })
	case StepCertificate:
		return s.renewCertificate(ctx, g, node)
	case StepProve:
		return s.prove(ctx, g, node, step.Counts)
	}
	return fmt.Errorf("unknown step %q", step.Kind)
}

// start writes everything that the process reads when it begins, then begins it.
func (s *session) start(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node, source string) error {
	program, err := s.program(g)
	if err != nil {
		return err
	}
	modulePath, err := s.Module(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errModule, err)
	}
	files, err := s.files(g, node, source, modulePath)
	if err != nil {
		return err
	}
	if err := s.Provider.Install(ctx, provider.NameOf(node), files); err != nil {
		return err
	}
	fault.Point(fault.NodeInstalled)
	err = s.Provider.Start(ctx, provider.NameOf(node), provider.Launch{
		Program: program, Args: []string{engine.Own(engine.ConfigFile)}, Incarnation: node.Incarnation,
	})
	fault.Point(fault.NodeStarted)
	return err
}

func (s *session) replicate(ctx context.Context, node *cache.Node, source netip.AddrPort) error {
	err := s.withAdmin(ctx, node, func(admin *engine.Admin) error { return admin.Replicate(ctx, source) })
	fault.Point(fault.RoleChanged)
	return err
}

// errOccupied: somebody else listens at an address of a node.
var errOccupied = errors.New("an address of the node is in use by another program")

func (s *session) listen(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node, addresses []netip.Addr) error {
	err := s.withAdmin(ctx, node, func(admin *engine.Admin) error { return admin.Listen(ctx, addresses) })
	fault.Point(fault.DoorsOpened)
	if engine.IsRefused(err) {
		return fmt.Errorf("%w: %v, port %d", errOccupied, addresses, g.Port)
	}
	return err
}

func (s *session) turnAway(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node) error {
	from := []netip.AddrPort{netip.AddrPortFrom(node.Address, uint16(g.Port))}
	if reader := g.NodeGroup.ReaderEndpoint; reader.IsValid() {
		from = append(from, netip.AddrPortFrom(reader, uint16(g.Port)))
	}
	err := s.withAdmin(ctx, node, func(admin *engine.Admin) error { return admin.TurnAway(ctx, from) })
	fault.Point(fault.DoorsOpened)
	return err
}

// applyAccess writes the file first: a process that dies in between comes back
// with the new set.
func (s *session) applyAccess(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node, version cache.EngineVersion) error {
	if err := s.Provider.Install(ctx, provider.NameOf(node), []provider.File{s.accessFile(g, node, version)}); err != nil {
		return err
	}
	fault.Point(fault.AccessWritten)
	err := s.withAdmin(ctx, node, func(admin *engine.Admin) error {
		return admin.ApplyAccess(ctx, g.Tokens, rightsIn(g, version))
	})
	fault.Point(fault.AccessApplied)
	return err
}

// renewCertificate writes the file that is not in use, then switches over to it.
func (s *session) renewCertificate(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node) error {
	return s.withAdmin(ctx, node, func(admin *engine.Admin) error {
		view, err := admin.Observe(ctx)
		if err != nil {
			return err
		}
		name := engine.OtherCertificateFile(view.CertificateFile)
		certificate, err := s.certificateFile(g, node, name)
		if err != nil {
			return err
		}
		if err := s.Provider.Install(ctx, provider.NameOf(node), []provider.File{certificate}); err != nil {
			return err
		}
		fault.Point(fault.CertificateWritten)
		return admin.UseCertificate(ctx, name)
	})
}

// prove logs in to the node as clients do, to the primary through its endpoint; see the
// package's doc for what it shows.
func (s *session) prove(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node, counts bool) error {
	at := node.Address
	if endpoint := g.NodeGroup.PrimaryEndpoint; node.ID == g.NodeGroup.PrimaryID && endpoint.IsValid() {
		at = endpoint
	}
	var as engine.Prober
	if counts {
		as = s.Keyring.Prober(node.UID)
	}
	err := engine.ProveLogins(ctx, netip.AddrPortFrom(at, uint16(g.Port)), s.clientTLS(g, at), as, engine.Logins{
		Passwordless: g.Tokens.Passwordless(),
		Accept:       s.Witness.known(g.Key(), g.Tokens),
		Refuse:       []cache.Token{s.Keyring.Decoy(g.UID)},
	})
	fault.Point(fault.Proven)
	return err
}
