package group

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/gate"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/store"
)

// stopTimeout bounds a planned stop: the node may have much to save.
const stopTimeout = 2 * time.Minute

// carryOut does the steps of one plan side by side; they concern different nodes. What
// came to pass is written down even if a step beside it failed.
func (s *session) carryOut(ctx context.Context, g *replication.Group, steps []Step) error {
	errs, notes := make([]error, len(steps)), make([]note, len(steps))
	var all sync.WaitGroup
	for i, step := range steps {
		if decide := deeds[step.Kind].decide; decide != nil {
			notes[i] = decide(s, step)
			continue
		}
		all.Go(func() {
			began := time.Now() // for the log, so not the clock that decides
			notes[i], errs[i] = s.step(ctx, g, step)
			s.Logger.Debug("step", "group", g.Key(), "kind", step.Kind, "node", step.NodeID, "took", time.Since(began))
		})
	}
	all.Wait()
	notes = slices.DeleteFunc(notes, func(n note) bool { return n == nil })
	// An interrupted plan still writes down what it has done.
	if err := s.note(noting(context.WithoutCancel(ctx), g, steps), g, notes); err != nil {
		return errors.Join(append(errs, err)...)
	}
	for _, step := range steps {
		if point := deeds[step.Kind].noted; point != "" {
			fault.Point(point)
		}
	}
	return errors.Join(errs...)
}

// noting is the context in which what steps came to is written down. What is drafted for a group that is being created need not be on the
// disk yet: a loss of power ends its processes, too, and what is left of the creation is begun anew.
func noting(ctx context.Context, g *replication.Group, steps []Step) context.Context {
	lasting := func(s Step) bool { return !deeds[s.Kind].draft }
	if g.Status != cache.StatusCreating || slices.ContainsFunc(steps, lasting) {
		return ctx
	}
	return store.WithDeferredSync(ctx)
}

// start writes everything that the process reads when it begins, then begins it.
func (s *session) start(ctx context.Context, g *replication.Group, node *replication.Node, source string) error {
	if err := s.seal(ctx, g, node); err != nil {
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
		Engine: g.Version(), Args: []string{engine.Own(engine.ConfigFile)}, Preload: engine.Own(engine.ModuleLink), Incarnation: node.Incarnation, Group: g.UID, VCPUs: cache.NodeVCPUs(g.NodeType),
	})
	fault.Point(fault.NodeStarted)
	return err
}

// seal has the node's files be encrypted, if its group wants that, and be open to us.
func (s *session) seal(ctx context.Context, g *replication.Group, node *replication.Node) error {
	if g.DataKey == nil {
		return nil
	}
	return provider.Seal(ctx, s.Provider, provider.NameOf(node), func(ctx context.Context) ([]byte, error) {
		key, err := s.DataKeys.Open(ctx, g.UID, g.DataKey)
		if err != nil {
			return nil, err
		}
		return key.Node(node.UID).Reveal(), nil
	})
}

// opensAtOnce reports whether a look at a group with a data key may open its nodes' files: not if that may have to wait for a key service, while a node of
// the group runs that may have to take another one's place.
func (s *session) opensAtOnce(g *replication.Group) bool {
	if g.DataKey.KMSKeyID == "" || s.DataKeys.Known(g.UID) {
		return true
	}
	return !slices.ContainsFunc(g.Nodes(), func(n *replication.Node) bool {
		return s.Provider.Inspect(provider.NameOf(n)).Phase == provider.PhaseRunning
	})
}

func (s *session) replicate(ctx context.Context, node *replication.Node, source netip.AddrPort) error {
	err := s.withAdmin(ctx, node, func(admin *engine.Admin) error { return admin.Replicate(ctx, source) })
	fault.Point(fault.RoleChanged)
	return err
}

// errOccupied: somebody else listens at an address of a node.
var errOccupied = errors.New("an address of the node is in use by another program")

