package group

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/provider"
)

// stopTimeout bounds a planned stop: the node may have much to save.
const stopTimeout = 2 * time.Minute

// carryOut does the steps of one plan side by side; they concern different nodes.
func (s *session) carryOut(ctx context.Context, g *cache.ReplicationGroup, steps []Step) error {
	errs := make([]error, len(steps))
	var all sync.WaitGroup
	var noted []Step
	for i, step := range steps {
		if step.Kind == StepNoteCrash || step.Kind == StepNoteSaving {
			noted = append(noted, step)
			continue
		}
		all.Go(func() {
			began := time.Now() // for the log, so not the clock that decides
			if err := s.step(ctx, g, g.Node(step.NodeID), step); err != nil {
				errs[i] = fmt.Errorf("%s %s: %w", step.Kind, step.NodeID, err)
			}
			s.Logger.Debug("step", "group", g.Key(), "kind", step.Kind, "node", step.NodeID, "took", time.Since(began))
		})
	}
	all.Wait()
	return errors.Join(append(errs, s.note(ctx, g, noted))...)
}

func (s *session) step(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node, step Step) error {
	switch step.Kind {
	case StepStart:
		return s.start(ctx, g, node, step.Source)
	case StepStop:
		return s.stop(ctx, node)
	case StepKill:
		return s.Provider.Kill(ctx, NodeName(node))
	case StepRemove:
		err := s.Provider.Remove(ctx, NodeName(node))
		fault.Point(fault.NodeRemoved)
		return err
	case StepReplicate:
		return s.replicate(ctx, g, node, step.Source)
	case StepAccess:
		return s.applyAccess(ctx, g, node)
	case StepMemory:
		return s.withAdmin(ctx, node, func(admin *engine.Admin) error {
			return admin.SetMaxMemory(ctx, cache.MaxMemory(g.NodeType))
		})
	case StepTick:
		return s.withAdmin(ctx, node, func(admin *engine.Admin) error { return admin.SetTick(ctx, step.Tick) })
	case StepCertificate:
		return s.renewCertificate(ctx, g, node)
	case StepProve:
		return s.prove(ctx, g, node)
	}
	return fmt.Errorf("unknown step %q", step.Kind)
}

// start writes everything that the process reads when it begins, then begins it.
func (s *session) start(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node, source string) error {
	program, err := s.program(g)
	if err != nil {
		return err
	}
	files, err := s.files(g, node, source)
	if err != nil {
		return err
	}
	if err := s.Provider.Install(ctx, NodeName(node), files); err != nil {
		return err
	}
	fault.Point(fault.NodeInstalled)
	err = s.Provider.Start(ctx, NodeName(node), provider.Launch{
		Program: program, Args: []string{engine.ConfigFile}, Incarnation: node.Incarnation,
	})
	fault.Point(fault.NodeStarted)
	return err
}

func (s *session) stop(ctx context.Context, node *cache.Node) error {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	s.hangUp(node)
	err := s.Provider.Stop(ctx, NodeName(node))
	fault.Point(fault.NodeStopped)
	return err
}

func (s *session) replicate(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node, source string) error {
	err := s.withAdmin(ctx, node, func(admin *engine.Admin) error {
		return admin.Replicate(ctx, s.addressOf(g, source))
	})
	fault.Point(fault.RoleChanged)
	return err
}

// applyAccess writes the file first: a process that dies in between comes back
// with the new set.
func (s *session) applyAccess(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node) error {
	if err := s.Provider.Install(ctx, NodeName(node), []provider.File{s.accessFile(g, node)}); err != nil {
		return err
	}
	fault.Point(fault.AccessWritten)
	err := s.withAdmin(ctx, node, func(admin *engine.Admin) error { return admin.ApplyAccess(ctx, g.Tokens) })
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
		if err := s.Provider.Install(ctx, NodeName(node), []provider.File{certificate}); err != nil {
			return err
		}
		fault.Point(fault.CertificateWritten)
		return admin.UseCertificate(ctx, name)
	})
}

// prove logs in to the node as clients do; see the package's doc for what it shows.
func (s *session) prove(ctx context.Context, g *cache.ReplicationGroup, node *cache.Node) error {
	var config *tls.Config
	if g.TransitEncryption {
		config = &tls.Config{RootCAs: s.Authority.CertPool(), ServerName: node.Address.String(), MinVersion: tls.VersionTLS12, Time: s.Now}
	}
	err := engine.ProveLogins(ctx, netip.AddrPortFrom(node.Address, uint16(g.Port)), config, engine.Logins{
		Passwordless: g.Tokens.Passwordless(),
		Accept:       s.Witness.known(g.Key(), g.Tokens),
		Refuse:       []cache.Token{s.Keyring.Decoy(g.UID)},
	})
	fault.Point(fault.Proven)
	return err
}

// note writes down, in one transaction, what happened to nodes by itself.
func (s *session) note(ctx context.Context, g *cache.ReplicationGroup, steps []Step) error {
	var events []cache.Event
	for _, step := range steps {
		if step.Kind == StepNoteSaving {
			events = append(events, g.NoteSaving(step.NodeID, step.Failed, s.Now())...)
			continue
		}
		reason := step.Reason
		if reason == "" {
			reason = "while aikagi was not running"
		}
		events = append(events, g.NoteCrash(step.NodeID, reason, s.Now())...)
	}
	if len(events) == 0 {
		return nil
	}
	err := s.write(ctx, g, events)
	fault.Point(fault.CrashNoted)
	if errors.Is(err, errChanged) {
		return nil // the next plan is made from what is stored then
	}
	return err
}

// withAdmin hands out the connection to a node, and drops it after an error that
// is not the engine's own answer.
func (s *session) withAdmin(ctx context.Context, node *cache.Node, fn func(*engine.Admin) error) error {
	admin, err := s.admin(ctx, node)
	if err != nil {
		return err
	}
	if err := fn(admin); err != nil {
		if !engine.IsRefused(err) {
			s.hangUp(node)
		}
		return err
	}
	return nil
}
