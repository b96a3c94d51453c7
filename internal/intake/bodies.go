package intake

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// Errors of [Bodies.Read].
var (
	ErrTooLarge = errors.New("body is too large")
	ErrBusy     = errors.New("too much is being read from others")
)

// freeSize is what every body may have without asking the budget, in bytes.
const freeSize = 8 << 10

// Bodies reads the bodies of requests. It is safe for concurrent use.
type Bodies struct {
	mu   sync.Mutex // guards left
	left int        // of the budget, in bytes
}

// NewBodies makes a reader whose buffers, besides the first of each, have budget bytes together.
func NewBodies(budget int) *Bodies { return &Bodies{left: budget} }

// Read reads a body of at most largest bytes. The caller calls done when it needs the body no more, also
// after an error: [ErrTooLarge], [ErrBusy], or that the body did not come.
func (b *Bodies) Read(r *http.Request, largest int) (body []byte, done func(), err error) {
	taken := 0
	done = func() { b.give(taken) }
	if r.ContentLength > int64(largest) {
		return nil, done, ErrTooLarge
	}
	first := freeSize
	if r.ContentLength >= 0 {
		first = min(first, int(r.ContentLength)+1) // one more, to see the end
	}
	body = make([]byte, 0, first)
	for {
		if len(body) == cap(body) {
			more := cap(body)
			if !b.take(more) {
				return nil, done, ErrBusy
			}
			taken += more
			body = append(make([]byte, 0, 2*cap(body)), body...)
		}
		n, err := r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case len(body) > largest:
			return nil, done, ErrTooLarge
		case errors.Is(err, io.EOF):
			return body, done, nil
		case err != nil:
			return nil, done, fmt.Errorf("read body: %w", err)
		}
	}
}

func (b *Bodies) take(n int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n > b.left {
		return false
	}
	b.left -= n
	return true
}

func (b *Bodies) give(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left += n
}

// A body that nobody wants is read and thrown away for so long, and so many bytes of it, before the connection is
// closed. If that were closed while the client sends, it might see that, and not the answer.
const (
	lingering     = 3 * time.Second
	lingeringMost = 8 << 20
)

// AnswerNow has the answer to a request that is about to be refused sent without waiting for its body,
// and the connection closed after it. The caller calls linger when it has written the answer.
func AnswerNow(w http.ResponseWriter, r *http.Request) (linger func()) {
	if r.ContentLength == 0 {
		return func() {}
	}
	rest := r.Body // what is in its place later may be something else
	w.Header().Set("Connection", "close")
	control := http.NewResponseController(w)
	// Where neither is supported the server waits, within its own limits.
	_ = control.EnableFullDuplex()
	_ = control.SetReadDeadline(time.Now().Add(lingering))
	return func() {
		if control.Flush() == nil {
			_, _ = io.CopyN(io.Discard, rest, lingeringMost)
		}
	}
}
