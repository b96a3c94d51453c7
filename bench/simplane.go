package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/elasticache"
	"github.com/aikagi/aikagi/internal/elasticache/sigv4"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/health"
	"github.com/aikagi/aikagi/internal/pki"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/simulated"
	"github.com/aikagi/aikagi/internal/reach"
	"github.com/aikagi/aikagi/internal/reconcile"
	"github.com/aikagi/aikagi/internal/reconcile/group"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// simWorkers is how many groups are worked on at the same time, as with aikagi serve.
const simWorkers = 16

// simPlane is a control plane over simulated nodes: the store, the loop, the
// reconciler, the health monitor and the API are the real ones, put together as
// package server does.
type simPlane struct {
	store  store.Store
	api    *client.Client
	groups *group.Reconciler
	loop   *reconcile.Loop
	looks  *looks
	nodes  *simulated.Provider

	end func() error // returns when everything has ended
}

// simParts are what outlives a control plane.
type simParts struct {
	dir       *datadir.Dir
	authority *pki.Authority
	keyring   engine.Keyring
	nodes     *simulated.World
	clients   *simClients
	engine    engine.Installed
}

// start puts a control plane together and has it look at every group that is stored.
func (p simParts) start(ctx context.Context) (*simPlane, error) {
	database, err := sqlite.Open(ctx, p.dir.Store(), sqlite.Options{})
	if err != nil {
		return nil, err
	}
	nodes, err := p.nodes.Open()
	if err != nil {
		return nil, errors.Join(err, database.Close())
	}
	s := &simPlane{store: database, nodes: nodes}
	log, witness := slog.New(slog.DiscardHandler), group.NewWitness()
	monitor := health.New(health.Options{
		Connect:  group.ConnectHealth(reach.Nodes{Provider: nodes, Keyring: p.keyring}),
		Activity: func(node provider.NodeName) (provider.Activity, error) { return provider.ActivityOf(nodes, node) },
	})
	s.groups = group.New(group.Options{
		Store: database, Provider: nodes, Authority: p.authority, Keyring: p.keyring, Engines: []cache.EngineVersion{p.engine.EngineVersion},
		Module: func(context.Context) (string, error) { return "/none", nil }, Witness: witness, Health: monitor, Logger: log, Now: time.Now,
	})
	s.looks = &looks{Reconciler: s.groups, seen: map[cache.Key]bool{}}
	s.loop = reconcile.New(reconcile.Options{Reconciler: s.looks, Workers: simWorkers, Logger: log})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	handler, err := p.handler(s, witness, log)
	if err != nil {
		return nil, err
	}
	if s.api, err = client.New("http://"+listener.Addr().String(), p.dir.Path()); err != nil {
		return nil, err
	}
	s.run(ctx, &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}, listener, monitor.Run)
	return s, s.takeUp(ctx)
}

func (p simParts) handler(s *simPlane, witness *group.Witness, log *slog.Logger) (http.Handler, error) {
	accessKey, err := p.dir.AccessKey()
	if err != nil {
		return nil, err
	}
	return elasticache.New(elasticache.Options{
		Store: s.store, Engines: []cache.EngineVersion{p.engine.EngineVersion}, Witness: witness,
		Lookup: func(id string) (sigv4.Credential, bool) {
			return sigv4.Credential{SecretAccessKey: sigv4.Secret(accessKey.Reveal())}, id == accessKey.ID
		},
		Region: "us-east-1", Account: "000000000000", Audit: func(elasticache.Record) {}, Logger: log, Now: time.Now,
	}), nil
}

func (s *simPlane) run(ctx context.Context, server *http.Server, listener net.Listener, watch func(context.Context) error) {
	ctx, cancel := context.WithCancel(ctx)
	var all errgroup.Group
	bell := reconcile.Follow(s.store, slog.New(slog.DiscardHandler), reconcile.Look{Admission: s.loop.Add, Group: func(key cache.Key, g *replication.Group) {
		if g == nil || !s.groups.Wrote(g) {
			s.loop.Add(key)
		}
	}})
	all.Go(func() error { return bell.Run(ctx) })
	all.Go(func() error { return s.loop.Run(ctx) })
	all.Go(func() error { return watch(ctx) })
	all.Go(func() error { return s.nodes.Run(ctx) })
	all.Go(func() error {
		_ = server.Serve(listener) // until it is closed
		return nil
	})
	s.end = func() error {
		cancel()
		_ = server.Close()
		_ = all.Wait()
		return s.store.Close()
	}
}

func (s *simPlane) takeUp(ctx context.Context) error {
	return s.store.View(ctx, func(tx store.Tx) error {
		groups, err := store.Page(tx, store.Groups, store.Range{})
		for _, g := range groups {
			s.loop.Add(g.Key())
		}
		return err
	})
}

// looks counts the groups that a reconciler has looked at and found as they should be.
type looks struct {
	reconcile.Reconciler
	mu   sync.Mutex // guards seen
	seen map[cache.Key]bool
}

// simSettled is less than the time after which a group is looked at again that needs
// nothing, and more than any other.
const simSettled = 30 * time.Second

func (l *looks) Reconcile(ctx context.Context, key cache.Key) (reconcile.Result, error) {
	result, err := l.Reconciler.Reconcile(ctx, key)
	if wait, _ := result.Wait(); err == nil && wait > simSettled {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.seen[key] = true
	}
	return result, err
}

func (l *looks) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.seen)
}
