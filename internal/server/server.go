package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	cacherotation "github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/console"
	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/dns"
	"github.com/aikagi/aikagi/internal/ec2/mirror"
	"github.com/aikagi/aikagi/internal/elasticache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/health"
	"github.com/aikagi/aikagi/internal/history"
	"github.com/aikagi/aikagi/internal/intake"
	"github.com/aikagi/aikagi/internal/nic"
	"github.com/aikagi/aikagi/internal/pki"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/reconcile"
	"github.com/aikagi/aikagi/internal/reconcile/group"
	"github.com/aikagi/aikagi/internal/reconcile/rotation"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/usage"
)

// Server is a control plane that holds its data directory and listens. It serves
// from Run on; Close gives up what New took when Run is not to be called.
type Server struct {
	options    Options
	dir        *datadir.Dir
	store      store.Store
	provider   provider.Provider
	addresses  *nic.Keeper // of groups, on this machine's network
	poolRanges []nic.Range // of the plan pool; none without it
	authority  *pki.Authority
	engines    []engine.Installed
	loop       *reconcile.Loop
	rotator    *rotation.Reconciler
	rotations  *reconcile.Loop
	groups     *group.Reconciler
	health     *health.Monitor
	usage      *usage.Collector
	history    *history.History
	surelyHere bool           // the addresses of the plan host are certain to be this machine's
	mirror     *mirror.Mirror // nil: there is no EC2 API
	metrics    *metrics       // nil: none
	dns        *dns.Server    // nil: none
	codes      *console.Codes
	stream     *console.Stream
	console    *console.Console
	caller     string // access key id of whoever started the server
	audit      *os.File
	kept       bool       // the data directory is the caller's to close
	ownUsers   bool       // each node has a user of its own
	modules    sync.Mutex // held while the engine module is looked for
	bodies     *intake.Bodies
	room       *room
	reserve    func(context.Context) error // has the store keep space back
	http       *http.Server
	listener   net.Listener
	url        string
}

