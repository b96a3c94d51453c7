package watch

import (
	"context"
	"slices"
	"sync"

	"github.com/aikagi/aikagi/internal/cache"
)

// keysMax is how many keys are told apart until they are taken.
const keysMax = 1000

// Changes is what was written since the last time.
type Changes struct {
	All    bool        // more groups than are told apart; Groups is empty
	Groups []cache.Key // that were written or deleted, in order, each once
	Events bool        // events were appended
}

// Subscription collects changes until they are taken. It is for one reader.
type Subscription struct {
	store *Store
	ready chan struct{} // holds one if there may be changes

	mu     sync.Mutex // guards the rest; never held for longer than a look at a map
	keys   map[cache.Key]struct{}
	all    bool
	events bool
}

// Ready can be received from when there is something to Take.
func (s *Subscription) Ready() <-chan struct{} { return s.ready }

// Take returns what was written since the last Take. That may be nothing.
func (s *Subscription) Take() Changes {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := Changes{All: s.all, Events: s.events}
	for key := range s.keys {
		taken.Groups = append(taken.Groups, key)
	}
	slices.Sort(taken.Groups)
	s.keys, s.all, s.events = nil, false, false
	return taken
}

// Wait returns what was written since the last time, as soon as there is something. The
// error is that ctx ended.
func (s *Subscription) Wait(ctx context.Context) (Changes, error) {
	for {
		select {
		case <-ctx.Done():
			return Changes{}, ctx.Err()
		case <-s.ready:
			if taken := s.Take(); taken.All || taken.Events || len(taken.Groups) > 0 {
				return taken, nil
			}
		}
	}
}

// Close ends the subscription: nothing is added from then on.
func (s *Subscription) Close() {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	delete(s.store.subscriptions, s)
}

func (s *Subscription) add(keys []cache.Key, events bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = s.events || events
	for _, key := range keys {
		if s.all {
			break
		}
		if s.keys == nil {
			s.keys = map[cache.Key]struct{}{}
		}
		s.keys[key] = struct{}{}
		if len(s.keys) > keysMax {
			s.keys, s.all = nil, true
		}
	}
	select {
	case s.ready <- struct{}{}:
	default: // whoever takes next takes this, too
	}
}
