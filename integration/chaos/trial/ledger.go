package trial

import (
	"slices"
	"sync"
)

// Write is one acknowledged write.
type Write struct {
	Client      string // writer or lane of the referee
	Sequence    int
	Sent, Acked Instant
	Process     string // run_id of the process that acknowledged it; the referee only
}

// Failure is a write that a client got an error for. Whether it was carried out is
// not known.
type Failure struct {
	Client      string
	Sent, Ended Instant
	Text        string
}

// ledger is what clients have seen. It is safe for concurrent use.
type ledger struct {
	mu       sync.Mutex // guards all below
	writes   []Write
	failures []Failure
}

func (l *ledger) acknowledge(w Write) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writes = append(l.writes, w)
}

func (l *ledger) fail(f Failure) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failures = append(l.failures, f)
}

// read returns what was written down so far, writes in the order of their
// acknowledgements.
func (l *ledger) read() ([]Write, []Failure) {
	l.mu.Lock()
	defer l.mu.Unlock()
	writes := slices.Clone(l.writes)
	slices.SortStableFunc(writes, func(a, b Write) int { return int(a.Acked - b.Acked) })
	return writes, slices.Clone(l.failures)
}
