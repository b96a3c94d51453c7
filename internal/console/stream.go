package console

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/store"
)

// stream tells a page what changes for as long as somebody is signed in.
func (c *Console) stream(w http.ResponseWriter, r *http.Request) {
	ctx, cancel, err := c.whileSignedIn(r)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	defer cancel()
	c.Stream.ServeHTTP(w, r.WithContext(ctx))
}

func refuseStream(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	fail(w, http.StatusServiceUnavailable, errorTooManyStreams)
}

// StreamOptions are what a stream needs. It owns none of them. Of the numbers 0 means the default.
type StreamOptions struct {
	Changes store.Store
	Version string // that pages are told, so that they notice a new one

	Max          int           // pages at the same time
	Pace         time.Duration // between two events for one page, unless they are written together
	KeepAlive    time.Duration // between signs of life, which keep proxies and pages from giving up
	WriteTimeout time.Duration // how long a page may take to take an event
}

const (
	streamMax          = 200
	streamPace         = 100 * time.Millisecond
	streamKeepAlive    = 15 * time.Second
	streamWriteTimeout = 10 * time.Second
)

// Stream sends pages, as server-sent events, the names of the groups, and of the security, parameter and subnet groups, of which there is
// something new. It sends no content: pages ask the API for that, so that a script can do
// the same. Its events:
//
//	hello    {"version": "v1.2.0", "boot": "…"}            first; whatever the page has may be old
//	changed  {"groups": ["orders"], "clusters": ["lone"]}  were written or deleted
//	         {"all": true, …}                              more than are named
//	         {…, "events": true}                           events were written, too
//	         {…, "security_groups": ["sg-1"]}              were written or deleted, too
//	         {…, "parameter_groups": ["sessions"]}         the same
//	         {…, "subnet_groups": ["racks"]}               the same
//	sampled  {"group": "orders"}                           has new metrics
//	alive    {}                                            every 15 seconds
type Stream struct {
	StreamOptions
	boot string // tells one run of the program from the next

	mu    sync.Mutex // guards pages
	pages map[*page]struct{}
}

// NewStream makes a stream that nobody listens to.
func NewStream(options StreamOptions) *Stream {
	if options.Max == 0 {
		options.Max = streamMax
	}
	if options.Pace == 0 {
		options.Pace = streamPace
	}
	if options.KeepAlive == 0 {
		options.KeepAlive = streamKeepAlive
	}
	if options.WriteTimeout == 0 {
		options.WriteTimeout = streamWriteTimeout
	}
	return &Stream{StreamOptions: options, boot: rand.Text(), pages: map[*page]struct{}{}}
}

// Sampled tells pages that a group has new metrics. It does not wait for anybody.
func (s *Stream) Sampled(groupID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.pages {
		p.addSample(groupID)
	}
}

// ServeHTTP sends events until the request's context ends, or the client goes or gets stuck. The
// caller makes sure that the context ends when the server shuts down.
func (s *Stream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := s.join()
	if p == nil {
		refuseStream(w)
		return
	}
	defer s.leave(p)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would keep events back
	// The time limits of this answer must not become those of another on the same connection.
	w.Header().Set("Connection", "close")
	out := &eventWriter{to: w, control: http.NewResponseController(w), timeout: s.WriteTimeout}
	s.send(r.Context(), p, out)
	_ = out.control.SetWriteDeadline(time.Now().Add(time.Second)) // for the end of the answer, which may wait for a stuck client
}

// send writes events until ctx ends or a write fails. Neither is anybody's fault.
func (s *Stream) send(ctx context.Context, p *page, out *eventWriter) {
	err := out.write(hello(s.Version, s.boot))
	keepAlive := time.NewTicker(s.KeepAlive)
	defer keepAlive.Stop()
	for err == nil {
		select {
		case <-ctx.Done():
			return
		case <-keepAlive.C:
			err = out.write(alive)
			continue
		case <-p.changes.Ready():
		case <-p.ready:
		}
		if err = out.write(p.take()); err != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(s.Pace):
		}
	}
}

// join begins to listen for one more page; nil if there are too many.
func (s *Stream) join() *page {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pages) >= s.Max {
		return nil
	}
	p := &page{changes: s.Changes.Subscribe(), ready: make(chan struct{}, 1)}
	s.pages[p] = struct{}{}
	return p
}

func (s *Stream) leave(p *page) {
	p.changes.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pages, p)
}
