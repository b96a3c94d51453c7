package server

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/console"
	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/dns/hostname"
	"github.com/aikagi/aikagi/internal/elasticache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/sigv4"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/engine/policy"
	"github.com/aikagi/aikagi/internal/health"
	"github.com/aikagi/aikagi/internal/history"
	"github.com/aikagi/aikagi/internal/intake"
	"github.com/aikagi/aikagi/internal/lag"
	"github.com/aikagi/aikagi/internal/provenance"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
	"github.com/aikagi/aikagi/internal/reach"
	"github.com/aikagi/aikagi/internal/reconcile"
	"github.com/aikagi/aikagi/internal/reconcile/group"
	"github.com/aikagi/aikagi/internal/store/sqlite"
	"github.com/aikagi/aikagi/internal/usage"
)

// open takes, in this order: the directory (so that nobody else does), its secrets,
// the engines, the store, and with it what else belongs to it, the running nodes, the port.
func (s *Server) open(ctx context.Context) (err error) {
	o := &s.options
	if s.dir, err = s.take(ctx); err != nil {
		return err
	}
	if err := provenance.Complete(s.dir); err != nil {
		return err
	}
	masterKey, err := s.dir.MasterKey()
	if err != nil {
		return err
	}
	if err := provenance.Nodes(s.dir, masterKey); err != nil {
		return err
	}
	if s.engines, err = s.findEngines(ctx); err != nil {
		return err
	}
	if _, err := s.module(ctx); err != nil {
		return err
	}
	// An interface that holds a nil pointer is not nil, so these are kept only when
	// they are there.
	database, err := sqlite.Open(ctx, s.dir.Store(), sqlite.Options{Logger: o.Logger})
	if err != nil {
		return err
	}
	s.reserve = database.Reserve
	s.store = database
	if err := errors.Join(s.findHost(), s.findPool()); err != nil {
		return err
	}
	accessKey, err := s.recognise(ctx, masterKey)
	if err != nil {
		return err
	}
	domain, err := s.domain()
	if err != nil {
		return err
	}
	if s.ownUsers, err = o.EngineUser.own(ctx, s.engines); err != nil {
		o.Logger.Warn("engines run as root, and could read every file of the machine", "reason", err)
	}
	if err := s.openNodes(ctx); err != nil {
		return err
	}
	if s.audit, err = s.dir.OpenAudit(); err != nil {
		return err
	}
	return s.assemble(ctx, accessKey, masterKey, domain)
}

// openNodes takes over the nodes, and moves to this machine's addresses what was at those of another.
func (s *Server) openNodes(ctx context.Context) error {
	o := &s.options
	addresses, err := address.NewRange(o.AddressRange)
	if err != nil {
		return err
	}
	ports := s.ports()
	if err := errors.Join(s.rehome(ctx, ports), s.keepAddresses()); err != nil {
		return err
	}
	groups, err := s.openCgroups()
	if err != nil {
		return err
	}
	nodes, err := process.New(process.Options{
		Addresses: addresses, Ports: ports, Pools: s.pools(), Hold: s.addresses.Hold, Dir: s.dir.Nodes(), Programs: engine.Programs(s.engines),
		OwnUsers: s.ownUsers, Cgroups: groups, Logger: o.Logger, Now: o.Now,
	})
	if err != nil {
		return err
	}
	s.provider = nodes
	return nil
}

// take gets hold of the data directory, and waits for a moment if it is in use: whoever has it may
// be about to end, or have been killed just now.
func (s *Server) take(ctx context.Context) (*datadir.Dir, error) {
	path := s.options.DataDir
	dir, err := datadir.Open(path)
	if !errors.Is(err, datadir.ErrInUse) {
		return dir, err
	}
	patience := datadir.Patience(path)
	s.options.Progress(fmt.Sprintf("%s is in use: waiting up to %s for it", path, patience))
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return datadir.Wait(ctx, path)
}

