package console

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// patience bounds every wait for what must happen.
const patience = 10 * time.Second

// feed is a stream, the store that it tells of, and a server that serves it with short
// time limits for requests.
type feed struct {
	t      *testing.T
	store  store.Store
	stream *Stream
	server *httptest.Server
}

func newFeed(t *testing.T, options StreamOptions) *feed {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	f := &feed{t: t, store: db}
	options.Changes, options.Version = f.store, "v9"
	f.stream = NewStream(options)
	f.server = httptest.NewUnstartedServer(f.stream)
	f.server.Config.ReadTimeout, f.server.Config.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	f.server.Start()
	t.Cleanup(func() {
		f.server.CloseClientConnections()
		f.server.Close()
	})
	return f
}

// put writes groups in one transaction; an id with a dot in front is one of a lone cluster.
func (f *feed) put(ids ...string) {
	f.t.Helper()
	if err := f.store.Update(f.t.Context(), func(tx store.UpdateTx) error { return putAll(tx, ids...) }); err != nil {
		f.t.Fatal(err)
	}
}

func putAll(tx store.UpdateTx, ids ...string) error {
	for _, id := range ids {
		name, lone := strings.CutPrefix(id, ".")
		resource := cache.ResourceReplicationGroup
		if lone {
			resource = cache.ResourceCacheCluster
		}
		g, err := store.Get(tx, store.Groups, cache.NewKey(resource, name))
		if cache.IsKind(err, cache.KindNotFound) {
			g, err = replication.NewGroup(replication.Spec{
				ID: name, Standalone: lone, EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"},
			}, time.Now())
		}
		if err != nil {
			return err
		}
		if err := store.Put(tx, store.Groups, g); err != nil {
			return err
		}
	}
	return nil
}

// reader is a page.
type reader struct {
	t      *testing.T
	answer *http.Response
	lines  *bufio.Reader
}

// told is an event as a page gets it.
type told struct {
	name string
	data map[string]any
}

// get asks for the stream of a server; the cookie may be empty.
func (f *feed) get(server, cookie string) *http.Response {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), 2*patience)
	f.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server+"/console/stream", nil)
	if err != nil {
		f.t.Fatal(err)
	}
	request.Header.Set("Cookie", cookie)
	answer, err := f.server.Client().Do(request)
	for err != nil && ctx.Err() == nil { // on a busy machine the server's limit may be over before it has read the request
		answer, err = f.server.Client().Do(request)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { answer.Body.Close() })
	return answer
}

// open opens a stream and reads its hello.
func (f *feed) open() *reader { f.t.Helper(); return f.openAt(f.server.URL, "") }

func (f *feed) openAt(server, cookie string) *reader {
	f.t.Helper()
	answer := f.get(server, cookie)
	if got := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || got != "text/event-stream" || answer.Header.Get("Content-Encoding") != "" || !answer.Close {
		f.t.Fatalf("%d %v", answer.StatusCode, answer.Header)
	}
	r := &reader{t: f.t, answer: answer, lines: bufio.NewReader(answer.Body)}
	if hello := r.next(); hello.name != "hello" || hello.data["version"] != "v9" || hello.data["boot"] != f.stream.boot {
		f.t.Errorf("hello is %v", hello)
	}
	return r
}

// next returns the next event. It fails if there is none in time.
func (r *reader) next() told {
	r.t.Helper()
	event, err := r.read()
	if err != nil {
		r.t.Fatalf("read event: %v", err)
	}
	return event
}

func (r *reader) read() (event told, err error) {
	for {
		line, err := r.lines.ReadString('\n')
		if err != nil {
			return event, err
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch {
		case field == "event":
			event.name = value
		case field == "data":
			if err := json.Unmarshal([]byte(value), &event.data); err != nil {
				return event, err
			}
		case line == "\n" && event.name != "":
			return event, nil
		}
	}
}

func (r *reader) want(name string, data map[string]any) {
	r.t.Helper()
	if diff := cmp.Diff(told{name, data}, r.next(), cmp.AllowUnexported(told{})); diff != "" {
		r.t.Errorf("(-want +got)\n%s", diff)
	}
}

func changedGroups(ids ...any) map[string]any {
	return map[string]any{"groups": append([]any{}, ids...), "clusters": []any{}}
}

func (f *feed) waitForPages(want int) {
	f.t.Helper()
	pages := func() int {
		f.stream.mu.Lock()
		defer f.stream.mu.Unlock()
		return len(f.stream.pages)
	}
	for deadline := time.Now().Add(patience); pages() != want; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			f.t.Fatalf("%d pages listen, want %d", pages(), want)
		}
	}
}

// narrow gives the server's side of each connection a small buffer.
type narrow struct{ net.Listener }

func (n narrow) Accept() (net.Conn, error) {
	c, err := n.Listener.Accept()
	if err == nil {
		err = c.(*net.TCPConn).SetWriteBuffer(4 << 10)
	}
	return c, err
}

func anys(ids []string) []any {
	var all []any
	for _, id := range ids {
		all = append(all, id)
	}
	return all
}

// signedIn is a console that serves the feed's stream.
func (f *feed) signedIn() *stage {
	return newStage(f.t, func(o *Options) { o.Store, o.Stream = f.store, f.stream })
}

func (r *reader) wantEnd(what string) {
	r.t.Helper()
	if event, err := r.read(); !errors.Is(err, io.EOF) {
		r.t.Errorf("%s: the stream ended with %v, %v", what, event, err)
	}
}