// New opens everything that a control plane needs. Errors say what is wrong and
// what to do; nothing was changed then but what could be repeated.
func New(ctx context.Context, options Options) (*Server, error) {
	options.fill()
	if err := options.validate(); err != nil {
		return nil, err
	}
	if err := nic.KeepRights(); err != nil {
		return nil, err
	}
	s := &Server{options: options}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// URL is where the API answers.
func (s *Server) URL() string { return s.url }

// Versions are what can be asked for.
func (s *Server) Versions() cache.Catalogue { return s.options.Versions(s.engines) }

// Engines are the engines that were found.
func (s *Server) Engines() []engine.Installed { return s.engines }

// Run serves until ctx ends, then lets running requests finish and gives everything
// up. Nodes go on running.
func (s *Server) Run(ctx context.Context) error {
	if err := errors.Join(s.announce(), s.warnOfExposure(ctx)); err != nil {
		return errors.Join(err, s.Close())
	}
	nodes := s.provider
	s.provider = nil // its Run gives it up, so Close must not
	all, ctx := errgroup.WithContext(ctx)
	all.Go(func() error { return nodes.Run(ctx) })
	all.Go(func() error { return s.addresses.Run(ctx) })
	all.Go(func() error { return s.health.Run(ctx) })
	bell := reconcile.Follow(s.store, s.options.Logger, reconcile.Look{Group: s.look, Admission: s.admit}) // before all that may write
	all.Go(func() error { return bell.Run(ctx) })
	all.Go(func() error { return s.loop.Run(ctx) })
	all.Go(func() error { return s.rotations.Run(ctx) })
	all.Go(func() error { return s.history.Run(ctx) })
	all.Go(func() error { return s.groups.Watch(ctx, s.loop.AddUrgent) })
	all.Go(func() error { return s.keepHouse(ctx) })
	all.Go(func() error { return s.room.run(ctx, s.roomChanged) })
	all.Go(func() error { return s.keepReserve(ctx) })
	if s.mirror != nil {
		all.Go(func() error { return s.mirror.Run(ctx) })
	}
	if s.dns != nil {
		all.Go(func() error { return s.dns.Run(ctx) })
	}
	if s.metrics != nil {
		all.Go(func() error { return s.metrics.run(ctx) })
	}
	all.Go(s.serve)
	all.Go(func() error {
		<-ctx.Done()
		return s.shutdown()
	})
	if err := s.takeUpWork(ctx, nodes); err != nil {
		s.options.Logger.Error("take up work of the last run", "error", err)
	}
	err := all.Wait()
	return errors.Join(err, s.withdraw(), s.Close())
}

func (s *Server) serve() error {
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// shutdownTimeout is how long running requests may take to finish, before they are cut off.
const shutdownTimeout = 5 * time.Second

func (s *Server) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.options.Logger.Warn("finish running requests", "error", err)
		err = s.http.Close()
	}
	if err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// takeUpWork has every group looked at: the last run may have ended anywhere. Those
// that lost a node meanwhile come first.
func (s *Server) takeUpWork(ctx context.Context, nodes provider.Provider) error {
	var groups []*replication.Group
	err := s.store.View(ctx, func(tx store.Tx) (err error) {
		groups, err = store.Page(tx, store.Groups, store.Range{})
		return err
	})
	owned := map[provider.NodeName]bool{}
	for _, g := range groups {
		lost := false
		for _, node := range g.Nodes() {
			name := provider.NameOf(node)
			owned[name] = true
			lost = lost || nodes.Inspect(name).Phase != provider.PhaseRunning
		}
		if lost {
			s.loop.AddUrgent(g.Key())
		} else {
			s.loop.Add(g.Key())
		}
		if g.Rotation != nil || g.RotationSchedule != nil {
			s.rotations.Add(g.Key())
		}
	}
	for _, state := range nodes.List() {
		if err == nil && !owned[state.Node] {
			s.options.Logger.Warn("node belongs to no group and is left alone", "node", state.Node, "phase", state.Phase)
		}
	}
	return err
}

// keepHouse removes what is too old to keep.
func (s *Server) keepHouse(ctx context.Context) error {
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		err := s.store.Update(store.WithReserve(ctx), func(tx store.UpdateTx) error {
			now := s.options.Now()
			if _, err := store.Prune(tx, store.Events, now.Add(-cache.EventRetention)); err != nil {
				return err
			}
			if _, err := store.Prune(tx, store.Failovers, now.Add(-replication.FailoverRetention)); err != nil {
				return err
			}
			if _, err := store.Prune(tx, store.Rotations, now.Add(-cacherotation.Retention)); err != nil {
				return err
			}
			_, err := store.PruneConsoleSessions(tx, now)
			return err
		})
		if err != nil && ctx.Err() == nil {
			s.options.Logger.Error("remove what is too old to keep", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-hourly.C:
		}
	}
}

// Close gives up what New took. Nodes go on running.
func (s *Server) Close() error {
	var errs []error
	if s.listener != nil {
		if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if s.metrics != nil {
		if err := s.metrics.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if s.dns != nil {
		errs = append(errs, s.dns.Close())
	}
	if s.provider != nil {
		ended, end := context.WithCancel(context.Background())
		end()
		errs = append(errs, s.provider.Run(ended))
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.audit != nil {
		errs = append(errs, s.audit.Close())
	}
	if s.dir != nil && !s.kept {
		errs = append(errs, s.dir.Close())
	}
	return errors.Join(errs...)
}

// KeepDir hands the data directory to the caller, who closes it when all else is over: until then nobody else gets it. It is for who
// has something to do there after Run.
func (s *Server) KeepDir() *datadir.Dir {
	s.kept = true
	return s.dir
}

// auditTo writes each record as a JSON line, durable before the answer leaves.
func auditTo(file *os.File, log *slog.Logger) func(elasticache.Record) {
	lines := slog.New(slog.NewJSONHandler(file, &slog.HandlerOptions{ReplaceAttr: onlyOwnFields}))
	return func(r elasticache.Record) {
		err := lines.Handler().Handle(context.Background(), auditRecord(r))
		if err != nil {
			log.Error("write audit log", "action", r.Action, "request_id", r.RequestID, "error", err)
		}
	}
}

func auditRecord(r elasticache.Record) slog.Record {
	record := slog.NewRecord(r.At, slog.LevelInfo, "", 0)
	record.AddAttrs(
		slog.String("caller", r.Caller), slog.String("address", r.Address), slog.String("action", r.Action),
		slog.String("resource", r.Resource), slog.String("result", r.Result), slog.String("request_id", r.RequestID),
	)
	if r.Allows != "" {
		record.AddAttrs(slog.String("allows", r.Allows))
	}
	if r.Via != "" {
		record.AddAttrs(slog.String("via", r.Via))
	}
	return record
}

// onlyOwnFields drops the level and the message, which say nothing here.
func onlyOwnFields(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.LevelKey || a.Key == slog.MessageKey {
		return slog.Attr{}
	}
	return a
}
