package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"
)

// writePause is the time between two writes of a stream, and between two tries.
const writePause = time.Millisecond

// ack is one acknowledged write.
type ack struct {
	key          string
	began, ended time.Time
}

// stream is a writer at work: it writes keys, each once acknowledged, until it is
// stopped.
type stream struct {
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu   sync.Mutex // guards acks and last
	acks []ack
	last error // of the newest try
}

// newStream sets a writer to work, and closes it in the end.
func newStream(ctx context.Context, w writer) *stream {
	ctx, cancel := context.WithCancel(ctx)
	s := &stream{cancel: cancel}
	prefix := rand.Text() // a key that an earlier stream left behind must not pass for one of these
	s.done.Go(func() {
		defer w.close()
		for n := 0; ctx.Err() == nil; n++ {
			a := ack{key: fmt.Sprintf("%s:%d", prefix, n), began: time.Now()}
			err := w.write(ctx, a.key)
			a.ended = time.Now()
			s.note(a, err)
			time.Sleep(writePause)
		}
	})
	return s
}

func (s *stream) note(a ack, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last = err; err == nil {
		s.acks = append(s.acks, a)
	}
}

// since returns the writes that began after a moment.
func (s *stream) since(moment time.Time) []ack {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, a := range s.acks {
		if a.began.After(moment) {
			return s.acks[i:len(s.acks):len(s.acks)]
		}
	}
	return nil
}

// await waits for so many acknowledged writes that began after a moment.
func (s *stream) await(ctx context.Context, moment time.Time, count int, limit time.Duration) ([]ack, error) {
	for deadline := time.Now().Add(limit); ; time.Sleep(writePause) {
		acks := s.since(moment)
		switch {
		case len(acks) >= count:
			return acks, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case time.Now().After(deadline):
			s.mu.Lock()
			defer s.mu.Unlock()
			return nil, errors.Join(fmt.Errorf("%d writes acknowledged in %s, want %d", len(acks), limit, count), s.last)
		}
	}
}

// stop ends the stream and returns all that was acknowledged.
func (s *stream) stop() []ack {
	s.cancel()
	s.done.Wait()
	return s.acks
}

// gap is the longest time between two acknowledged writes that ended after a moment.
// The one before the moment counts too: the interruption may have begun there.
func gap(acks []ack, moment time.Time) time.Duration {
	var longest time.Duration
	for i := 1; i < len(acks); i++ {
		if acks[i].ended.After(moment) {
			longest = max(longest, acks[i].ended.Sub(acks[i-1].ended))
		}
	}
	return longest
}
