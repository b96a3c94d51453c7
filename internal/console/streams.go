package console

import (
	"context"
	"errors"
	"sync"

	"github.com/aikagi/aikagi/internal/store"
)

// How many answers that go on one session may have, and one address: each less than all that there are
// (streamMax), so that none has them all. Every page that is open has one, and behind a proxy
// everybody has the same address.
const (
	streamsOfSession = 12
	streamsOfAddress = 100
)

// errTooManyStreams: a session, or an address, has as many as it may have.
var errTooManyStreams = errors.New("too many streams")

// streams are the answers that go on for as long as their session. The zero value is ready.
type streams struct {
	mu        sync.Mutex // guards both below
	open      map[store.ConsoleDigest]map[*context.CancelCauseFunc]struct{}
	addresses map[string]int // how many an address has
}

// join has end called when the session is signed out, until leave is called.
func (s *streams) join(session store.ConsoleDigest, address string, end context.CancelCauseFunc) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open[session]) >= streamsOfSession || s.addresses[address] >= streamsOfAddress {
		return nil, errTooManyStreams
	}
	if s.open == nil {
		s.open, s.addresses = map[store.ConsoleDigest]map[*context.CancelCauseFunc]struct{}{}, map[string]int{}
	}
	s.addresses[address]++
	if s.open[session] == nil {
		s.open[session] = map[*context.CancelCauseFunc]struct{}{}
	}
	s.open[session][&end] = struct{}{}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open[session], &end)
		if len(s.open[session]) == 0 {
			delete(s.open, session)
		}
		if s.addresses[address]--; s.addresses[address] == 0 {
			delete(s.addresses, address)
		}
	}, nil
}

// end ends everything that is open for a session.
func (s *streams) end(session store.ConsoleDigest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for end := range s.open[session] {
		(*end)(errSignedOut)
	}
}
