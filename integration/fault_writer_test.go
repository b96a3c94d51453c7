package integration_test

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// writer is a client that writes through the primary endpoint all the time, one new
// key after the other, and connects again when its connection fails.
type writer struct {
	address, token string
	name           string
	ca             *x509.CertPool
	quit           chan struct{}
	running        sync.WaitGroup

	mu         sync.Mutex // guards all below
	acked      []write
	connection int // how many there were
}

// write is a key that was acknowledged.
type write struct {
	key        string
	connection int
}

// writePause keeps the writer from taking the whole machine.
const writePause = 5 * time.Millisecond

// writeAllTheTime begins to write keys of that name until stop, and returns when the
// first was acknowledged.
func (g *subject) writeAllTheTime(name string) *writer {
	g.t().Helper()
	w := &writer{address: g.address[primaryEndpoint], token: g.newest(), name: name, ca: g.pool(), quit: make(chan struct{})}
	w.running.Go(w.run)
	g.await("first write", func() (bool, error) { return w.count() > 0, nil })
	return w
}

func (w *writer) run() {
	for {
		select {
		case <-w.quit:
			return
		case <-time.After(writePause):
			w.connect()
		}
	}
}

// connect writes over one connection for as long as it lasts. One that was made a
// replica's refuses writes, which ends it too.
func (w *writer) connect() {
	w.mu.Lock()
	w.connection++
	number := w.connection
	w.mu.Unlock()
	c, err := dialRaw(w.address, w.ca)
	if err != nil {
		return
	}
	defer c.Close()
	if c.login(w.token) != nil {
		return
	}
	for n := 0; ; n++ {
		key := fmt.Sprintf("%s-%d-%d", w.name, number, n)
		if answer, err := c.do("SET", key, "v"); err != nil || answer != "OK" {
			return
		}
		w.mu.Lock()
		w.acked = append(w.acked, write{key, number})
		w.mu.Unlock()
		select {
		case <-w.quit:
			return
		case <-time.After(writePause):
		}
	}
}

func (w *writer) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acked)
}

// connections returns how many connections there were, the one of now included.
func (w *writer) connections() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.connection
}

// stop ends the writing, once it has succeeded anew, and returns every key that was
// acknowledged.
func (w *writer) stop(tb testing.TB) []write {
	tb.Helper()
	before := w.count()
	for deadline := time.Now().Add(settleLimit); w.count() == before && time.Now().Before(deadline); {
		time.Sleep(writePause)
	}
	close(w.quit)
	w.running.Wait()
	if len(w.acked) == before {
		tb.Errorf("no write has succeeded at last, after %d", before)
	}
	return w.acked
}

// keep has the keys looked for from now on.
func (g *subject) keep(writes []write) {
	for _, w := range writes {
		g.acked = append(g.acked, w.key)
	}
}

// keepAfter is keep for when the primary was lost: but for the first few, which were
// replicated, the keys of the connection that ended with it may be lost.
func (g *subject) keepAfter(writes []write, replicated, lost int) {
	g.keep(writes[:replicated])
	g.keep(slices.DeleteFunc(writes[replicated:], func(w write) bool { return w.connection == lost }))
}

// verifyAcked looks for the writers' keys on a node that has all that the primary has.
func (g *subject) verifyAcked(node string, c *rawClient) {
	g.t().Helper()
	for keys := range slices.Chunk(g.acked, 1000) {
		there, err := c.do(append([]string{"EXISTS"}, keys...)...)
		if there == strconv.Itoa(len(keys)) {
			continue
		}
		missing := slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
			found, _ := c.do("EXISTS", key)
			return found == "1"
		})
		g.t().Errorf("%s: %q of %d acknowledged keys are there (%v); a moment later %d are missing, such as %q",
			node, there, len(keys), err, len(missing), missing[:min(5, len(missing))])
	}
}
