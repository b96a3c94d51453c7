package delivery

import (
	"context"
	"errors"
	"sync"
	"testing"
)

func TestLocks(t *testing.T) {
	t.Parallel()
	l := locks{held: map[string]chan struct{}{}}
	var wait sync.WaitGroup
	counts := map[string]*int{"a": new(int), "b": new(int)}
	for name, count := range counts {
		for range 8 {
			wait.Go(func() {
				for range 500 {
					unlock, err := l.lock(context.Background(), name)
					if err != nil {
						t.Error(err)
						return
					}
					*count++ // the race detector looks, too
					unlock()
				}
			})
		}
	}
	wait.Wait()
	if *counts["a"] != 4000 || *counts["b"] != 4000 {
		t.Errorf("counted %d and %d", *counts["a"], *counts["b"])
	}
	unlock, err := l.lock(context.Background(), "a")
	if err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := l.lock(over, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for what is held: %v", err)
	}
	unlock()
	if len(l.held) != 0 {
		t.Errorf("%d locks are kept that nobody holds", len(l.held))
	}
}
