package mirror

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/ec2"
	"github.com/aikagi/aikagi/internal/store"
)

// API is the part of an EC2 API that is read; an [ec2.Client] is one.
type API interface {
	// SecurityGroups returns which of these groups there are.
	SecurityGroups(ctx context.Context, ids []string) ([]ec2.SecurityGroup, error)
	// Subnets returns which of these subnets there are.
	Subnets(ctx context.Context, ids []string) ([]ec2.Subnet, error)
	// Interfaces returns the network interfaces that are in one of these security groups.
	Interfaces(ctx context.Context, groups []string) ([]ec2.Interface, error)
	// PrefixList returns the networks of a prefix list; none, if it is not there.
	PrefixList(ctx context.Context, id string) ([]ec2.Network, error)
}

// Options are what a mirror needs. It owns none of them.
type Options struct {
	Store    store.Store
	API      API
	Endpoint string        // of the API, for people
	Every    time.Duration // between two rounds
	Logger   *slog.Logger
	Now      func() time.Time
}

// keepEvery is how often it is stored when the API was read, if nothing else is to be stored. After a kill -9 groups seem to be older
// than they are by no more than that.
const keepEvery = 10 * time.Minute

// Mirror reads while Run runs, and when it is asked. It is safe for concurrent use.
type Mirror struct {
	Options

	round chan struct{} // has a token while a round is under way, or an id is learnt; guards what follows
	idle  map[string]bool
	kept  time.Time // when it was stored last when the API was read

	learnLimit time.Duration

	mu      sync.Mutex // guards what follows; never held for longer than a look
	link    security.Link
	missing map[string]bool // ids that caches name and EC2 did not have when it was asked last
}

// New makes a mirror that has asked nothing yet.
func New(options Options) *Mirror {
	return &Mirror{Options: options, round: make(chan struct{}, 1), learnLimit: learnLimit, link: security.Link{Endpoint: options.Endpoint}}
}

// begin waits for its turn, and has the caller end it. The error is ctx's.
func (m *Mirror) begin(ctx context.Context) (end func(), err error) {
	select {
	case m.round <- struct{}{}:
		return func() { <-m.round }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Run reads until ctx ends, and returns nil when nothing goes on any more.
func (m *Mirror) Run(ctx context.Context) error {
	changes := m.Store.Subscribe()
	defer changes.Close()
	m.recall(ctx)
	every := time.NewTicker(m.Every)
	defer every.Stop()
	for {
		m.read(ctx)
		for due := false; !due; {
			select {
			case <-ctx.Done():
				m.part()
				return nil
			case <-every.C:
				due = true
			case <-changes.Ready():
				due = m.concerns(ctx, changes.Take())
			}
		}
	}
}

// Link says how it goes with the API.
func (m *Mirror) Link() security.Link {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.link
}

// recall takes over when the last run read the API.
func (m *Mirror) recall(ctx context.Context) {
	var known []*security.Reading
	err := m.Store.View(ctx, func(tx store.Tx) (err error) {
		known, err = store.Some(tx, store.Readings, m.Endpoint)
		return err
	})
	if err != nil {
		m.Logger.ErrorContext(ctx, "look up when EC2 was read last", "error", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range known {
		if m.link.ReadAt.IsZero() {
			m.link.ReadAt = r.ReadAt
		}
	}
}

// concerns reports whether what was written names a security group that nothing is known of, and that EC2 was not asked for.
func (m *Mirror) concerns(ctx context.Context, changes store.Changes) bool {
	if !changes.All && len(store.Changed(changes, store.Groups)) == 0 || !m.Link().FailingSince.IsZero() {
		return false // while it fails, the next round is soon enough
	}
	unknown := false
	err := m.Store.View(ctx, func(tx store.Tx) error {
		named, err := store.SecurityGroupsInUse(tx)
		if err != nil || len(named) == 0 {
			return err
		}
		known, err := store.Some(tx, store.SecurityGroups, named...)
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, id := range security.Unknown(named, known) {
			unknown = unknown || !m.missing[id]
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		m.Logger.ErrorContext(ctx, "look up the security groups that caches name", "error", err)
	}
	return unknown
}

// part stores when the API was read last, for the next run.
func (m *Mirror) part() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	end, err := m.begin(ctx)
	if err != nil {
		return // who learns an id has the last word
	}
	defer end()
	m.keep(ctx, 0)
}

// keep stores when the API was read last, unless that was done a short time ago. The caller holds round.
func (m *Mirror) keep(ctx context.Context, every time.Duration) {
	at := m.Link().ReadAt
	if at.IsZero() || !at.After(m.kept) || at.Sub(m.kept) < every {
		return
	}
	err := m.Store.Update(ctx, func(tx store.UpdateTx) error { return store.PutReading(tx, m.Endpoint, at) })
	if err != nil {
		m.Logger.ErrorContext(ctx, "store when EC2 was read", "error", err)
		return
	}
	m.kept = at
}
