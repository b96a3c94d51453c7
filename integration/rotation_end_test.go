package integration

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// stubborn is a client that connects for each request, always with the same token.
type stubborn struct {
	stop context.CancelFunc
	done sync.WaitGroup

	mu     sync.Mutex // guards both below
	outage []outage
	served int
}

// outage is a time in which the client was refused.
type outage struct{ from, until time.Time }

// startStubborn returns when the client was served once, so that nodes know its name.
func (r *rotated) startStubborn(name, token string) *stubborn {
	ctx, stop := context.WithCancel(r.t.Context())
	s := &stubborn{stop: stop}
	at, ca := r.primary(), r.ca
	s.done.Go(func() {
		for ctx.Err() == nil {
			s.note(request(at, ca, name, token) == nil)
			select {
			case <-ctx.Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
	r.t.Cleanup(s.end)
	harness.Await(r.t, harness.Patience, name+" to be served", func() (bool, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.served > 0, nil
	})
	return s
}

func (s *stubborn) end() {
	s.stop()
	s.done.Wait()
}

func (s *stubborn) note(served bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.outage) - 1
	switch {
	case served:
		s.served++
		if last >= 0 && s.outage[last].until.IsZero() {
			s.outage[last].until = time.Now()
		}
	case last < 0 || !s.outage[last].until.IsZero():
		s.outage = append(s.outage, outage{from: time.Now()})
	}
}

// awaitServedAgain returns when the client was refused and is not any more: it may know of either later than the service.
func (s *stubborn) awaitServedAgain(t *testing.T) {
	t.Helper()
	harness.Await(t, harness.Patience, "the client to be served again", func() (bool, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.outage) > 0 && !s.outage[len(s.outage)-1].until.IsZero(), fmt.Errorf("it was out: %v", s.outage)
	})
}

// outages ends the client and returns when it was refused.
func (s *stubborn) outages() []outage {
	s.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.outage
}

// request is one visit: connect, log in, say the name, ask.
func request(at string, ca *x509.CertPool, name, token string) error {
	host, _, _ := strings.Cut(at, ":")
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", at, &tls.Config{RootCAs: ca, ServerName: host, MinVersion: tls.VersionTLS12})
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	replies := bufio.NewReader(conn)
	commands := []string{"AUTH " + token, "CLIENT SETNAME " + name, "PING"}
	if token == none {
		commands = commands[1:]
	}
	for _, command := range commands {
		if _, err := fmt.Fprintf(conn, "%s\r\n", command); err != nil {
			return err
		}
		reply, err := replies.ReadString('\n')
		if err != nil {
			return err
		}
		if strings.HasPrefix(reply, "-") {
			return errors.New(strings.TrimSpace(reply))
		}
	}
	return nil
}

// TestRollBack: a client that never learned the new token has the old one back within a
// second, and is named.
func TestRollBack(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		for name, first := range map[string]string{"first-token": none, "next-token": token1} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := newRotated(t, engine, first)
				never := r.startStubborn("never-learned", first)
				started := r.start(own.StartAuthTokenRotationInput{Finish: new("ask"), Grace: new("20s")})
				r.awaitState(rotation.Waiting)
				load := r.startPool(2) // not before there is a token: one that connects just then has none, and may be the one who is refused
				r.awaitOnlyUser(started.OldCredential, "never-learned")
				if _, err := r.Client().ContinueRotation(t.Context(), r.id); err != nil {
					t.Fatal(err)
				}
				over := r.await("over", func(current own.Rotation) bool { return current.Over })
				if over.State != rotation.RolledBack || over.RefusedLogins == 0 {
					t.Fatalf("it ended as %+v", over)
				}
				if !strings.Contains(over.Reason, "never-learned") {
					t.Errorf("the reason is %q", over.Reason)
				}
				never.awaitServedAgain(t)
				outages := never.outages()
				// Far less than that; the rest of the limit is for a busy machine.
				if len(outages) != 1 || outages[0].until.IsZero() || outages[0].until.Sub(outages[0].from) > 10*time.Second {
					t.Errorf("the client was out: %v", outages)
				}
				t.Logf("out for %v; %s", outages[0].until.Sub(outages[0].from), over.Reason)
				second := r.delivered()
				r.checkAccess(first, second)
				load.check(t)

				// Its owner mends the client, and has what was begun finished.
				r.start(own.StartAuthTokenRotationInput{FinishOnly: new(true), Finish: new("quiet=200ms"), Grace: new("200ms")})
				r.awaitState(rotation.Done)
				r.checkAccess(second)
			})
		}
	})
}