// recognise makes sure that the files beside the store belong to it, and says what was lost.
func (s *Server) recognise(ctx context.Context, masterKey []byte) (key datadir.AccessKey, err error) {
	o := &s.options
	if err := provenance.MasterKey(ctx, s.store, s.dir, masterKey); err != nil {
		return key, err
	}
	var about, note string
	if s.authority, note, err = provenance.Authority(ctx, s.store, s.dir, o.Now, o.NewAuthority, o.called()...); err != nil {
		return key, err
	}
	if key, about, err = provenance.AccessKey(ctx, s.store, s.dir); err != nil {
		return key, err
	}
	for _, what := range []string{note, about} {
		if what != "" {
			o.Logger.Warn("file of the data directory was lost or replaced", "what", what)
		}
	}
	return key, nil
}

// findEngines insists on one: a cache service without an engine is a mistake.
func (s *Server) findEngines(ctx context.Context) ([]engine.Installed, error) {
	found, passed, err := engine.Survey(ctx, s.options.EnginePaths)
	if err != nil {
		return nil, fmt.Errorf("%w; --engine-path names a redis-server or valkey-server, or a directory that has one", err)
	}
	if len(found) == 0 {
		return nil, errors.New("no engine was found: install one (for example: apt-get install valkey-server, " +
			"or redis-server), or name one with --engine-path")
	}
	for _, p := range passed {
		s.options.Logger.Warn("engine is not used", "program", p.Path, "reason", p.Why)
	}
	versions := s.options.Versions(found)
	for _, o := range versions.Offers() {
		if o.Aliased() {
			s.options.Logger.Info("engine version is served by another one", "asked", o.Asked, "build", o.Build)
		}
	}
	for _, a := range versions.Idle() {
		s.options.Logger.Warn("alias of an engine version serves nothing: what it stands for is installed, or what is to serve it is not", "alias", a)
	}
	return found, nil
}

// Versions are what can be asked for when these engines are installed.
func (o Options) Versions(found []engine.Installed) cache.Catalogue {
	return cache.NewCatalogue(engine.Versions(found), o.EngineAliases)
}

// module returns the engine module, which somebody may have removed or damaged since it was last
// asked for. Nodes that start at the same time do not all build it.
func (s *Server) module(ctx context.Context) (string, error) {
	s.modules.Lock()
	defer s.modules.Unlock()
	return s.findModule(ctx)
}

// findModule takes the engine module that was given, else the one beside the
// program, else the one in the data directory, which it builds if need be.
func (s *Server) findModule(ctx context.Context) (string, error) {
	if given := s.options.EngineModule; given != "" {
		path, err := filepath.Abs(given)
		if err != nil {
			return "", fmt.Errorf("find engine module: %w", err)
		}
		if err := module.Verify(path); err != nil {
			return "", fmt.Errorf("%w; make one with aikagi module build, or serve without --engine-module", err)
		}
		return path, nil
	}
	if program, err := os.Executable(); err == nil {
		if beside, err := module.Beside(program); err == nil {
			return beside, nil
		}
	}
	if built := filepath.Join(s.dir.Modules(), module.Name()); module.Verify(built) == nil {
		return built, nil
	}
	if err := os.MkdirAll(s.dir.Modules(), 0o700); err != nil {
		return "", fmt.Errorf("build engine module: %w", err)
	}
	s.options.Progress("building the engine module (once)")
	path, err := module.Build(ctx, s.dir.Modules())
	if err != nil {
		return "", fmt.Errorf("build engine module: %w", err)
	}
	return path, nil
}

