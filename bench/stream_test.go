package main

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestGap(t *testing.T) {
	t.Parallel()
	start := time.Now()
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	acks := []ack{{ended: at(0)}, {ended: at(90)}, {ended: at(91)}, {ended: at(101)}, {ended: at(104)}}
	for _, tt := range []struct {
		since int
		want  time.Duration
	}{
		{0, 90 * time.Millisecond},
		{50, 90 * time.Millisecond}, // it began before the moment
		{90, 10 * time.Millisecond},
		{101, 3 * time.Millisecond},
		{104, 0},
	} {
		if got := gap(acks, at(tt.since)); got != tt.want {
			t.Errorf("gap since %d ms is %s, want %s", tt.since, got, tt.want)
		}
	}
}

// halting is a writer that is refused for a while.
type halting struct{ from, until time.Time }

func (h halting) write(context.Context, string) error {
	if now := time.Now(); now.After(h.from) && now.Before(h.until) {
		return errors.New("refused")
	}
	return nil
}
func (h halting) close() {}

// An outage is as long as the writer was refused, and no refused write counts.
func TestStream(t *testing.T) {
	t.Parallel()
	const outage = 100 * time.Millisecond
	began := time.Now().Add(50 * time.Millisecond)
	s := newStream(t.Context(), halting{began, began.Add(outage)})
	acks, err := s.await(t.Context(), began.Add(outage/2), 1, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if first := acks[0].began; first.Before(began.Add(outage)) {
		t.Errorf("a write was acknowledged %s after the outage began, which lasts %s", first.Sub(began), outage)
	}
	all := s.stop()
	if got := gap(all, began); got < outage {
		t.Errorf("gap is %s, want at least %s", got, outage)
	}
	keys := map[string]bool{}
	for _, a := range all {
		if keys[a.key] {
			t.Errorf("key %s was written twice", a.key)
		}
		keys[a.key] = true
	}
	if _, err := s.await(t.Context(), time.Now(), 1, 10*time.Millisecond); err == nil {
		t.Error("a stream that was stopped goes on")
	}
}
