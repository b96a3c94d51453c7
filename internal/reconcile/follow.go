package reconcile

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// Follower says which groups were written, and whose security groups and users, whoever wrote them. It is the only way in which a write wakes a
// reconciler: writers call nobody.
type Follower struct {
	store   store.Store
	changes *store.Subscription
	look    Look
	logger  *slog.Logger
}

// Look is who hears of what was written.
type Look struct {
	Group func(key cache.Key, g *replication.Group) // a group; nil: it was deleted
	// Admission hears of a group whose security groups, or whose users, were written: others may connect or log in to it from now on.
	Admission func(key cache.Key)
}

// Follow begins to listen; it says nothing about earlier writes. Run says what was written, and closes the subscription when it ends.
func Follow(s store.Store, logger *slog.Logger, look Look) *Follower {
	return &Follower{store: s, changes: s.Subscribe(), look: look, logger: logger}
}

// retryEvery is how soon the store is read again after a read failed.
const retryEvery = time.Second

// Run tells until ctx ends. After a failed read it tells of all groups, as soon as they can be read.
func (f *Follower) Run(ctx context.Context) error {
	defer f.changes.Close()
	missed := false
	for {
		changes := f.wait(ctx, missed)
		if ctx.Err() != nil {
			return nil
		}
		err := f.tell(ctx, changes)
		if missed = err != nil; missed {
			f.logger.ErrorContext(ctx, "look up groups that were written", "error", err)
		}
	}
}

// wait returns what was written; if something was missed, it returns soon, and says that everything may have been
// written.
func (f *Follower) wait(ctx context.Context, missed bool) store.Changes {
	if missed {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, retryEvery)
		defer cancel()
	}
	changes, _ := f.changes.Wait(ctx) // the error is that ctx ended
	changes.All = changes.All || missed
	return changes
}

func (f *Follower) tell(ctx context.Context, changes store.Changes) error {
	keys, rules := store.Changed(changes, store.Groups), store.Changed(changes, store.SecurityGroups)
	people, userGroups := store.Changed(changes, store.Users), store.Changed(changes, store.UserGroups)
	if !changes.All && len(keys)+len(rules)+len(people)+len(userGroups) == 0 {
		return nil
	}
	var groups []*replication.Group
	var admitting []cache.Key
	err := f.store.View(ctx, func(tx store.Tx) (err error) {
		if changes.All {
			groups, err = store.Page(tx, store.Groups, store.Range{})
			admitting = ruled(groups)
			return err
		}
		if groups, err = store.Some(tx, store.Groups, keys...); err != nil {
			return err
		}
		if admitting, err = users(tx, rules); err != nil {
			return err
		}
		accessible, err := store.CachesOfUsers(tx, people, userGroups)
		admitting = append(admitting, accessible...)
		return err
	})
	if err != nil {
		return fmt.Errorf("read groups: %w", err)
	}
	f.tellGroups(keys, groups)
	for _, key := range admitting {
		f.look.Admission(key)
	}
	return nil
}

func (f *Follower) tellGroups(keys []cache.Key, groups []*replication.Group) {
	there := make(map[cache.Key]bool, len(groups))
	for _, g := range groups {
		there[g.Key()] = true
		f.look.Group(g.Key(), g)
	}
	for _, key := range keys {
		if !there[key] {
			f.look.Group(key, nil)
		}
	}
}

// ruled are the groups that name security groups or a user group.
func ruled(groups []*replication.Group) (keys []cache.Key) {
	for _, g := range groups {
		if len(g.SecurityGroupIDs) > 0 || g.UserGroup != "" {
			keys = append(keys, g.Key())
		}
	}
	return keys
}

// users are the groups that name one of these security groups.
func users(tx store.Tx, ids []string) (keys []cache.Key, err error) {
	for _, id := range ids {
		of, err := store.SecurityGroupUsers(tx, id)
		if err != nil {
			return nil, err
		}
		keys = append(keys, of...)
	}
	return keys, nil
}

// Written is what a reconciler has written itself, so that it is not woken by that. The zero value is ready; it is
// safe for concurrent use.
type Written struct {
	mu   sync.Mutex // guards last; never held for longer than a look at a map
	last map[cache.Key]stamp
}

// stamp tells one state of a group from all others.
type stamp struct {
	uid      string
	revision int64
}

// Note remembers a group as it was put in a transaction. It is called before the commit, because whoever hears of the
// commit may ask at once.
func (w *Written) Note(tx store.UpdateTx, g *replication.Group) {
	key := g.Key()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last == nil {
		w.last = map[cache.Key]stamp{}
	}
	w.last[key] = stamp{g.UID, g.Revision}
	tx.OnUndo(func() { w.Forget(key) })
}

// Wrote reports whether the group is as it was noted last.
func (w *Written) Wrote(g *replication.Group) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	last, ok := w.last[g.Key()]
	return ok && last == stamp{g.UID, g.Revision}
}

// Forget drops what is remembered of a group that is gone.
func (w *Written) Forget(key cache.Key) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.last, key)
}