// doors are addresses of a group as nodes are told to serve clients at them.
func (s *session) doors(g *replication.Group, addresses ...netip.AddrPort) engine.Doors {
	doors := doorsOf(g, s.uses.Admits, addresses)
	doors.Network = s.Network
	return doors
}

// doorsOf are addresses of a group as nodes serve clients at them. Of each shard, replicas share the reader endpoint.
func doorsOf(g *replication.Group, admits security.Admission, addresses []netip.AddrPort) engine.Doors {
	var shared []netip.AddrPort
	for i := range g.Shards {
		shared = append(shared, g.Readers(&g.Shards[i])...)
	}
	var nodes []netip.Prefix
	for _, node := range g.Nodes() {
		if from := node.ServiceAddress().Addr(); from.IsLoopback() {
			nodes = append(nodes, netip.PrefixFrom(from, from.BitLen()))
		}
	}
	limits := g.Tags.SourceLimits()
	doors := engine.Doors{
		Addresses: addresses, Links: g.Links(), Nodes: nodes, Shared: shared, Mode: modeOf(g.Transit), Admits: admits,
		PerSource: gate.PerSource{Connections: limits.Connections, Rate: limits.Rate},
		Watch:     g.Move != nil,
	}
	if g.Move != nil && !g.Move.Both() {
		doors.Left = g.Others()
	}
	return doors
}

// modeOf is how gates say how clients of a group connect.
func modeOf(transit cache.Transit) gate.Mode {
	switch transit {
	case cache.TransitPreferred:
		return gate.ModePreferred
	case cache.TransitRequired:
		return gate.ModeRequired
	}
	return gate.ModeNone
}

// listen opens a node's addresses, and tells of the clients that are not allowed there any more.
func (s *session) listen(ctx context.Context, g *replication.Group, node *replication.Node, addresses []netip.AddrPort) (tell note, err error) {
	if err := s.hold(ctx, g, addresses); err != nil {
		return nil, err
	}
	err = s.withAdmin(ctx, node, func(admin *engine.Admin) error {
		ended, err := admin.Listen(ctx, s.doors(g, addresses...))
		tell = noteEnded(node.ID, ended, s.Now())
		return err
	})
	fault.Point(fault.DoorsOpened)
	if g.Move != nil && !g.Move.Both() {
		fault.Point(fault.PlacesLeft)
	}
	if engine.IsOccupied(err) {
		return nil, occupied(g.ShardOf(node.ID).ReaderEndpoint, addresses)
	}
	return tell, err
}

// occupied says which addresses may be in use. Linux lets only processes of one user share one, as replicas share the reader endpoint.
func occupied(reader netip.AddrPort, addresses []netip.AddrPort) error {
	if slices.Contains(addresses, reader) {
		return fmt.Errorf("%w: %v, or %s by a replica that runs as another user: after a change of --engine-user, reboot the nodes that were started before", errOccupied, addresses, reader)
	}
	return fmt.Errorf("%w: %v", errOccupied, addresses)
}

// noteEnded tells of connections that are not allowed any more; nil: there were none.
func noteEnded(nodeID string, ended engine.Ended, now time.Time) note {
	if ended == (engine.Ended{}) {
		return nil
	}
	return func(g *replication.Group) (events []cache.Event) {
		if ended.ShutOut > 0 {
			events = append(events, g.NoteShutOut(nodeID, ended.ShutOut, now)...)
		}
		if ended.Barred > 0 {
			events = append(events, g.NoteBarred(nodeID, ended.Barred, engine.EndTime, now)...)
		}
		if ended.Leaving > 0 {
			events = append(events, g.NoteLeaving(nodeID, ended.Leaving, engine.EndTime, now)...)
		}
		return events
	}
}

func (s *session) turnAway(ctx context.Context, g *replication.Group, node *replication.Node) error {
	from := s.doors(g, append(g.Own(node), g.Readers(g.ShardOf(node.ID))...)...)
	err := s.withAdmin(ctx, node, func(admin *engine.Admin) error { return admin.TurnAway(ctx, from) })
	fault.Point(fault.DoorsOpened)
	return err
}