// TestBrownout: a client that comes rarely is found before SET, and served again.
func TestBrownout(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		r := newRotated(t, engine, token1)
		r.start(own.StartAuthTokenRotationInput{Finish: new("ask"), Brownout: new("20s"), Grace: new("200ms")})
		r.awaitState(rotation.Waiting)
		never := r.startStubborn("rare-visitor", token1)
		if _, err := r.Client().ContinueRotation(t.Context(), r.id); err != nil {
			t.Fatal(err)
		}
		found := r.await("waiting again", func(current own.Rotation) bool {
			return current.State == rotation.Waiting && current.BrownoutAt != nil
		})
		if found.RefusedLogins == 0 || len(found.Culprits) == 0 || !slices.Contains(found.Culprits[0].FormerNames, "rare-visitor") {
			t.Errorf("it found %d refused logins of %+v", found.RefusedLogins, found.Culprits)
		}
		r.AwaitStatus(r.id, "available")
		outages := never.outages()
		if len(outages) != 1 || outages[0].until.Sub(outages[0].from) > time.Second {
			t.Errorf("the client was out: %v", outages)
		}
		r.checkAccess(token1, r.delivered())
		if _, err := r.Client().CancelRotation(t.Context(), r.id); err != nil {
			t.Fatal(err)
		}
		r.awaitState(rotation.Cancelled)
		r.checkAccess(token1, r.delivered()) // clients may have it
	})
}

// TestEvict: the connections of an old token end over the time that was given, and a thief
// does not bring it back.
func TestEvict(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		r := newRotated(t, engine, token1)
		const many = 20
		ended := make(chan time.Time, many)
		for range many {
			conn := dial(t, r.primary(), r.ca)
			if reply := conn.do("AUTH", token1); reply != "OK" {
				t.Fatal(reply)
			}
			go func() {
				_, _ = conn.in.ReadByte() // until the connection ends
				ended <- time.Now()
			}()
		}
		thief := r.startStubborn("thief", token1)
		r.start(own.StartAuthTokenRotationInput{Finish: new("deadline=200ms"), EvictOver: new("3s"), Grace: new("3s"), RollBackOver: new(int64(-1))})
		var first, last time.Time
		for range many {
			last = <-ended
			if first.IsZero() {
				first = last
			}
		}
		over := r.awaitState(rotation.Done)
		if over.EvictedConnections < many || over.RefusedLogins == 0 && len(thief.outages()) == 0 {
			t.Errorf("it ended as %+v", over)
		}
		if spread := last.Sub(first); spread < time.Second || last.Sub(*over.SetAt) > 5*time.Second {
			t.Errorf("%d connections ended over %v, the last %v after SET", many, spread, last.Sub(*over.SetAt))
		}
		if engine == "valkey" && len(over.Notes) == 0 {
			t.Error("nothing is said about what CLIENT KILL may do to this engine")
		}
		r.checkAccess(r.delivered())
	})
}

// TestRotationRefusals: what would get in a rotation's way is refused, and says why.
func TestRotationRefusals(t *testing.T) {
	t.Parallel()
	engine := harness.Engines(t)[0]
	r := newRotated(t, engine, token1)
	refused := func(what, wants string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), wants) {
			t.Errorf("%s: %v, want %q", what, err, wants)
		}
	}
	start := func(spec own.StartAuthTokenRotationInput) error {
		_, err := r.Client().StartRotation(t.Context(), r.id, spec)
		return err
	}
	here := "file:" + r.file
	refused("without a destination", "delivered", start(own.StartAuthTokenRotationInput{}))
	refused("to a file elsewhere", "--delivery-files", start(own.StartAuthTokenRotationInput{Delivery: new("file:/etc/token")}))
	refused("by a command", "--delivery-commands", start(own.StartAuthTokenRotationInput{Delivery: new("command:/bin/true")}))
	refused("to finish nothing", "accepts", start(own.StartAuthTokenRotationInput{FinishOnly: new(true)}))
	refused("a rule that does not exist", "quiet=DURATION", start(own.StartAuthTokenRotationInput{Delivery: new(here), Finish: new("soon")}))
	r.checkAccess(token1)

	r.start(own.StartAuthTokenRotationInput{Finish: new("ask"), Grace: new("100ms")})
	refused("a second one", "under way", start(own.StartAuthTokenRotationInput{Delivery: new(here)}))
	r.awaitState(rotation.Waiting)
	_, err := r.modify(set, r.delivered())
	refused("SET by hand", "under way", err)
	_, err = r.modify(rotate, token2)
	refused("ROTATE by hand", "under way", err)
	if _, err := r.Client().ContinueRotation(t.Context(), r.id); err != nil {
		t.Fatal(err)
	}
	r.awaitState(rotation.Done)
	r.change(rotate, token2)
	refused("with two tokens", "two credentials", start(own.StartAuthTokenRotationInput{Delivery: new(here)}))
}