func (s *Server) assemble(ctx context.Context, accessKey datadir.AccessKey, masterKey []byte, domain hostname.Domain) error {
	o := &s.options
	witness, keyring, dataKeys := group.NewWitness(), engine.NewKeyring(masterKey), s.dataKeys(masterKey)
	lags := lag.New(func(key cache.Key) { s.loop.Add(key) })
	nodes := reach.Nodes{Provider: s.provider, Keyring: keyring}
	s.health = s.watchHealth(nodes, lags)
	s.usage = usage.New(usage.Options{Nodes: nodes, Logger: o.Logger, Now: o.Now})
	s.stream = console.NewStream(console.StreamOptions{Changes: s.store, Version: Version()})
	s.history = history.New(history.Options{
		Store: s.store, Nodes: nodes, Sampled: s.stream.Sampled, Crowded: func(key cache.Key) { s.loop.Add(key) }, Logger: o.Logger, Now: o.Now,
	})
	s.groups = group.New(group.Options{
		Store: s.store, Provider: s.provider, Authority: s.authority, Keyring: keyring, DataKeys: dataKeys, Engines: engine.Versions(s.engines),
		Module: s.module, CopyModule: s.ownUsers, Network: o.AddressRange, Advertise: o.Advertise, Plan: o.AddressPlan, Witness: witness, Health: s.health, Lags: lags, Domain: domain, Logger: o.Logger, Now: o.Now,
	})
	s.loop = reconcile.New(reconcile.Options{Reconciler: s.groups, Workers: o.Workers, Logger: o.Logger})
	s.rotate(witness, keyring)
	s.readEC2()
	s.codes = console.NewCodes(o.Now)
	s.bodies = intake.NewBodies(elasticache.BodyBudget)
	s.room = newRoom(s.dir.Path(), s.dir.Nodes())
	api := elasticache.New(elasticache.Options{
		Store: s.store, Engines: engine.Versions(s.engines), Aliases: o.EngineAliases, AddressPlan: o.AddressPlan, NetworkTypes: o.networkTypes(), Room: s.roomForAddresses(),
		HostName: hostNames(domain, o.Advertise), Witness: witness,
		Usage: s.usage.Of, Refusals: s.usage.Refusals, Guests: s.usage.Guests, EC2: s.ec2(), Commands: policy.Commands(), Try: s.usage.Try, Metrics: s.history.Of, Memory: s.history.Memory, CheckDelivery: s.checkDelivery,
		Lookup: func(id string) (sigv4.Credential, bool) {
			return sigv4.Credential{SecretAccessKey: sigv4.Secret(accessKey.Reveal())}, id == accessKey.ID
		},
		Bodies: s.bodies, Trouble: s.room.trouble, AnyCaller: o.Dev, Version: Version(), StrictSecurity: o.StrictSecurity, NodeMemory: o.NodeMemory, AtRest: s.atRest(dataKeys), Region: o.Region, Account: o.Account,
		ConsoleLink: s.codes.Link, Audit: auditTo(s.audit, o.Logger), Logger: o.Logger, Now: o.Now,
	})
	if err := api.Prepare(ctx); err != nil { // a full disk is no reason not to start
		o.Logger.Warn("complete the store of an earlier release", "error", err)
	}
	if err := s.openConsole(api, accessKey, masterKey); err != nil {
		return err
	}
	if err := s.listenDNS(domain); err != nil {
		return err
	}
	if err := s.listenMetrics(); err != nil {
		return err
	}
	return s.listen(api)
}

// roomForAddresses asks the provider whether new nodes could have addresses.
func (s *Server) roomForAddresses() act.Room {
	nodes := s.provider // which is no field of ours any more when Run has it
	return func(port int, wanted replication.Wanted, taken func(netip.AddrPort) bool) error {
		return provider.RoomOf(nodes, port, wanted, taken)
	}
}

// watchHealth makes the monitor, which has the group of a node that hangs looked at.
func (s *Server) watchHealth(nodes reach.Nodes, lags *lag.Tracker) *health.Monitor {
	return health.New(health.Options{
		Connect: group.ConnectHealth(nodes),
		Activity: func(node provider.NodeName) (provider.Activity, error) {
			return provider.ActivityOf(nodes.Provider, node)
		},
		Hung: func(node provider.NodeName) {
			s.groups.Interrupt(context.Background(), node, s.loop.AddUrgent)
		},
		Heard:   lags.Heard,
		Timeout: s.options.HangTimeout, Logger: s.options.Logger,
	})
}

// ParseRange reads an address range for [Options].
func ParseRange(text string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("address range %q: want a form like %s", text, DefaultAddressRange)
	}
	return prefix, nil
}
