package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/nic"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// stopsAtOnce bounds how many nodes save their data at the same time.
const stopsAtOnce = 8

// Down stops every node of a data directory, which the caller holds, with its data
// saved: replicas first, so that each primary's snapshot is the last word. progress
// is told of each node. A node that cannot save goes on running, and is an error.
func Down(ctx context.Context, dir *datadir.Dir, progress func(string)) (stopped int, err error) {
	nodes, err := process.New(process.Options{Dir: dir.Nodes()})
	if err != nil {
		return 0, err
	}
	runCtx, stop := context.WithCancel(ctx)
	var supervising sync.WaitGroup
	supervising.Go(func() { _ = nodes.Run(runCtx) })
	defer supervising.Wait()
	defer stop()

	primaries, err := pause(ctx, dir, progress)
	if err != nil {
		return 0, err
	}
	var first, last []provider.NodeName
	for _, state := range nodes.List() {
		switch {
		case state.Phase != provider.PhaseRunning && state.Phase != provider.PhaseStopping:
		case primaries[state.Node]:
			last = append(last, state.Node)
		default:
			first = append(first, state.Node)
		}
	}
	err = errors.Join(stopAll(ctx, nodes, first, progress), stopAll(ctx, nodes, last, progress))
	for _, name := range append(first, last...) {
		if nodes.Inspect(name).Phase == provider.PhaseStopped {
			stopped++
		}
	}
	if err == nil { // else somebody may still be connected
		err = removeAddresses(ctx, dir, progress)
	}
	return stopped, err
}

// removeAddresses takes what was added to the machine's network off it again.
func removeAddresses(ctx context.Context, dir *datadir.Dir, progress func(string)) error {
	removed, err := nic.Clear(ctx, dir.Pool())
	if len(removed) > 0 {
		progress(fmt.Sprintf("removed %d addresses from this machine's network", len(removed)))
	}
	return err
}

// pause notes in the store that the stop is wanted, and returns the primaries.
func pause(ctx context.Context, dir *datadir.Dir, progress func(string)) (map[provider.NodeName]bool, error) {
	if _, err := os.Lstat(dir.Store()); errors.Is(err, fs.ErrNotExist) {
		progress(dir.Store() + " is missing: which nodes are primaries is not known")
		return nil, nil
	}
	s, err := sqlite.Open(ctx, dir.Store(), sqlite.Options{})
	if err != nil {
		return nil, err
	}
	primaries := map[provider.NodeName]bool{}
	err = s.Update(store.WithReserve(ctx), func(tx store.UpdateTx) error {
		groups, err := store.Page(tx, store.Groups, store.Range{})
		if err != nil {
			return err
		}
		for _, g := range groups {
			for i := range g.Shards {
				primaries[provider.NameOf(g.Shards[i].Primary())] = true
			}
			g.Pause()
			if err := store.PutGroup(tx, g); err != nil {
				return err
			}
		}
		return nil
	})
	return primaries, errors.Join(err, s.Close())
}

func stopAll(ctx context.Context, nodes provider.Provider, names []provider.NodeName, progress func(string)) error {
	errs := make([]error, len(names))
	slots := make(chan struct{}, stopsAtOnce)
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if err := nodes.Stop(ctx, name); err != nil {
				errs[i] = fmt.Errorf("stop %s, which goes on running: %w", name, err)
				return
			}
			progress("stopped " + string(name))
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
