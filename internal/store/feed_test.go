package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestTooManyBecomeAll(t *testing.T) {
	t.Parallel()
	var feed Feed
	s := feed.Subscribe()
	object := func(i int) []Ref { return []Ref{{Kind: "box", ID: fmt.Sprint(i)}} }
	for i := range objectsMax {
		feed.Tell(object(i), nil)
	}
	if got := s.Take(); got.All || len(got.Objects) != objectsMax {
		t.Errorf("%d objects became %d, all: %t", objectsMax, len(got.Objects), got.All)
	}
	for i := range objectsMax + 2 {
		feed.Tell(object(i), []string{"log"})
	}
	if got := s.Take(); !got.All || len(got.Objects) != 0 || len(got.Logs) != 1 {
		t.Errorf("told of %+v", got)
	}
	feed.Tell(object(1), nil)
	if got := s.Take(); got.All || len(got.Objects) != 1 {
		t.Errorf("told of %+v, want one object", got)
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	var feed Feed
	s := feed.Subscribe()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := s.Wait(ctx)
		ended <- err
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("wait ended with %v", err)
	}
}
