package history

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// roundsAtOnce bounds how many groups of either pace are asked at the same time, each with six
// nodes at the most.
const roundsAtOnce = 16

// beat is how often sampleAll wakes up at the most: to be woken for each group alone would cost more
// than to ask it does.
const beat = time.Second

// sampleAll asks every group once an interval, one after the other in equal steps. Groups are in the
// order of their names each time, so that each comes about an interval after it did before.
func (h *History) sampleAll(ctx context.Context) {
	for began := time.Now(); ; began = time.Now() {
		groups := h.list(ctx)
		var rounds errgroup.Group
		rounds.SetLimit(roundsAtOnce)
		for i, g := range groups {
			turn := h.Interval * time.Duration(i) / time.Duration(len(groups))
			if !sleepUntil(ctx, began.Add(turn.Truncate(beat))) {
				break
			}
			if !h.isWatched(g.UID) {
				rounds.Go(func() error { h.sampleAnew(ctx, g); return nil })
			}
		}
		_ = rounds.Wait()
		if !sleepUntil(ctx, began.Add(h.Interval)) {
			return
		}
	}
}

// sampleAnew asks a group as it is now: nodes that it got since it was listed would be forgotten.
func (h *History) sampleAnew(ctx context.Context, listed *replication.Group) {
	for _, g := range h.read(ctx, map[string]cache.Key{listed.UID: listed.Key()}) {
		h.sampleGroup(ctx, g)
	}
}

// list returns all groups, and forgets those that are not among them.
func (h *History) list(ctx context.Context) (groups []*replication.Group) {
	err := h.Store.View(ctx, func(tx store.Tx) (err error) {
		groups, err = store.Page(tx, store.Groups, store.GroupRange(cache.ResourceReplicationGroup, "", 0))
		return err
	})
	if err != nil {
		if ctx.Err() == nil {
			h.Logger.Error("list groups for metrics", "error", err)
		}
		return nil
	}
	h.forgetOthers(groups)
	return groups
}

// sampleWatched asks the groups that are watched at their pace, and sleeps while there are none.
func (h *History) sampleWatched(ctx context.Context) {
	for {
		watched := h.watched()
		if len(watched) == 0 {
			select {
			case <-ctx.Done():
				return
			case <-h.wake:
			}
			continue
		}
		began := time.Now()
		var rounds errgroup.Group
		rounds.SetLimit(roundsAtOnce)
		for _, g := range h.read(ctx, watched) {
			rounds.Go(func() error {
				if h.sampleGroup(ctx, g) {
					h.Sampled(g.ID)
				}
				return nil
			})
		}
		_ = rounds.Wait()
		if !sleepUntil(ctx, began.Add(h.WatchedInterval)) {
			return
		}
	}
}

// read returns the groups as they are now, and forgets those that are no more.
func (h *History) read(ctx context.Context, keys map[string]cache.Key) (groups []*replication.Group) {
	err := h.Store.View(ctx, func(tx store.Tx) error {
		groups = nil
		for uid, key := range keys {
			g, err := store.Get(tx, store.Groups, key)
			switch {
			case cache.IsKind(err, cache.KindNotFound), err == nil && g.UID != uid:
				h.forget(uid)
			case err != nil:
				return err
			default:
				groups = append(groups, g)
			}
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		h.Logger.Error("read groups for metrics", "error", err)
	}
	return groups
}

// sleepUntil returns false if ctx ended first.
func sleepUntil(ctx context.Context, t time.Time) bool {
	if ctx.Err() != nil {
		return false
	}
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
