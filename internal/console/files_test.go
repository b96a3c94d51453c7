package console

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// readAll reads a store with what SQLite keeps beside it.
func readAll(t *testing.T, path string) string {
	t.Helper()
	names, err := filepath.Glob(path + "*")
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	var all strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

func TestFiles(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const page, immutable = "text/html; charset=utf-8", "public, max-age=31536000, immutable"
	for path, want := range map[string]struct {
		status          int
		mediaType, keep string
	}{
		"/console/":                                 {200, page, "no-cache"},
		"/console/sign-in":                          {200, page, "no-cache"},
		"/console/caches/orders/nodes":              {200, page, "no-cache"},
		"/console/parameter-groups/default.valkey8": {200, page, "no-cache"},
		"/console/index.html":                       {200, page, "no-cache"},
		"/console/favicon.svg":                      {200, "image/svg+xml", "no-cache"},
		"/console/assets/app-1a2b3c.js":             {200, "text/javascript; charset=utf-8", immutable},
		"/console/assets/font-4d.woff2":             {200, "font/woff2", immutable},
		"/console/assets/app-000000.js":             {404, "text/plain; charset=utf-8", ""},
		"/console/assets/gone":                      {404, "text/plain; charset=utf-8", ""},
		"/console/assets/":                          {404, "text/plain; charset=utf-8", ""},
		"/console/robots.txt":                       {404, "text/plain; charset=utf-8", ""},
		"/console/.gitkeep":                         {404, "text/plain; charset=utf-8", ""},
		"/console/..%2f..%2fetc%2fpasswd.txt":       {404, "text/plain; charset=utf-8", ""},
		"/console/assets/..%2f..%2fetc%2fhosts":     {404, "text/plain; charset=utf-8", ""},
		"/console":                                  {308, page, ""},
	} {
		got := s.ask(http.MethodGet, path, "")
		keep := got.Header.Get("Cache-Control")
		if got.StatusCode != want.status || got.Header.Get("Content-Type") != want.mediaType || want.keep != "" && keep != want.keep {
			t.Errorf("%s: %s, type %q, cache %q; want %+v", path, got.Status, got.Header.Get("Content-Type"), keep, want)
		}
		if want.mediaType == page && want.status == 200 && !strings.Contains(got.body, "the page") {
			t.Errorf("%s is %s", path, got.body)
		}
	}
	s.want("POST of a page", s.ask(http.MethodPost, "/console/caches", ""), http.StatusMethodNotAllowed, errorMethod)
	if got := s.ask(http.MethodHead, "/console/", ""); got.StatusCode != http.StatusOK || got.body != "" || got.ContentLength <= 0 {
		t.Errorf("HEAD: %s %q", got.Status, got.body)
	}
}

func TestFilesAreCompressedAndRevalidated(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const script = "/console/assets/app-1a2b3c.js"
	plain := s.ask(http.MethodGet, script, "", "Accept-Encoding", "identity")
	packed := s.ask(http.MethodGet, script, "", "Accept-Encoding", "br, gzip")
	refused := s.ask(http.MethodGet, script, "", "Accept-Encoding", "gzip;q=0")
	if plain.body != string(built["assets/app-1a2b3c.js"].Data) || refused.body != plain.body || plain.Header.Get("Content-Encoding") != "" {
		t.Error("it is not sent as it is to those who want that")
	}
	reader, err := gzip.NewReader(strings.NewReader(packed.body))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(reader); err != nil || string(text) != plain.body || len(packed.body) > len(plain.body)/2 || packed.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("compressed: %d bytes of %d, %v", len(packed.body), len(plain.body), err)
	}
	if plain.Header.Get("Vary") != "Accept-Encoding" || packed.Header.Get("Vary") != "Accept-Encoding" || plain.Header.Get("ETag") == packed.Header.Get("ETag") {
		t.Error("a cache would mix the two forms up")
	}
	if font := s.ask(http.MethodGet, "/console/assets/font-4d.woff2", "", "Accept-Encoding", "gzip"); !bytes.Equal([]byte(font.body), built["assets/font-4d.woff2"].Data) || font.Header.Get("Vary") != "" {
		t.Error("what does not shrink was compressed")
	}
	page := s.ask(http.MethodGet, "/console/", "", "Accept-Encoding", "identity")
	same := s.ask(http.MethodGet, "/console/caches", "", "Accept-Encoding", "identity", "If-None-Match", page.Header.Get("ETag"))
	other := s.ask(http.MethodGet, "/console/", "", "Accept-Encoding", "identity", "If-None-Match", `"other"`)
	if page.Header.Get("ETag") == "" || same.StatusCode != http.StatusNotModified || same.body != "" || other.StatusCode != http.StatusOK {
		t.Errorf("ETag %s: %s, %s", page.Header.Get("ETag"), same.Status, other.Status)
	}
}

func TestNotBuiltIn(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*stage{
		"nil":         newStage(t, func(o *Options) { o.Files = nil }),
		"placeholder": newStage(t, func(o *Options) { o.Files = fstest.MapFS{".gitkeep": {}} }),
	} {
		got := s.ask(http.MethodGet, "/console/", "")
		if got.StatusCode != http.StatusServiceUnavailable || !strings.Contains(got.body, "make build") || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %s %s", name, got.Status, got.body)
		}
	}
}

// TestHeaders: whatever is answered, nothing is loaded from elsewhere, and nobody frames it.
func TestHeaders(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	cookie := s.signIn()
	for _, got := range []reply{
		s.ask(http.MethodGet, "/console", ""),
		s.ask(http.MethodGet, "/console/", ""),
		s.ask(http.MethodGet, "/console//x/../y", ""),
		s.ask(http.MethodGet, "/console/assets/app-1a2b3c.js", ""),
		s.ask(http.MethodGet, "/console/missing.js", ""),
		s.ask(http.MethodGet, "/console/session", ""),
		s.ask(http.MethodGet, "/console/session", "", "Cookie", cookie),
		s.ask(http.MethodGet, "/console/ca.pem", "", "Cookie", cookie),
		s.ask(http.MethodGet, "/console/stream", ""),
		s.ask(http.MethodDelete, "/console/session", "", "Sec-Fetch-Site", "cross-site"),
		s.ask(http.MethodPut, "/console/api", ""),
		s.callWith(""),
		s.callWith(cookie),
		s.redeem("wrong"),
		s.redeem(s.code()),
	} {
		what := got.Request.Method + " " + got.Request.URL.Path + " " + got.Status
		for name, want := range headers {
			if have := got.Header.Get(name); have != want && name != "Cache-Control" {
				t.Errorf("%s has %s: %q", what, name, have)
			}
		}
		if got.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s lets other pages read it", what)
		}
		path := got.Request.URL.Path
		public := path == "/console/" || strings.HasPrefix(path, "/console/assets/")
		if keep := got.Header.Get("Cache-Control"); !public && keep != "no-store" {
			t.Errorf("%s may be kept: %q", what, keep)
		}
	}
	if csp := headers["Content-Security-Policy"]; strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") || !strings.Contains(csp, "default-src 'none'") {
		t.Error(csp)
	}
}
