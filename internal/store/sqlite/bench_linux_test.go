package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

const benchGroups = 10_000

// filled is a store of benchGroups groups of three nodes.
func filled(b *testing.B) *Store {
	b.Helper()
	s := open(b, filepath.Join(b.TempDir(), "store.db"))
	b.Cleanup(func() { s.Close() })
	groups := make([]*replication.Group, benchGroups)
	for i := range groups {
		groups[i] = group(b, fmt.Sprintf("g%05d", i), 2)
		address(b, groups[i], i)
	}
	put(b, s, groups...)
	return s
}

// BenchmarkUpdate changes one group as the control plane does: read, write, event.
func BenchmarkUpdate(b *testing.B) {
	s := filled(b)
	var took []time.Duration
	defer reportProcessor(b)()
	for i := 0; b.Loop(); i++ {
		key := cache.NewKey(cache.ResourceReplicationGroup, fmt.Sprintf("g%05d", i*7919%benchGroups))
		start := time.Now()
		err := s.Update(b.Context(), func(tx store.UpdateTx) error {
			g, err := store.Get(tx, store.Groups, key)
			if err != nil {
				return err
			}
			if err := store.Put(tx, store.Groups, g); err != nil {
				return err
			}
			return store.Append(tx, store.Events, g.Event(start, "changed"))
		})
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	reportPercentiles(b, took)
}

// BenchmarkSync is what BenchmarkUpdate cannot go below: appending the same amount
// to a file and syncing it.
func BenchmarkSync(b *testing.B) {
	file, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := file.Write(make([]byte, 6*4120)); err != nil {
			b.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	reportPercentiles(b, took)
}

func reportPercentiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Microseconds()), fmt.Sprintf("µs-p%d", p))
	}
}

// reportProcessor returns a function that reports the processor time of this process since, which a busy machine does
// not spoil as it does the time that passes.
func reportProcessor(b *testing.B) func() {
	used := func() (micros int64) {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano()/1000 + u.Stime.Nano()/1000
	}
	before := used()
	return func() { b.ReportMetric(float64(used()-before)/float64(b.N), "µs-cpu/op") }
}

func BenchmarkPage(b *testing.B) {
	s := filled(b)
	for name, read := range map[string]func(store.Tx) (int, error){
		"groups": func(tx store.Tx) (int, error) {
			groups, err := store.Page(tx, store.Groups, store.GroupRange(cache.ResourceReplicationGroup, "g05000", 100))
			return len(groups), err
		},
		"nodes": func(tx store.Tx) (int, error) {
			refs, err := store.GroupsOfNodes(tx, "g05000-003", 100)
			return len(refs), err
		},
	} {
		b.Run(name, func(b *testing.B) {
			defer reportProcessor(b)()
			for b.Loop() {
				err := s.View(b.Context(), func(tx store.Tx) error {
					n, err := read(tx)
					if n != 100 {
						b.Errorf("%d rows", n)
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOpen is the start of the control plane, the check of the file included.
func BenchmarkOpen(b *testing.B) {
	path := filled(b).path
	for b.Loop() {
		if err := open(b, path).Close(); err != nil {
			b.Fatal(err)
		}
	}
}