// applyAccess writes the file first: a process that dies in between comes back
// with the new set.
func (s *session) applyAccess(ctx context.Context, g *replication.Group, node *replication.Node, version cache.EngineVersion) error {
	if err := s.Provider.Install(ctx, provider.NameOf(node), []provider.File{s.accessFile(g, node, version)}); err != nil {
		return err
	}
	fault.Point(fault.AccessWritten)
	err := s.withAdmin(ctx, node, func(admin *engine.Admin) error {
		return admin.ApplyAccess(ctx, callersOf(g, s.uses.Users), rightsIn(g, version))
	})
	fault.Point(fault.AccessApplied)
	return err
}

// renewCertificate writes the file that is not in use, then switches over to it.
func (s *session) renewCertificate(ctx context.Context, g *replication.Group, node *replication.Node) error {
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

// prove logs in to the node as clients do, to the primary through its endpoint, and at both places while the group is moved; see the
// package's doc for what it shows.
func (s *session) prove(ctx context.Context, g *replication.Group, node *replication.Node, counts bool) error {
	at := g.ForClients(node)
	if shard := g.ShardOf(node.ID); node.ID == shard.PrimaryID && shard.PrimaryEndpoint.IsValid() {
		at = g.Primaries(shard)
	}
	for _, a := range at {
		if err := s.proveAt(ctx, g, node, a, counts); err != nil {
			return err
		}
	}
	fault.Point(fault.Proven)
	return nil
}

func (s *session) proveAt(ctx context.Context, g *replication.Group, node *replication.Node, at netip.AddrPort, counts bool) error {
	var as engine.Prober
	if counts {
		as = s.Keyring.Prober(node.UID)
	}
	logins := engine.Logins{
		Passwordless: callersOf(g, s.uses.Users).Passwordless(),
		Accept:       s.Witness.known(g.Key(), g.Tokens),
		Refuse:       []token.Token{s.Keyring.Decoy(g.UID)},
	}
	door := pathTo(node, at)
	var overTLS, inPlaintext error
	var both sync.WaitGroup
	if g.Transit.TLS() {
		both.Go(func() { overTLS = engine.ProveLogins(ctx, door, s.clientTLS(g, node, door.To.Addr()), as, logins) })
	}
	if g.Transit.Plaintext() {
		inPlaintext = engine.ProveLogins(ctx, door, nil, as, logins)
	} else {
		inPlaintext = engine.ProvePlaintextRefused(ctx, door)
	}
	both.Wait()
	return errors.Join(overTLS, inPlaintext)
}

// pathTo is how the service comes to one of a node's addresses. Over IPv4 it may come from a loopback address to any other of this
// machine. Over IPv6 it has none that is its own, so the node's link stands for what clients use: one order opens both in the same mode.
func pathTo(node *replication.Node, at netip.AddrPort) engine.Path {
	link := node.ServiceAddress()
	switch {
	case !link.Addr().IsLoopback():
		return engine.Path{To: at}
	case at.Addr().Is4():
		return engine.Path{To: at, From: link.Addr()}
	}
	return engine.Path{To: link, From: link.Addr()}
}

// clientTLS is how a client connects to an address of a node over TLS: by what the node's certificate is to have of it, which is the
// address itself, what clients call it, or at least the node's link.
func (s *session) clientTLS(g *replication.Group, node *replication.Node, to netip.Addr) *tls.Config {
	name := to.String()
	if names, addresses := s.certificateNames(g, node); !slices.Contains(addresses, to) {
		called := g.Calls(s.Advertise)
		advertised, _ := netip.ParseAddr(called)
		switch {
		case slices.Contains(names, called), slices.Contains(addresses, advertised):
			name = called
		case node.ServiceAddress().Addr().IsLoopback():
			name = node.ServiceAddress().Addr().String()
		}
	}
	return &tls.Config{RootCAs: s.Authority.CertPool(), ServerName: name, MinVersion: tls.VersionTLS12, Time: s.Now}
}
