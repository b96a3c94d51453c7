package server

import (
	"context"
	"errors"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/disk"
	"github.com/aikagi/aikagi/internal/store"
)

const (
	roomEvery    = time.Second      // between looks at the disks
	reserveEvery = 10 * time.Second // between looks at what the store keeps back
)

// room is how much there is on the disks of a data directory, whose parts may be on several.
type room struct {
	places []string

	mu    sync.Mutex // guards all below
	free  uint64     // of the place that has least, in bytes
	place string     // that is full; empty: none is
}

func newRoom(places ...string) *room {
	r := &room{places: places}
	r.look()
	return r
}

func (r *room) look() {
	least, at := ^uint64(0), ""
	for _, place := range r.places {
		if free, err := disk.Free(place); err == nil && free < least {
			least, at = free, place
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.free = least
	switch {
	case least < disk.RoomNeeded:
		r.place = at
	case least >= disk.RoomAgain:
		r.place = ""
	}
}

// run looks until ctx ends, and calls changed when something is different, for the first time if a disk is full
// already. place is the one that is full, or was; full says which.
func (r *room) run(ctx context.Context, changed func(ctx context.Context, place string, full bool)) error {
	tick := time.NewTicker(roomEvery)
	defer tick.Stop()
	last := ""
	for {
		r.look()
		if now := r.full(); (now == "") != (last == "") {
			changed(ctx, now+last, now != "") // one of them is empty
			last = now
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (r *room) full() (place string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.place
}

// left is for [telemetry.Options].
func (r *room) left() (free uint64, full bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.free, r.place != ""
}

// trouble is for [elasticache.Options].
func (r *room) trouble() cache.Saying {
	if place := r.full(); place != "" {
		return cache.Say(cache.FactDiskFull, "place", place)
	}
	return cache.Saying{}
}

// roomChanged tells everybody that a disk is full, or that all goes on.
func (s *Server) roomChanged(ctx context.Context, place string, full bool) {
	said := cache.Say(cache.FactDiskRoom, "place", place)
	if full {
		said = cache.Say(cache.FactDiskFull, "place", place)
		s.options.Logger.Error("disk of the data directory is full", "place", place)
	} else {
		s.options.Logger.Info("disk of the data directory has room again", "place", place)
		if err := errors.Join(s.announce(), s.reserve(ctx)); err != nil {
			s.options.Logger.Error("make up for what had no room", "error", err)
		}
	}
	var groups []*replication.Group
	err := s.store.Update(store.WithReserve(ctx), func(tx store.UpdateTx) (err error) {
		if groups, err = store.Page(tx, store.Groups, store.Range{}); err != nil {
			return err
		}
		events := make([]cache.Event, len(groups))
		for i, g := range groups {
			events[i] = g.Tell(s.options.Now(), said)
		}
		return store.Append(tx, store.Events, events...)
	})
	if err != nil {
		s.options.Logger.Error("tell groups of the disk", "error", err)
	}
	if full {
		return
	}
	for _, g := range groups { // what waited for room need not wait for its next try
		s.loop.AddUrgent(g.Key())
		s.rotations.Add(g.Key())
	}
}

// keepReserve makes sure, from time to time, that the store keeps back what it has used up.
func (s *Server) keepReserve(ctx context.Context) error {
	tick := time.NewTicker(reserveEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := s.reserve(ctx); err != nil && ctx.Err() == nil {
			s.options.Logger.Warn("keep space back", "error", err)
		}
	}
}

// announce writes down where the API answers. On a full disk that has to wait: commands then need
// --endpoint-url.
func (s *Server) announce() error {
	err := s.dir.Announce(s.url)
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		s.options.Logger.Error("endpoint cannot be recorded until there is room; use --endpoint-url", "url", s.url, "error", err)
		return nil
	}
	return err
}

func (s *Server) withdraw() error {
	if err := s.dir.Withdraw(); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
