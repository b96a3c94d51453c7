package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache"
	"github.com/aikagi/aikagi/internal/store"
)

// TestSignOutBeforeTheBodyEnds: a call whose body takes its time does not outlive its session.
func TestSignOutBeforeTheBodyEnds(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	cookie := s.signIn()
	slow, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	// 100 Continue comes when the server begins to read the body.
	if _, err := fmt.Fprintf(slow, "POST /console/api HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nCookie: %s\r\nContent-Type: %s\r\nContent-Length: 8\r\n\r\n", cookie, formType); err != nil {
		t.Fatal(err)
	}
	answer := bufio.NewReader(slow)
	if line, err := answer.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q %v", line, err)
	}
	_, _ = answer.ReadString('\n') // the end of its header
	s.want("sign-out", s.ask(http.MethodDelete, "/console/session", "", "Cookie", cookie), http.StatusNoContent, "")
	if _, err := io.WriteString(slow, "Action=X"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(answer, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a call that ended after the sign-out: %s", response.Status)
	}
}

// TestLargeCalls are refused by the API, however large they are.
func TestLargeCalls(t *testing.T) {
	t.Parallel()
	api := elasticache.New(elasticache.Options{Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	s := newStage(t, func(o *Options) {
		o.API = func(caller string) http.Handler { return api.As(caller, "console") }
	})
	cookie := s.signIn()
	for _, size := range []int{300 << 10, callMax, callMax + 1} {
		got := s.ask(http.MethodPost, "/console/api", strings.Repeat("x", size), "Content-Type", formType, "Cookie", cookie)
		if got.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(got.body, "RequestEntityTooLarge") {
			t.Errorf("%d bytes: %s %s", size, got.Status, got.body)
		}
	}
}

// TestPlantedCookies: another port of the host can have cookies of the same name sent first.
func TestPlantedCookies(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	planted := s.Cookie + "=planted; "
	first, second := s.signIn(), s.signIn()
	stream := s.follow(planted + first)
	s.want("a call", s.callWith(planted+first), http.StatusOK, "")
	s.want("sign-out", s.ask(http.MethodDelete, "/console/session", "", "Cookie", planted+first+"; "+second), http.StatusNoContent, "")
	s.wantEnd("its stream", stream, errSignedOut)
	s.want("after it", s.callWith(first), http.StatusUnauthorized, errorSession)
	s.want("the other one after it", s.callWith(second), http.StatusUnauthorized, errorSession)
	former := s.signIn()
	s.signIn("Cookie", planted+former)
	s.want("a former session", s.callWith(former), http.StatusUnauthorized, errorSession)
}

// broken is a store that can be told to fail.
type broken struct {
	store.Store
	reads, writes atomic.Bool // fail
}

var errBroken = errors.New("disk is full")

func (b *broken) View(ctx context.Context, fn func(store.Tx) error) error {
	if b.reads.Load() {
		return errBroken
	}
	return b.Store.View(ctx, fn)
}

func (b *broken) Update(ctx context.Context, fn func(store.UpdateTx) error) error {
	if b.writes.Load() {
		return errBroken
	}
	return b.Store.Update(ctx, fn)
}

// TestSignInFails without a store, and uses no code up.
func TestSignInFails(t *testing.T) {
	t.Parallel()
	b := &broken{}
	s := newStage(t, func(o *Options) { b.Store, o.Store = o.Store, b })
	former, code := s.signIn(), s.code()
	b.writes.Store(true)
	s.want("nothing can be written", s.redeem(code), http.StatusServiceUnavailable, errorUnavailable)
	b.writes.Store(false)
	b.reads.Store(true)
	s.want("the former session cannot be looked up", s.redeem(code, "Cookie", former), http.StatusServiceUnavailable, errorUnavailable)
	b.reads.Store(false)
	s.want("the store is well again", s.redeem(code, "Cookie", former), http.StatusOK, "")
	s.want("the former session", s.callWith(former), http.StatusUnauthorized, errorSession)
	s.want("the code once more", s.redeem(code), http.StatusForbidden, errorCode)
}

// TestCodesExpireByTheWall: the monotonic clock stands still while the machine sleeps.
func TestCodesExpireByTheWall(t *testing.T) {
	t.Parallel()
	codes := NewCodes(time.Now)
	link, expiresAt := codes.Link("", caller)
	if expiresAt != expiresAt.Round(0) || codes.waiting[0].expiresAt != expiresAt {
		t.Errorf("%s has a reading of the monotonic clock", expiresAt)
	}
	_, secret, _ := strings.Cut(link, "#code=")
	used, ok := codes.redeem(secret)
	for range codesMax {
		codes.Link("", caller)
	}
	codes.putBack(used)
	if _, again := codes.redeem(secret); !ok || again || len(codes.waiting) != codesMax {
		t.Errorf("one that %d newer ones came after was put back, of %d", codesMax, len(codes.waiting))
	}
}
