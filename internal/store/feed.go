package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
)

// objectsMax is how many objects are told apart until they are taken.
const objectsMax = 1000

// Feed tells who is interested what was written, so that nobody has to poll a store. A driver has one; its zero
// value is ready. What it promises:
//
//   - A change is told after its commit succeeded: whoever reads then sees it, or what came
//     after it. What was rolled back, or was to be tried again, is not told.
//   - A subscription hears of every commit that ends after Subscribe returned. Whoever
//     subscribes first and reads everything then misses nothing.
//   - Nobody who listens holds a commit up, however slow: changes that were not taken are
//     a set, and one of too many objects becomes "everything".
type Feed struct {
	mu            sync.Mutex // guards subscriptions
	subscriptions map[*Subscription]struct{}
}

// Subscribe begins to listen. The caller closes the subscription.
func (f *Feed) Subscribe() *Subscription {
	s := &Subscription{feed: f, ready: make(chan struct{}, 1)}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subscriptions == nil {
		f.subscriptions = map[*Subscription]struct{}{}
	}
	f.subscriptions[s] = struct{}{}
	return s
}

// Tell is called by the driver after each commit, with the objects that were written or deleted and the names of
// the logs that were written to.
func (f *Feed) Tell(objects []Ref, logs []string) {
	if len(objects) == 0 && len(logs) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subscriptions {
		s.add(objects, logs)
	}
}

// Changes is what was written since the last time.
type Changes struct {
	All     bool     // more objects than are told apart; Objects is empty
	Objects []Ref    // that were written or deleted, in the order of kind and id, each once
	Logs    []string // that were written to, in order, each once
}

// Empty reports whether there is nothing to tell.
func (c Changes) Empty() bool { return !c.All && len(c.Objects) == 0 && len(c.Logs) == 0 }

// Changed returns the ids of a kind's objects that were written or deleted.
func Changed[K ~string, T any](c Changes, k Kind[K, T]) []K {
	var ids []K
	for _, object := range c.Objects {
		if object.Kind == k.Name {
			ids = append(ids, K(object.ID))
		}
	}
	return ids
}

// Appended reports whether a log was written to.
func Appended[T any](c Changes, l Log[T]) bool { return slices.Contains(c.Logs, l.Name) }

// Subscription collects changes until they are taken. It is for one reader.
type Subscription struct {
	feed  *Feed
	ready chan struct{} // holds one if there may be changes

	mu      sync.Mutex // guards the rest; never held for longer than a look at a map
	all     bool
	objects map[Ref]struct{}
	logs    map[string]struct{}
}

// Ready can be received from when there is something to Take.
func (s *Subscription) Ready() <-chan struct{} { return s.ready }

// Take returns what was written since the last Take. That may be nothing.
func (s *Subscription) Take() Changes {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := Changes{
		All:     s.all,
		Objects: slices.SortedFunc(maps.Keys(s.objects), func(a, b Ref) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) }),
		Logs:    slices.Sorted(maps.Keys(s.logs)),
	}
	s.all, s.objects, s.logs = false, nil, nil
	return taken
}

// Wait returns what was written since the last call, as soon as there is something. The error is that ctx ended.
func (s *Subscription) Wait(ctx context.Context) (Changes, error) {
	for {
		select {
		case <-ctx.Done():
			return Changes{}, ctx.Err()
		case <-s.ready:
			if taken := s.Take(); !taken.Empty() {
				return taken, nil
			}
		}
	}
}

// Close ends the subscription: nothing is added from then on.
func (s *Subscription) Close() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	delete(s.feed.subscriptions, s)
}

func (s *Subscription) add(objects []Ref, logs []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, log := range logs {
		if s.logs == nil {
			s.logs = map[string]struct{}{}
		}
		s.logs[log] = struct{}{}
	}
	for _, object := range objects {
		if s.all {
			break
		}
		if s.objects == nil {
			s.objects = map[Ref]struct{}{}
		}
		s.objects[object] = struct{}{}
		if len(s.objects) > objectsMax {
			s.objects, s.all = nil, true
		}
	}
	select {
	case s.ready <- struct{}{}:
	default: // whoever takes next takes this, too
	}
}
