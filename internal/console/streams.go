package console

import (
	"context"
	"sync"

	"github.com/aikagi/aikagi/internal/store"
)

// streams are the answers that go on for as long as their session. The zero value is ready.
type streams struct {
	mu   sync.Mutex // guards open
	open map[store.ConsoleDigest]map[*context.CancelCauseFunc]struct{}
}

// join has end called when the session is signed out, until leave is called.
func (s *streams) join(session store.ConsoleDigest, end context.CancelCauseFunc) (leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[store.ConsoleDigest]map[*context.CancelCauseFunc]struct{}{}
	}
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
	}
}

// end ends everything that is open for a session.
func (s *streams) end(session store.ConsoleDigest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for end := range s.open[session] {
		(*end)(errSignedOut)
	}
}
