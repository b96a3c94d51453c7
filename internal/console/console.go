package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/intake"
	"github.com/aikagi/aikagi/internal/store"
)

// Path is what everything here is below.
const Path = "/console/"

// Options are what a console needs. It owns none of them.
type Options struct {
	Files  fs.FS // the built page; nil, or without an index.html: it is not part of this build
	Store  store.Store
	Codes  *Codes
	Stream *Stream
	Cookie string // name of the cookie, see [CookieName]
	// Lifetime of a session. It is fixed: using a session does not prolong it.
	Lifetime time.Duration
	Bodies   *intake.Bodies                   // reads requests; nil: within a budget of this console's own
	API      func(caller string) http.Handler // answers the ElastiCache API for an access key id
	Accepts  func(caller string) bool         // whether that access key id may still do anything
	CA       []byte                           // certificate of the CA, PEM
	Info     Info
	Audit    func(Record)
	Logger   *slog.Logger
	Now      func() time.Time
}

// Info is what a page that is signed in is told of the server.
type Info struct {
	Region, Account, Version string
	Engines                  []cache.EngineVersion
}

// Record is a sign-in or a sign-out, for the audit log.
type Record struct {
	At      time.Time
	Caller  string // access key id
	Address string // of the client
	Action  string // ConsoleSignIn, ConsoleSignOut
}

// Console answers what is asked below [Path]. It is an [http.Handler].
type Console struct {
	Options
	handler http.Handler
	files   files
	streams streams
	refused limiter
	closing context.Context // ends with Close
	close   context.CancelFunc
}

// New makes a console. The error is that Files cannot be listed.
func New(options Options) (*Console, error) {
	if options.Bodies == nil {
		options.Bodies = intake.NewBodies(callMax)
	}
	files, err := list(options.Files)
	if err != nil {
		return nil, fmt.Errorf("list the console's files: %w", err)
	}
	c := &Console{Options: options, files: files}
	c.closing, c.close = context.WithCancel(context.Background())
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fail(w, http.StatusForbidden, errorCrossOrigin) }))
	c.handler = guard.Handler(c.routes())
	return c, nil
}

// Close ends what is open for sessions, so that the server can finish. The sessions stay.
func (c *Console) Close() { c.close() }

func (c *Console) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/console", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, Path, http.StatusPermanentRedirect) })
	mux.HandleFunc(Path, c.page)
	mux.HandleFunc("POST /console/session", c.signIn)
	mux.HandleFunc("GET /console/session", c.showSession)
	mux.HandleFunc("DELETE /console/session", c.signOut)
	mux.HandleFunc("/console/api", c.callAPI)
	mux.HandleFunc("GET /console/stream", c.stream)
	mux.HandleFunc("GET /console/ca.pem", c.sendCA)
	return mux
}

// headers are those of every answer. Handlers may only loosen Cache-Control.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
	"Cache-Control":                "no-store",
}

// ServeHTTP answers one request.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for name, value := range headers {
		w.Header().Set(name, value)
	}
	c.handler.ServeHTTP(w, r)
}

// callMax is the largest body of a call that is read, in bytes. It is more than the API takes, which says
// so of what is a little too large.
const callMax = 512 << 10

func failBody(w http.ResponseWriter, err error) {
	if errors.Is(err, intake.ErrBusy) {
		fail(w, http.StatusServiceUnavailable, errorUnavailable)
		return
	}
	fail(w, http.StatusBadRequest, errorBody)
}

// callAPI has the ElastiCache API answer as if the session's caller had signed the request.
func (c *Console) callAPI(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		fail(w, http.StatusMethodNotAllowed, errorMethod)
		return
	}
	if !hasType(r, "application/x-www-form-urlencoded") {
		fail(w, http.StatusUnsupportedMediaType, errorContentType)
		return
	}
	if _, err := c.session(r); err != nil { // whoever is not signed in is not listened to
		defer intake.AnswerNow(w, r)()
		c.refuse(w, r, err)
		return
	}
	body, done, err := c.Bodies.Read(r, callMax)
	defer done()
	size := int64(len(body))
	switch {
	case errors.Is(err, intake.ErrTooLarge):
		size = callMax + 1 // for the API to refuse, unread
		defer intake.AnswerNow(w, r)()
	case err != nil:
		defer intake.AnswerNow(w, r)()
		failBody(w, err)
		return
	}
	// Once more, for the body may take its time, and the call must not outlive a sign-out meanwhile.
	session, err := c.session(r)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = size
	c.API(session.Caller).ServeHTTP(w, r)
}

// sendCA sends what clients of the groups need to trust.
func (c *Console) sendCA(w http.ResponseWriter, r *http.Request) {
	if _, err := c.session(r); err != nil {
		c.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/x-pem-file")
	w.Header().Set("Content-Disposition", `attachment; filename="aikagi-ca.pem"`)
	_, _ = w.Write(c.CA) // the client is gone if this fails
}

// Codes of errors, which the page words.
const (
	errorSession      = "session" // nobody is signed in
	errorCode         = "code-invalid"
	errorTooManyTries = "too-many-tries"
	errorCrossOrigin  = "cross-origin"
	errorContentType  = "content-type"
	errorBody         = "body"
	errorMethod       = "method"
	errorUnavailable  = "unavailable"

	errorTooManyStreams = "too-many-streams"
)

// fail answers with an error of the console's own, which the form tells from the API's.
func fail(w http.ResponseWriter, status int, code string) {
	answer(w, status, map[string]string{"error": code})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone if this fails
}

func hasType(r *http.Request, want string) bool {
	got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && got == want
}
