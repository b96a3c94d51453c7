package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

const caller = "AKIAIOSFODNN7EXAMPLE"

// stage is a console on a real store, behind a real HTTP server. The API behind it says who calls.
type stage struct {
	*Console
	t       *testing.T
	url     string
	client  *http.Client // with connections of its own, which no other server's end closes
	clock   atomic.Int64 // nanoseconds that the clock is ahead
	log     *safeBuffer
	records chan Record
	former  atomic.Bool // the access key was replaced
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

var built = fstest.MapFS{
	"index.html":           {Data: []byte("<!doctype html><title>the page</title>")},
	"favicon.svg":          {Data: []byte("<svg/>")},
	"assets/app-1a2b3c.js": {Data: []byte(strings.Repeat("console.log('aikagi');\n", 100))},
	"assets/font-4d.woff2": {Data: []byte{1, 2, 3}},
	".gitkeep":             {},
}

func newStage(t *testing.T, change ...func(*Options)) *stage {
	t.Helper()
	return newStageAt(t, filepath.Join(t.TempDir(), "store.db"), change...)
}

// newStageAt is a server that starts on a store that may be of an earlier one.
func newStageAt(t *testing.T, path string, change ...func(*Options)) *stage {
	t.Helper()
	s := &stage{t: t, log: &safeBuffer{}, records: make(chan Record, 100)}
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	now := func() time.Time { return time.Now().Add(time.Duration(s.clock.Load())) }
	options := Options{
		Files: built, Store: db, Codes: NewCodes(now), Cookie: CookieName([]byte("master key")), Lifetime: time.Hour,
		API: func(caller string) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				_, _ = io.WriteString(w, caller+" calls "+string(body))
			})
		},
		Accepts: func(id string) bool { return id == caller && !s.former.Load() },
		CA:      []byte("-----BEGIN CERTIFICATE-----\n"),
		Info:    Info{"us-east-1", "000000000000", "v1", []cache.EngineVersion{{Engine: cache.EngineValkey, Version: "8.0.1"}}},
		Audit:   func(r Record) { s.records <- r },
		Logger:  slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:     now,
	}
	for _, c := range change {
		c(&options)
	}
	if s.Console, err = New(options); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(s.Console)
	server.Config.ErrorLog = slog.NewLogLogger(options.Logger.Handler(), slog.LevelDebug)
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(s.Console.Close)
	s.url, s.client = server.URL, server.Client()
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s
}

// reply is an answer with its body read.
type reply struct {
	*http.Response
	body string
}

// ask sends a request; headers are pairs.
func (s *stage) ask(method, path, body string, headers ...string) reply {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			request.Host = headers[i+1]
		}
	}
	response, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{response, string(text)}
}

// want checks the status, and the code of an error unless it is empty.
func (s *stage) want(what string, got reply, status int, code string) {
	s.t.Helper()
	var body struct{ Error string }
	_ = json.Unmarshal([]byte(got.body), &body) // not every answer is JSON
	if got.StatusCode != status || body.Error != code {
		s.t.Errorf("%s: %s %s; want %d %q", what, got.Status, got.body, status, code)
	}
}

const jsonType, formType = "application/json", "application/x-www-form-urlencoded; charset=utf-8"

// code makes a code as a link has it.
func (s *stage) code() string {
	s.t.Helper()
	link, _ := s.Codes.Link(s.url, caller)
	base, code, found := strings.Cut(link, "#code=")
	if !found || base != s.url+"/console/sign-in" || len(code) != 43 {
		s.t.Fatalf("the link is %s", link)
	}
	return code
}

func (s *stage) redeem(code string, headers ...string) reply {
	s.t.Helper()
	return s.ask(http.MethodPost, "/console/session", `{"code":"`+code+`"}`, append([]string{"Content-Type", jsonType}, headers...)...)
}

// signIn returns the Cookie header of a new session.
func (s *stage) signIn(headers ...string) string {
	s.t.Helper()
	got := s.redeem(s.code(), headers...)
	if got.StatusCode != http.StatusOK || len(got.Cookies()) != 1 {
		s.t.Fatalf("sign-in: %s %s", got.Status, got.body)
	}
	return got.Cookies()[0].Name + "=" + got.Cookies()[0].Value
}

func (s *stage) callWith(cookie string, headers ...string) reply {
	s.t.Helper()
	return s.ask(http.MethodPost, "/console/api", "Action=X", append([]string{"Content-Type", formType, "Cookie", cookie}, headers...)...)
}

func (s *stage) advance(d time.Duration) { s.clock.Add(int64(d)) }

// follow begins what goes on while its session does, and returns the reason of its end.
func (s *stage) follow(cookie string) <-chan error {
	s.t.Helper()
	request := httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, "/console/stream", nil)
	request.Header.Set("Cookie", cookie)
	ctx, cancel, err := s.whileSignedIn(request)
	if err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		why := context.Cause(ctx)
		cancel()
		ended <- why
	}()
	return ended
}

func (s *stage) wantEnd(what string, ended <-chan error, want error) {
	s.t.Helper()
	select {
	case got := <-ended:
		if !errors.Is(got, want) {
			s.t.Errorf("%s: it ended because %v, want %v", what, got, want)
		}
	case <-time.After(10 * time.Second):
		s.t.Errorf("%s: it goes on", what)
	}
}

// stored reports what the store has of a cookie.
func (s *stage) stored(cookie string) error {
	request := http.Request{Header: http.Header{"Cookie": {cookie}}}
	return s.Store.View(s.t.Context(), func(tx store.Tx) error {
		_, err := store.Get(tx, store.ConsoleSessions, s.claimed(&request)[0].String())
		return err
	})
}
