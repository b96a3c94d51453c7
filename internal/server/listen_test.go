package server

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/console"
)

// newDoor is a server of which nothing but its port is there.
func newDoor(t *testing.T, log io.Writer, api http.HandlerFunc) *Server {
	t.Helper()
	c, err := console.New(console.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{console: c, options: Options{Listen: "127.0.0.1:0", Logger: slog.New(slog.NewTextHandler(log, nil))}}
	if err := s.listen(api); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.http.Close() })
	return s
}

// TestWhoDoesNotRead holds nothing up for ever: its answer has a time limit, and the end of the
// server does not wait for it, nor is it an error.
func TestWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer // written by shutdown alone
	begun := make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) })
	s := newDoor(t, &log, func(w http.ResponseWriter, _ *http.Request) {
		begin()
		_, _ = w.Write(make([]byte, 64<<20)) // more than all buffers hold
	})
	if limit := s.http.WriteTimeout; limit < bodyTimeout+70*time.Second || limit > 5*time.Minute {
		t.Errorf("an answer may take %s", limit)
	}
	served := make(chan error, 1)
	go func() { served <- s.serve() }()
	stuck, err := net.Dial("tcp", s.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	if _, err := io.WriteString(stuck, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-begun
	if err := s.shutdown(); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "finish running requests") {
		t.Errorf("the log is %q", &log)
	}
}

// TestDevAnswersPostOnly: an image of a page is fetched with GET, and not every browser says so.
func TestDevAnswersPostOnly(t *testing.T) {
	t.Parallel()
	called := 0
	api := fromThisMachine(onlyPost(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called++ })))
	for method, status := range map[string]int{
		http.MethodGet: http.StatusMethodNotAllowed, http.MethodHead: http.StatusMethodNotAllowed, http.MethodPost: http.StatusOK,
	} {
		w := httptest.NewRecorder()
		api.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1:4580/?Action=DeleteReplicationGroup", nil))
		if w.Code != status {
			t.Errorf("%s is answered %d, want %d", method, w.Code, status)
		}
	}
	if called != 1 {
		t.Errorf("%d calls came through", called)
	}
}
