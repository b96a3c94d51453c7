package sqlite

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/aikagi/aikagi/internal/store"
)

// TestTurns has many wait while the store is held, and sees them served in the order in which they came.
func TestTurns(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		holders int // how many hold all that there is
		do      func(s *Store, ctx context.Context, fn func()) error
	}{
		"updates": {1, func(s *Store, ctx context.Context, fn func()) error {
			return s.Update(ctx, func(store.UpdateTx) error { fn(); return nil })
		}},
		"updates that defer the sync": {1, func(s *Store, ctx context.Context, fn func()) error {
			return s.Update(store.WithDeferredSync(ctx), func(store.UpdateTx) error { fn(); return nil })
		}},
		"views": {readers, func(s *Store, ctx context.Context, fn func()) error {
			return s.View(ctx, func(store.Tx) error { fn(); return nil })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			synctest.Test(t, func(t *testing.T) {
				s := open(t, path)
				defer s.Close()
				ended := make(chan error)
				free := make(chan struct{}) // one for each who may go on
				began := make(chan int, 64)
				start := func(ctx context.Context, i int) {
					go func() { ended <- c.do(s, ctx, func() { began <- i; <-free }) }()
					synctest.Wait()
				}
				for range c.holders {
					start(t.Context(), 0)
				}
				given, giveUp := context.WithCancel(t.Context())
				var want []int
				for i := range 20 {
					if i%5 == 2 { // who gives up leaves his place to the next
						start(given, 0)
						continue
					}
					want = append(want, i+1)
					start(t.Context(), i+1)
				}
				giveUp()
				for range 4 {
					if err := <-ended; err == nil {
						t.Error("who gave up was served")
					}
				}
				for range c.holders {
					<-began
				}
				var got []int
				for range want {
					free <- struct{}{}
					if err := <-ended; err != nil {
						t.Error(err)
					}
					got = append(got, <-began)
				}
				if !slices.Equal(got, want) {
					t.Errorf("served %v, want the order of asking, %v", got, want)
				}
				for range c.holders {
					free <- struct{}{}
					if err := <-ended; err != nil {
						t.Error(err)
					}
				}
			})
		})
	}
}
