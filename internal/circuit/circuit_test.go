package circuit_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/circuit"
)

var errDown = errors.New("it is down")

func TestBreaker(t *testing.T) {
	t.Parallel()
	b := circuit.Breaker{First: time.Second, Longest: 3 * time.Second, Trial: time.Minute}
	now := time.Now()
	for range 2 {
		if err := b.Admit(now); err != nil {
			t.Fatalf("before a failure: %v", err)
		}
	}
	for _, rest := range []time.Duration{time.Second, 2 * time.Second, 3 * time.Second, 3 * time.Second} {
		b.Note(errDown, now)
		if err := b.Admit(now.Add(rest - 1)); !errors.Is(err, errDown) {
			t.Errorf("within %s: %v, want why", rest, err)
		}
		now = now.Add(rest)
		if err := b.Admit(now); err != nil {
			t.Errorf("nobody is tried after %s: %v", rest, err)
		}
		if b.Admit(now) == nil {
			t.Errorf("somebody else is let through while one is tried after %s", rest)
		}
	}
	if b.Admit(now.Add(time.Minute)) != nil {
		t.Error("nobody is tried after one who has not come back")
	}
	b.Note(nil, now)
	for range 2 {
		if err := b.Admit(now); err != nil {
			t.Errorf("after an answer: %v", err)
		}
	}
}
