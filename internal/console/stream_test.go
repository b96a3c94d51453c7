package console

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/store"
)

func TestStreamTellsWhatWasCommitted(t *testing.T) {
	t.Parallel()
	f := newFeed(t, StreamOptions{})
	r := f.open()
	began := time.Now()
	f.put("orders")
	r.want("changed", changedGroups("orders"))
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("an event took %s", took)
	}
	f.put(".lone", "sessions")
	r.want("changed", map[string]any{"groups": []any{"sessions"}, "clusters": []any{"lone"}})
	refusal := errors.New("rolled back")
	err := f.store.Update(t.Context(), func(tx store.UpdateTx) error { return errors.Join(putAll(tx, "never"), refusal) })
	if !errors.Is(err, refusal) {
		t.Fatal(err)
	}
	err = f.store.Update(t.Context(), func(tx store.UpdateTx) error {
		return errors.Join(store.Delete(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, "orders")),
			store.Append(tx, store.Events, cache.Event{At: time.Now(), SourceType: cache.SourceReplicationGroup, SourceID: "orders", Message: "gone"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	r.want("changed", map[string]any{"groups": []any{"orders"}, "clusters": []any{}, "events": true})
	f.stream.Sampled("sessions")
	r.want("sampled", map[string]any{"group": "sessions"})
}

// A page that shows a security group, or a group that names one, hears of its rules.
func TestStreamTellsOfSecurityGroups(t *testing.T) {
	t.Parallel()
	f := newFeed(t, StreamOptions{})
	r := f.open()
	web, err := security.New(security.Spec{ID: "sg-web", Name: "web"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	write := func(do func(store.UpdateTx) error) {
		t.Helper()
		if err := f.store.Update(t.Context(), do); err != nil {
			t.Fatal(err)
		}
	}
	alone := map[string]any{"groups": []any{}, "clusters": []any{}, "security_groups": []any{"sg-web"}}
	write(func(tx store.UpdateTx) error { return store.Put(tx, store.SecurityGroups, web) })
	r.want("changed", alone)
	write(func(tx store.UpdateTx) error { return store.DeleteSecurityGroup(tx, "sg-web") })
	r.want("changed", alone)
	write(func(tx store.UpdateTx) error {
		again, err := security.New(security.Spec{ID: "sg-web", Name: "web"}, time.Now())
		return errors.Join(err, store.Put(tx, store.SecurityGroups, again), putAll(tx, "orders"))
	})
	r.want("changed", map[string]any{"groups": []any{"orders"}, "clusters": []any{}, "security_groups": []any{"sg-web"}})
}

// So do the pages of parameter groups and of subnet groups.
func TestStreamTellsOfOtherGroups(t *testing.T) {
	t.Parallel()
	f := newFeed(t, StreamOptions{})
	r := f.open()
	sessions, parameterFault := parameter.New(parameter.Spec{Name: "sessions", Family: "valkey8"}, time.Now())
	racks, subnetFault := subnet.New(subnet.Spec{Name: "racks", SubnetIDs: []string{"subnet-1"}}, time.Now())
	if err := errors.Join(parameterFault, subnetFault); err != nil {
		t.Fatal(err)
	}
	err := f.store.Update(t.Context(), func(tx store.UpdateTx) error {
		return errors.Join(store.Put(tx, store.ParameterGroups, sessions), store.Put(tx, store.SubnetGroups, racks))
	})
	if err != nil {
		t.Fatal(err)
	}
	r.want("changed", map[string]any{
		"groups": []any{}, "clusters": []any{}, "parameter_groups": []any{"sessions"}, "subnet_groups": []any{"racks"},
	})
}

// TestStreamGathersChanges: however fast changes come, events come at a pace, and miss none.
func TestStreamGathersChanges(t *testing.T) {
	t.Parallel()
	const pace, commits = 200 * time.Millisecond, 100
	f := newFeed(t, StreamOptions{Pace: pace})
	r := f.open()
	began := time.Now()
	written := make(chan time.Duration, 1)
	go func() {
		for i := range commits {
			f.put(fmt.Sprintf("g-%03d", i))
		}
		written <- time.Since(began)
	}()
	seen, events := map[any]bool{}, 0
	for len(seen) < commits {
		events++
		for _, id := range r.next().data["groups"].([]any) {
			seen[id] = true
		}
	}
	if most := int(<-written/pace) + 2; events > most {
		t.Errorf("%d commits were told of in %d events, want at most %d", commits, events, most)
	}
}

func TestStreamNamesNotTooMany(t *testing.T) {
	t.Parallel()
	f := newFeed(t, StreamOptions{Pace: time.Millisecond})
	r := f.open()
	var ids []string
	for i := range namedMax {
		ids = append(ids, fmt.Sprintf("g-%03d", i))
	}
	f.put(ids...)
	if got := r.next().data; len(got["groups"].([]any)) != namedMax || got["all"] != nil {
		t.Errorf("%d groups at once are told as %v", namedMax, got)
	}
	f.put(append(ids, "one-more")...)
	r.want("changed", map[string]any{"all": true, "groups": []any{}, "clusters": []any{}})
	p := f.stream.join()
	defer f.stream.leave(p)
	for _, id := range append(ids, "one-more", "another") {
		p.addSample(id)
	}
	if got, want := string(p.take()), "event: changed\ndata: {\"all\":true,\"groups\":[],\"clusters\":[]}\n\n"; got != want {
		t.Errorf("many samples are told as %q", got)
	}
}

// TestStreamOutlivesTimeLimits of requests, and stays alive.
func TestStreamOutlivesTimeLimits(t *testing.T) {
	t.Parallel()
	f := newFeed(t, StreamOptions{KeepAlive: 40 * time.Millisecond, WriteTimeout: 200 * time.Millisecond})
	r := f.open()
	for range 10 { // 400 ms; the server's limit is 50
		r.want("alive", map[string]any{})
	}
	f.put("orders")
	told := r.next()
	for told.name == "alive" {
		told = r.next()
	}
	if diff := cmp.Diff(changedGroups("orders"), told.data); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	f := newFeed(t, StreamOptions{Max: 2})
	first, _ := f.open(), f.open()
	refused := f.get(f.server.URL, "")
	body, err := io.ReadAll(refused.Body)
	if err != nil || refused.StatusCode != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") == "" || !strings.Contains(string(body), "too-many-streams") {
		t.Errorf("one too many: %d %v %s %v", refused.StatusCode, refused.Header, body, err)
	}
	first.answer.Body.Close()
	f.waitForPages(1)
	f.open()
}

// TestStreamDropsWhoDoesNotRead, and meanwhile nobody else waits.
func TestStreamDropsWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	f := newFeed(t, StreamOptions{Pace: time.Millisecond, WriteTimeout: 500 * time.Millisecond})
	server := httptest.NewUnstartedServer(f.stream)
	server.Listener = narrow{server.Listener}
	server.Start()
	defer server.Close()
	stuck, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	if err := stuck.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(stuck, "GET /console/stream HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	good := f.open()
	f.waitForPages(2)
	var ids []string
	for i := range namedMax {
		ids = append(ids, fmt.Sprintf("a-group-with-a-rather-long-name-%03d", i))
	}
	f.put(ids...)
	good.want("changed", changedGroups(anys(ids)...))
	changes := make(chan told, 100)
	go func() {
		for {
			event, err := good.read()
			if err != nil {
				return
			}
			if event.name == "changed" {
				changes <- event
			}
		}
	}()
	stop := make(chan struct{})
	defer close(stop)
	go func() { // samples cost no commit, and fill buffers all the same
		for {
			for _, id := range ids {
				f.stream.Sampled(id)
			}
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	f.put("before") // while the other one is stuck, or soon to be
	f.waitForPages(1)
	f.put("after")
	for told := map[any]bool{}; !told["before"] || !told["after"]; { // in one event, if the first was not sent by then
		select {
		case event := <-changes:
			for _, id := range event.data["groups"].([]any) {
				told[id] = true
			}
		case <-time.After(patience):
			t.Fatalf("the other page is told of %v only", told)
		}
	}
}

func TestStreamIsForWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	f := newFeed(t, StreamOptions{})
	s := f.signedIn()
	s.want("nobody", s.ask(http.MethodGet, "/console/stream", ""), http.StatusUnauthorized, errorSession)
	cookie, other := s.signIn(), s.signIn()
	r, stays := f.openAt(s.url, cookie), f.openAt(s.url, other)
	f.put("orders") // and not the sessions, which are written to the same store
	r.want("changed", changedGroups("orders"))
	if got := s.ask(http.MethodDelete, "/console/session", "", "Cookie", cookie); got.StatusCode != http.StatusNoContent {
		t.Fatalf("sign out: %s %s", got.Status, got.body)
	}
	r.wantEnd("sign-out")
	s.want("after it", s.ask(http.MethodGet, "/console/stream", "", "Cookie", cookie), http.StatusUnauthorized, errorSession)
	stays.want("changed", changedGroups("orders"))
}

// TestShutdownEndsStreams at once; the server waits for them otherwise.
func TestShutdownEndsStreams(t *testing.T) {
	t.Parallel()
	f := newFeed(t, StreamOptions{})
	s := f.signedIn()
	server := httptest.NewServer(s.Console)
	defer server.Close()
	server.Config.RegisterOnShutdown(s.Console.Close)
	cookie := s.signIn()
	readers := []*reader{f.openAt(server.URL, cookie), f.openAt(server.URL, cookie), f.openAt(server.URL, cookie)}
	began := time.Now()
	if err := server.Config.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("shutdown took %s", took)
	}
	for _, r := range readers {
		r.wantEnd("shutdown")
	}
	f.waitForPages(0)
	s.streams.mu.Lock()
	defer s.streams.mu.Unlock()
	if len(s.streams.open) != 0 {
		t.Error("sessions have streams still")
	}
}

// TestOneSessionCannotHaveAllStreams: a session that opens as many as it can leaves room for another one,
// from the same address, and gets its own back when it closes them.
func TestOneSessionCannotHaveAllStreams(t *testing.T) {
	t.Parallel()
	f := newFeed(t, StreamOptions{})
	s := f.signedIn()
	greedy, other := s.signIn(), s.signIn()
	var open []*http.Response
	refused := 0
	for range streamMax {
		answer := f.get(s.url, greedy)
		if answer.StatusCode == http.StatusOK {
			open = append(open, answer)
			continue
		}
		if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
			t.Fatalf("refused with %s", answer.Status)
		}
		_ = answer.Body.Close()
		refused++
	}
	if len(open) != streamsOfSession || refused != streamMax-streamsOfSession {
		t.Errorf("one session has %d streams, %d were refused", len(open), refused)
	}
	f.openAt(s.url, other)
	for _, answer := range open {
		_ = answer.Body.Close()
	}
	f.waitForPages(1)
	f.openAt(s.url, greedy)
}

// TestOneAddressCannotHaveAllStreams: however many sessions it has.
func TestOneAddressCannotHaveAllStreams(t *testing.T) {
	t.Parallel()
	var s streams
	end := func(error) {}
	for i := range streamsOfAddress {
		if _, err := s.join(store.ConsoleDigest{byte(i)}, "192.0.2.1", end); err != nil {
			t.Fatalf("stream %d: %v", i, err)
		}
	}
	if _, err := s.join(store.ConsoleDigest{255}, "192.0.2.1", end); !errors.Is(err, errTooManyStreams) {
		t.Errorf("one more from the same address: %v", err)
	}
	leave, err := s.join(store.ConsoleDigest{255}, "192.0.2.2", end)
	if err != nil {
		t.Fatalf("another address: %v", err)
	}
	leave()
	if len(s.addresses) != 1 || s.addresses["192.0.2.1"] != streamsOfAddress {
		t.Errorf("counted: %v", s.addresses)
	}
}
