package integration_test

import (
	"crypto/tls"
	"errors"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
)

// logins are attempts to get into every node of a group with a credential that is
// held all the time, made whether the control plane lives or not.
type logins struct {
	quit    chan struct{}
	running sync.WaitGroup
	tries   atomic.Int64
	mu      sync.Mutex // guards refused
	refused []string
}

// loginPause keeps the attempts from taking the whole machine.
const loginPause = 40 * time.Millisecond

// reopening is how long a node may turn connections away: to open or close an address it
// closes all of its listeners for a moment (package group), in which a busy machine may
// let something else run.
const reopening = 50 * time.Millisecond

// loginAllTheTime begins to log in to every node with a token until stop.
func (g *subject) loginAllTheTime(authToken string) *logins {
	l := &logins{quit: make(chan struct{})}
	for _, id := range g.nodes {
		if id == g.but {
			continue
		}
		address, ca := g.address[id], g.pool()
		l.running.Go(func() {
			for {
				select {
				case <-l.quit:
					return
				case <-time.After(loginPause):
				}
				l.tries.Add(1)
				ok, err := tryLogin(address, ca, authToken)
				for began := time.Now(); time.Since(began) < reopening && (errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET)); {
					ok, err = tryLogin(address, ca, authToken)
				}
				if !ok || err != nil {
					l.note(id, err)
				}
			}
		})
	}
	return l
}

func (l *logins) note(node string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := node + ": refused"
	if err != nil {
		text = node + ": " + err.Error()
	}
	l.refused = append(l.refused, time.Now().Format("15:04:05.000 ")+text)
}

// stop ends the attempts, of which there has to be one, and fails the test if any went as it must not.
func (l *logins) stop(tb testing.TB) {
	tb.Helper()
	harness.Await(tb, harness.Patience, "a login", func() (bool, error) { return l.tries.Load() > 0, nil })
	close(l.quit)
	l.running.Wait()
	if len(l.refused) > 0 {
		tb.Errorf("%d of %d logins went as they must not: %v", len(l.refused), l.tries.Load(), l.refused[:min(5, len(l.refused))])
	}
}

// serial names the certificate that a node shows to new clients.
func (g *subject) serial(node string) string {
	g.t().Helper()
	c, err := dialRaw(g.address[node], g.pool())
	if err != nil {
		g.t().Fatalf("connect to %s: %v", node, err)
	}
	defer c.Close()
	secured, ok := c.conn.(*tls.Conn)
	if !ok {
		g.t().Fatalf("connection to %s is not TLS", node)
	}
	return secured.ConnectionState().PeerCertificates[0].SerialNumber.String()
}
