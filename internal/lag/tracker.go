package lag

import (
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// When a replica is late for long.
const (
	// Limit is how late a replica may be at any time.
	Limit = 5 * time.Second
	// LongEnough is how long it must have been later than that. A node that was busy with one
	// slow command for longer than Limit has caught up by then.
	LongEnough = 2 * time.Second
)

// Stream is the stream of writes of one shard, which its replicas follow.
type Stream struct {
	Group cache.Key
	Shard string // its id
}

// Tracker follows the replicas of groups. It is safe for concurrent use.
type Tracker struct {
	late func(cache.Key)

	mu     sync.Mutex // guards what follows, and what it points to
	lines  map[Stream]*line
	byNode map[provider.NodeName]*line
}

// line is a primary and those that follow it.
type line struct {
	stream    Stream
	primary   provider.NodeName
	trail     trail
	followers map[provider.NodeName]*follower
}

type follower struct {
	offset    int64     // the last that it told; -1: none yet
	lateSince time.Time // zero: it is not
}

// New makes a tracker that follows nobody. It calls late, on the goroutine of Heard, each time
// that a replica is heard to be late; nil: nobody is told.
func New(late func(cache.Key)) *Tracker {
	if late == nil {
		late = func(cache.Key) {}
	}
	return &Tracker{late: late, lines: map[Stream]*line{}, byNode: map[provider.NodeName]*line{}}
}

// Follow says whose writes a stream has, the primary's, and who its replicas are. What is known of them stays.
func (t *Tracker) Follow(stream Stream, primary provider.NodeName, replicas []provider.NodeName) {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := &line{stream: stream, primary: primary, followers: make(map[provider.NodeName]*follower, len(replicas))}
	was := t.lines[stream]
	if was != nil && was.primary == primary {
		next.trail = was.trail
	}
	for _, name := range replicas {
		next.followers[name] = &follower{offset: -1}
		if was != nil && was.primary == primary && was.followers[name] != nil {
			next.followers[name] = was.followers[name]
		}
	}
	t.drop(was)
	t.lines[stream], t.byNode[primary] = next, next
	for name := range next.followers {
		t.byNode[name] = next
	}
}

// Forget follows a group no more.
func (t *Tracker) Forget(group cache.Key) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for stream, l := range t.lines {
		if stream.Group == group {
			t.drop(l)
			delete(t.lines, stream)
		}
	}
}

// drop needs t.mu.
func (t *Tracker) drop(l *line) {
	if l == nil {
		return
	}
	delete(t.byNode, l.primary)
	for name := range l.followers {
		delete(t.byNode, name)
	}
}

// Heard is told what a node said of its part in replication.
func (t *Tracker) Heard(node provider.NodeName, view engine.RoleView, asked, heard time.Time) {
	if group, late := t.hear(node, view, Answer{Offset: view.Offset, Asked: asked, Heard: heard}); late {
		t.late(group)
	}
}

func (t *Tracker) hear(node provider.NodeName, view engine.RoleView, a Answer) (group cache.Key, late bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.byNode[node]
	switch {
	case l == nil:
		return "", false
	case node == l.primary:
		if view.Role == engine.RolePrimary {
			l.trail = l.trail.add(a)
		}
		return l.stream.Group, false
	case view.Role != engine.RoleReplica:
		return l.stream.Group, false
	}
	return l.stream.Group, l.judge(node, a).LateFor > 0
}

// Wrote is told how far the primary of a stream has come.
func (t *Tracker) Wrote(stream Stream, a Answer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l := t.lines[stream]; l != nil {
		l.trail = l.trail.add(a)
	}
}

// Judge says how late a replica is that has come so far.
func (t *Tracker) Judge(stream Stream, replica provider.NodeName, a Answer) Lag {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l := t.lines[stream]; l != nil {
		return l.judge(replica, a)
	}
	return Lag{}
}

func (l *line) judge(replica provider.NodeName, a Answer) Lag {
	f := l.followers[replica]
	if f == nil {
		return Lag{}
	}
	if a.Offset >= 0 {
		f.offset = a.Offset
	}
	if a.Offset = f.offset; a.Offset < 0 {
		return Lag{}
	}
	lag := l.trail.judge(a)
	switch {
	case lag.AtLeast < Limit:
		f.lateSince = time.Time{}
	case f.lateSince.IsZero():
		f.lateSince = a.Heard
		lag.LateFor = 1 // the least that there is
	default:
		lag.LateFor = max(1, a.Heard.Sub(f.lateSince))
	}
	return lag
}
