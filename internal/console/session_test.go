package console

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSessionExpires(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	cookie := s.signIn()
	stream := s.follow(cookie)
	s.advance(time.Hour - time.Minute)
	s.want("shortly before", s.callWith(cookie), http.StatusOK, "")
	s.advance(time.Minute) // use did not prolong it
	s.want("expired", s.callWith(cookie), http.StatusUnauthorized, errorSession)
	s.want("expired", s.ask(http.MethodGet, "/console/session", "", "Cookie", cookie), http.StatusUnauthorized, errorSession)
	s.want("expired", s.ask(http.MethodGet, "/console/ca.pem", "", "Cookie", cookie), http.StatusUnauthorized, errorSession)
	s.wantEnd("a stream, for which only the clock on the wall went on", stream, errExpired)
}

func TestStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *Options) { o.Lifetime = 300 * time.Millisecond })
	s.wantEnd("expiry", s.follow(s.signIn()), errExpired)

	s = newStage(t)
	first, second := s.signIn(), s.signIn()
	firstStream, secondStream := s.follow(first), s.follow(second)
	third := s.signIn("Cookie", first)
	s.wantEnd("the browser signed in anew", firstStream, errSignedOut)
	s.want("its former session", s.callWith(first), http.StatusUnauthorized, errorSession)
	s.want("its new session", s.callWith(third), http.StatusOK, "")
	select {
	case err := <-secondStream:
		t.Errorf("another session's stream ended: %v", err)
	default:
	}
	s.Console.Close()
	s.wantEnd("shutdown", secondStream, errShutdown)
	s.wantEnd("a stream that begins after that", s.follow(second), errShutdown)
	s.streams.mu.Lock()
	defer s.streams.mu.Unlock()
	if len(s.streams.open) != 0 {
		t.Errorf("%d sessions have streams still", len(s.streams.open))
	}
}

// TestRestart: what a browser has goes on, what only the server had does not.
func TestRestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	before := newStageAt(t, path)
	cookie, code := before.signIn(), before.code()
	after := newStageAt(t, path) // nothing was closed: as after a kill -9
	after.want("session of before", after.callWith(cookie), http.StatusOK, "")
	after.want("code of before", after.redeem(code), http.StatusForbidden, errorCode)
	after.former.Store(true)
	after.want("with another access key", after.callWith(cookie), http.StatusUnauthorized, errorSession)
}

// TestTwoServersOnOneHost: browsers send the cookies of a host to all of its ports.
func TestTwoServersOnOneHost(t *testing.T) {
	t.Parallel()
	one, two := newStage(t), newStage(t, func(o *Options) { o.Cookie = CookieName([]byte("another master key")) })
	if one.Cookie == two.Cookie {
		t.Fatalf("both have the cookie %s", one.Cookie)
	}
	first := one.signIn()
	two.want("the other's cookie", two.callWith(first), http.StatusUnauthorized, errorSession)
	_, value, _ := strings.Cut(first, "=")
	two.want("the other's session", two.callWith(two.Cookie+"="+value), http.StatusUnauthorized, errorSession)
	both := first + "; " + two.signIn("Cookie", first)
	one.want("one, with both", one.callWith(both), http.StatusOK, "")
	two.want("two, with both", two.callWith(both), http.StatusOK, "")
}

// TestOtherPages: what browsers say of requests that pages of other origins have them make.
func TestOtherPages(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	cookie := s.signIn()
	stream := s.follow(cookie)
	for name, headers := range map[string][]string{
		"another site":                        {"Sec-Fetch-Site", "cross-site", "Origin", "https://example.com"},
		"another port":                        {"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:1"},
		"another site in an old browser":      {"Origin", "https://example.com"},
		"another port in an old browser":      {"Origin", "http://127.0.0.1:1"},
		"a sandboxed page in an old browser":  {"Origin", "null"},
		"another site that hides its address": {"Sec-Fetch-Site", "cross-site"},
	} {
		s.want(name+" signs in", s.redeem(s.code(), headers...), http.StatusForbidden, errorCrossOrigin)
		s.want(name+" calls", s.callWith(cookie, headers...), http.StatusForbidden, errorCrossOrigin)
		s.want(name+" signs out", s.ask(http.MethodDelete, "/console/session", "", append(headers, "Cookie", cookie)...), http.StatusForbidden, errorCrossOrigin)
		if headers[0] == "Sec-Fetch-Site" {
			s.want(name+" reads", s.ask(http.MethodGet, "/console/session", "", append(headers, "Cookie", cookie)...), http.StatusUnauthorized, errorSession)
			s.want(name+" listens", s.ask(http.MethodGet, "/console/stream", "", append(headers, "Cookie", cookie)...), http.StatusUnauthorized, errorSession)
		}
	}
	s.want("its own page calls", s.callWith(cookie, "Sec-Fetch-Site", "same-origin", "Origin", s.url), http.StatusOK, "")
	s.want("its own page in an old browser", s.callWith(cookie, "Origin", s.url), http.StatusOK, "")
	select {
	case err := <-stream:
		t.Errorf("somebody signed it out: %v", err)
	default:
	}
}

// TestSecretsStayOut: the log knows neither codes nor ids of sessions, and the store no ids.
func TestSecretsStayOut(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := newStageAt(t, path)
	code := s.code()
	s.want("sign-in", s.redeem(code), http.StatusOK, "")
	s.redeem(code)
	cookie := s.signIn()
	_, id, _ := strings.Cut(cookie, "=")
	s.callWith(cookie)
	if err := s.Store.Close(); err != nil {
		t.Fatal(err)
	}
	s.want("without a store", s.callWith(cookie), http.StatusServiceUnavailable, errorUnavailable)
	s.want("without a store", s.redeem(s.code()), http.StatusServiceUnavailable, errorUnavailable)
	log := s.log.String()
	if !strings.Contains(log, "console sign-in refused") || !strings.Contains(log, "serve console") {
		t.Errorf("the log lacks what it should have:\n%s", log)
	}
	for name, text := range map[string]string{"log": log, "store": readAll(t, path)} {
		if strings.Contains(text, code) || strings.Contains(text, id) {
			t.Errorf("a secret is in the %s", name)
		}
	}
}

// TestSignOutWhileAStreamBegins: whichever comes first, the stream ends.
func TestSignOutWhileAStreamBegins(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for range 20 {
		cookie := s.signIn()
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/console/stream", nil)
		request.Header.Set("Cookie", cookie)
		out := make(chan struct{})
		go func() {
			defer close(out)
			s.ask(http.MethodDelete, "/console/session", "", "Cookie", cookie)
		}()
		ctx, cancel, err := s.whileSignedIn(request)
		if err == nil {
			ended := make(chan error, 1)
			stop := context.AfterFunc(ctx, func() { ended <- context.Cause(ctx) })
			s.wantEnd("a stream that began meanwhile", ended, errSignedOut)
			stop()
			cancel()
		}
		<-out
	}
}
