package watch

import (
	"context"
	"sync"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

// Store is a store with subscriptions.
type Store struct {
	store.Store

	mu            sync.Mutex // guards subscriptions
	subscriptions map[*Subscription]struct{}
}

var _ store.Store = (*Store)(nil)

// New makes a store of another one, which belongs to it from now on: whatever writes to that
// directly is not noticed.
func New(s store.Store) *Store {
	return &Store{Store: s, subscriptions: map[*Subscription]struct{}{}}
}

// Update is that of the store beneath.
func (s *Store) Update(ctx context.Context, fn func(store.UpdateTx) error) error {
	var last *tx
	err := s.Store.Update(ctx, func(u store.UpdateTx) error {
		last = &tx{UpdateTx: u} // anew for every try
		return fn(last)
	})
	if err == nil && last != nil {
		s.tell(last)
	}
	return err
}

func (s *Store) tell(t *tx) {
	if len(t.keys) == 0 && !t.events {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for sub := range s.subscriptions {
		sub.add(t.keys, t.events)
	}
}

// Subscribe begins to listen. The caller closes the subscription.
func (s *Store) Subscribe() *Subscription {
	sub := &Subscription{store: s, ready: make(chan struct{}, 1)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscriptions[sub] = struct{}{}
	return sub
}

// tx notes what is written in one try of an Update.
type tx struct {
	store.UpdateTx
	keys   []cache.Key
	events bool
}

func (t *tx) PutReplicationGroup(group *cache.ReplicationGroup) error {
	err := t.UpdateTx.PutReplicationGroup(group)
	if err == nil {
		t.keys = append(t.keys, group.Key())
	}
	return err
}

func (t *tx) DeleteReplicationGroup(key cache.Key) error {
	err := t.UpdateTx.DeleteReplicationGroup(key)
	if err == nil {
		t.keys = append(t.keys, key)
	}
	return err
}

func (t *tx) AppendEvents(events ...cache.Event) error {
	err := t.UpdateTx.AppendEvents(events...)
	t.events = t.events || err == nil && len(events) > 0
	return err
}
