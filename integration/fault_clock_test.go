package integration_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/server"
)

// clocked is a group whose control plane runs inside the test, with a clock that is
// ahead or behind. No tool can give the real binary another clock: it does not ask
// the C library.
type clocked struct {
	*subject
	offset time.Duration
	end    func()
}

// restart ends the control plane and starts one whose clock is off.
func (c *clocked) restart(offset time.Duration, dev bool) {
	c.t().Helper()
	if c.end != nil {
		c.end()
	}
	c.offset = offset
	binary, err := harness.Binary()
	if err != nil {
		c.t().Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s, err := server.New(ctx, server.Options{
		Listen: "127.0.0.1:0", DataDir: c.Dir, AddressRange: netip.MustParsePrefix(c.Range), Dev: dev,
		EngineModule: filepath.Join(filepath.Dir(binary), module.Name()),
		Logger:       slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Now().Add(offset) },
	})
	if err != nil {
		cancel()
		c.t().Fatal(err)
	}
	c.URL = s.URL()
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	c.end = func() {
		cancel()
		if err := <-ended; err != nil {
			c.t().Errorf("control plane: %v", err)
		}
		c.end = nil
	}
}

// verifyCertificates looks at each node's certificate with the control plane's clock.
func (c *clocked) verifyCertificates() {
	c.t().Helper()
	now := time.Now().Add(c.offset)
	for _, id := range c.nodes {
		conn, err := tls.Dial("tcp", c.address[id], &tls.Config{
			RootCAs: c.CA(), MinVersion: tls.VersionTLS12, Time: func() time.Time { return now },
		})
		if err != nil {
			c.t().Errorf("connect to %s on %s: %v", id, now.Format(time.DateOnly), err)
			continue
		}
		conn.Close()
	}
}

// A clock that steps back or ahead by days does not stop anything: tokens change,
// nodes come back, certificates are valid by either clock, events stay in order.
func TestClockSteps(t *testing.T) {
	t.Parallel()
	s := harness.New(t)
	c := &clocked{subject: newSubject(s, "clock", oneEngine(t, 0), 1, true)}
	t.Cleanup(func() {
		if c.end != nil {
			c.end()
		}
	})
	const day = 24 * time.Hour
	c.restart(0, true)
	if err := c.create(""); err != nil {
		t.Fatal(err)
	}
	c.awaitSettled()
	pids := c.pids()
	var want []string
	for n, offset := range []time.Duration{-2 * day, 2 * day, -10 * day, 0} {
		c.restart(offset, true)
		strategy := rotate
		if n%2 == 1 {
			strategy = set
		}
		next := c.newest()
		if strategy == rotate {
			next = tokenOf("clock", n)
		}
		c.mustModify(strategy, next)
		c.awaitSettled()
		c.verifyCertificates()
		c.verify()
		c.wantPIDs(pids)
		want = append(want, fmt.Sprintf("Auth token %s requested", strategy), fmt.Sprintf("Auth token %s finished", strategy))
	}

	victim := c.node(1)
	c.restart(-2*day, true)
	c.kill(victim, syscall.SIGKILL)
	c.await(victim+" to be back", func() (bool, error) {
		if pid := c.pids()[victim]; pid == 0 || pid == pids[victim] {
			return false, fmt.Errorf("its process is %d", pid)
		}
		return c.isSettled()
	})
	c.verify()
	want = append(want, victim+": Cache node ended unexpectedly", victim+": Cache node restarted")
	checkOrder(t, c.messages(), want)

	c.restart(-2*day, false)
	if err := c.modify(rotate, tokenOf("other", 0)); err == nil || !strings.Contains(err.Error(), "RequestExpired: Signature not yet current") {
		t.Errorf("a request that was signed two days ahead of the service's clock: %v", err)
	}
	c.restart(2*day, false)
	if err := c.modify(rotate, tokenOf("other", 0)); err == nil || !strings.Contains(err.Error(), "RequestExpired") {
		t.Errorf("a request that was signed two days ago: %v", err)
	}
}

// checkOrder checks that each text is told of, after the one before it.
func checkOrder(t *testing.T, messages, want []string) {
	t.Helper()
	rest := messages
	for _, text := range want {
		at := slices.IndexFunc(rest, func(m string) bool { return strings.Contains(m, text) })
		if at < 0 {
			t.Errorf("%q is not told of, or too early:\n%s", text, strings.Join(messages, "\n"))
			return
		}
		rest = rest[at+1:]
	}
}
