package history

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/metric"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/reach"
	"github.com/aikagi/aikagi/internal/store"
)

// How often a node is asked.
const (
	Interval        = time.Minute
	WatchedInterval = 2 * time.Second
)

// WatchFor is how long a group is watched after somebody asked about it.
const WatchFor = 30 * time.Second

// Timeout is how long a node may take to answer.
const Timeout = time.Second

// Options are what a history needs. It owns none of them.
type Options struct {
	Store store.Store
	Nodes reach.Nodes
	// Sampled is told of each round of questions to a watched group when its answers are kept, on
	// a goroutine that must not be held up. Nil: nobody.
	Sampled func(groupID string)
	// Crowded is told of a group with a node whose connections for clients are full, on such a goroutine. Nil: nobody.
	Crowded func(cache.Key)
	Logger  *slog.Logger
	Now     func() time.Time
	// Interval and WatchedInterval are how often a node is asked; 0: the constants.
	Interval, WatchedInterval time.Duration
}

// History asks while Run runs, and answers at all times. It is safe for concurrent use.
type History struct {
	Options
	wake chan struct{} // has an element after a group came to be watched

	mu     sync.Mutex         // guards what follows, and what it points to
	groups map[string]*record // by the group's UID
}

// record is what is remembered of a group.
type record struct {
	key          cache.Key
	watchedUntil time.Time
	nodes        map[string]*ring // by the node's UID
}

// New makes a history that knows nothing.
func New(options Options) *History {
	if options.Sampled == nil {
		options.Sampled = func(string) {}
	}
	if options.Crowded == nil {
		options.Crowded = func(cache.Key) {}
	}
	if options.Interval == 0 {
		options.Interval = Interval
	}
	if options.WatchedInterval == 0 {
		options.WatchedInterval = WatchedInterval
	}
	return &History{Options: options, wake: make(chan struct{}, 1), groups: map[string]*record{}}
}

// Run asks nodes until ctx ends, and returns nil when all goroutines have ended.
func (h *History) Run(ctx context.Context) error {
	var paces errgroup.Group
	paces.Go(func() error { h.sampleAll(ctx); return nil })
	paces.Go(func() error { h.sampleWatched(ctx); return nil })
	return paces.Wait()
}

// Of returns what is remembered of a group's nodes after since, and has the group watched for
// [WatchFor] from now on.
func (h *History) Of(g *replication.Group, since time.Time) metric.Group {
	now := h.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.record(g)
	if !r.watchedUntil.After(now) {
		select {
		case h.wake <- struct{}{}:
		default:
		}
	}
	r.watchedUntil = now.Add(WatchFor)
	all := metric.Group{GroupID: g.ID, At: now}
	for _, n := range g.Nodes() {
		known := metric.Node{NodeID: n.ID}
		if ring := r.nodes[n.UID]; ring != nil {
			known.Times, known.Series = derive(ring.samples(), since)
		}
		all.Nodes = append(all.Nodes, known)
	}
	return all
}

// keep adds a sample of each node, by its index in the group. It forgets nodes that
// the group does not have.
func (h *History) keep(g *replication.Group, samples []sample) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.record(g)
	nodes := make(map[string]*ring, len(samples))
	for i, node := range g.Nodes() {
		uid := node.UID
		kept := r.nodes[uid]
		if kept == nil {
			if !samples[i].answered() {
				continue // a node that does not run yet has no history of gaps
			}
			kept = &ring{}
		}
		kept.add(samples[i])
		nodes[uid] = kept
	}
	r.nodes = nodes
}

// record needs h.mu.
func (h *History) record(g *replication.Group) *record {
	r := h.groups[g.UID]
	if r == nil {
		r = &record{key: g.Key()}
		h.groups[g.UID] = r
	}
	return r
}

// watched returns the groups that are watched, by their UIDs.
func (h *History) watched() map[string]cache.Key {
	now := h.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	keys := map[string]cache.Key{}
	for uid, r := range h.groups {
		if r.watchedUntil.After(now) {
			keys[uid] = r.key
		}
	}
	return keys
}

func (h *History) isWatched(uid string) bool {
	now := h.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.groups[uid]
	return r != nil && r.watchedUntil.After(now)
}

func (h *History) forget(uid string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.groups, uid)
}

// forgetOthers forgets the groups that are not among these. One that is watched may be younger
// than they are; sampleWatched finds out.
func (h *History) forgetOthers(groups []*replication.Group) {
	there, now := make(map[string]bool, len(groups)), h.Now()
	for _, g := range groups {
		there[g.UID] = true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for uid, r := range h.groups {
		if !there[uid] && !r.watchedUntil.After(now) {
			delete(h.groups, uid)
		}
	}
}
