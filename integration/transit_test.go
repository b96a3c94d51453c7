package integration

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

const (
	preferred = types.TransitEncryptionModePreferred
	required  = types.TransitEncryptionModeRequired
	off       = types.TransitEncryptionMode("") // no encryption in transit
)

// A group goes from plaintext to TLS and back while clients of both kinds are connected to every address, and others come and go. None
// that the old and the new mode allow sees anything of it.
func TestTransitModes(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(3), AutomaticFailoverEnabled: aws.Bool(true), TransitEncryptionEnabled: aws.Bool(false),
		})
		addresses := g.addresses()
		copies := g.fullCopies()
		g.checkTransit(off)
		g.checkNoTransit(g.transit(required, true), "Direct transition from transit-encryption-disabled to transit-encryption-enabled is not allowed.")
		g.checkNoTransit(g.transit(preferred, false), "To modify transit encryption mode, set encryption-in-transit as enabled.")

		plain := g.connectAll(nil)
		g.move(preferred)
		secure := g.connectAll(s.CA())
		_, err := g.modify(rotate, token1)
		checkRefusal(t, err, invalidValue, onlyWithTLS)
		plain.comers.stop(t)

		g.move(required)
		plain.lasting.ended(t)
		told := messages(t, s, types.SourceTypeCacheCluster, "")
		if n := countOf(told, "in plaintext will be closed within 1s"); n != 3 {
			t.Errorf("%d nodes have told of ended connections: %q", n, told)
		}
		g.checkNoTransit(g.transit(off, true), "transit-encryption-mode preferred prior to disabling")

		g.move(preferred)
		again := g.connectAll(nil)
		secure.comers.stop(t)
		g.move(off)
		secure.lasting.ended(t)
		again.comers.stop(t)
		again.lasting.stop(t)

		g.move(preferred)
		g.move(required)
		g.ca = s.CA()
		g.change(rotate, token1)
		g.change(set, token1)
		g.checkAccess(token1)
		g.checkNoTransit(g.transit(preferred, true), "Modification of transit encryption is not supported for access control enabled clusters.")
		if now := g.addresses(); !slices.Equal(now, addresses) {
			t.Errorf("addresses have changed from %v to %v", addresses, now)
		}
		if now := g.fullCopiesAs(token1); now != copies {
			t.Errorf("replicas copied everything anew: %s full copies, were %s", now, copies)
		}
	})
}

// transit asks for another mode; enabled is whether TransitEncryptionEnabled goes with it.
func (g *group) transit(mode types.TransitEncryptionMode, enabled bool) *elasticache.ModifyReplicationGroupInput {
	in := &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: &g.id, ApplyImmediately: aws.Bool(true), TransitEncryptionMode: mode}
	switch {
	case mode == off:
		in.TransitEncryptionEnabled = aws.Bool(false)
	case enabled:
		in.TransitEncryptionEnabled = aws.Bool(true)
	}
	return in
}

func (g *group) checkNoTransit(in *elasticache.ModifyReplicationGroupInput, message string) {
	g.t.Helper()
	_, err := g.API().ModifyReplicationGroup(g.t.Context(), in)
	checkRefusal(g.t, err, invalidCombi, message)
}

// move changes the mode, and checks how that is answered, shown, and felt at every address.
func (g *group) move(mode types.TransitEncryptionMode) {
	g.t.Helper()
	before := g.describe()
	out, err := g.API().ModifyReplicationGroup(g.t.Context(), g.transit(mode, true))
	if err != nil {
		g.t.Fatalf("%s: %v", mode, err)
	}
	answer, pending := out.ReplicationGroup, out.ReplicationGroup.PendingModifiedValues
	if aws.ToString(answer.Status) != "modifying" || answer.TransitEncryptionMode != before.TransitEncryptionMode ||
		aws.ToBool(answer.TransitEncryptionEnabled) != aws.ToBool(before.TransitEncryptionEnabled) {
		g.t.Errorf("%q is answered with %s, %q in force", mode, aws.ToString(answer.Status), answer.TransitEncryptionMode)
	}
	if pending.TransitEncryptionMode != mode || pending.TransitEncryptionEnabled == nil || *pending.TransitEncryptionEnabled != (mode != off) {
		g.t.Errorf("%q is pending as %q, %v", mode, pending.TransitEncryptionMode, pending.TransitEncryptionEnabled)
	}
	g.AwaitStatus(g.id, "available")
	g.checkTransit(mode)
}

// checkTransit checks that the mode is shown, and holds for whoever comes, at every address.
func (g *group) checkTransit(mode types.TransitEncryptionMode) {
	g.t.Helper()
	d := g.describe()
	if d.TransitEncryptionMode != mode || aws.ToBool(d.TransitEncryptionEnabled) != (mode != off) ||
		d.PendingModifiedValues.TransitEncryptionMode != "" || d.PendingModifiedValues.TransitEncryptionEnabled != nil {
		g.t.Errorf("mode %q is shown as %q, %t, pending %+v", mode, d.TransitEncryptionMode, aws.ToBool(d.TransitEncryptionEnabled), d.PendingModifiedValues)
	}
	for _, address := range g.addresses() {
		if got, want := tryPing(g.t, address, nil), mode != required; (got == "PONG") != want {
			g.t.Errorf("PING in plaintext at %s while %q: %s", address, mode, got)
		} else if !want && got != "-ERR this cache takes connections over TLS only" {
			g.t.Errorf("plaintext is refused with %q", got)
		}
		if mode == off {
			checkNoTLS(g.t, address)
		} else if got := tryPing(g.t, address, g.CA()); got != "PONG" {
			g.t.Errorf("PING over TLS at %s while %q: %s", address, mode, got)
		}
	}
}

// checkNoTLS sends the first bytes of a TLS handshake and ends the line. Who takes them for a command has no TLS; a whole handshake would
// get no answer at all, as no line ends in it.
func checkNoTLS(t *testing.T, address string) {
	t.Helper()
	w := dial(t, address, nil)
	defer w.close()
	if reply, err := w.send(harness.Patience, "\x16\x03\x01\r\n"); err != nil || !strings.HasPrefix(reply, "-ERR unknown command") {
		t.Errorf("the beginning of a handshake at %s without TLS: %q, %v", address, reply, err)
	}
}

// tryPing is the answer to PING, or what came in its place.
func tryPing(t *testing.T, address string, ca *x509.CertPool) string {
	w := dial(t, address, ca)
	defer w.close()
	reply, err := w.try("PING")
	if err != nil {
		return err.Error()
	}
	return reply
}

// fullCopies is how often replicas have copied all of the primary's data.
func (g *group) fullCopies() string { return g.fullCopiesOf(dial(g.t, g.primary(), nil)) }

func (g *group) fullCopiesAs(token string) string {
	w := dial(g.t, g.primary(), g.CA())
	w.do("AUTH", token)
	return g.fullCopiesOf(w)
}

func (g *group) fullCopiesOf(w *wire) string {
	g.t.Helper()
	for line := range strings.Lines(w.do("INFO", "stats")) {
		if n, ok := strings.CutPrefix(strings.TrimSpace(line), "sync_full:"); ok {
			return n
		}
	}
	g.t.Fatal("INFO does not tell of full copies")
	return ""
}

func countOf(texts []string, part string) (n int) {
	for _, text := range texts {
		if strings.Contains(text, part) {
			n++
		}
	}
	return n
}

// clients are connected to every address of a group in one way: some for as long as they can, some for a command.
type clients struct{ lasting, comers *steady }

func (g *group) connectAll(ca *x509.CertPool) clients {
	g.t.Helper()
	return clients{g.steady(ca, true), g.steady(ca, false)}
}

// steady are clients, one at each address, that send commands until they are stopped or fail.
type steady struct {
	end     chan struct{}
	running sync.WaitGroup
	mu      sync.Mutex
	sent    map[string]int
	failed  map[string]error
}

func (g *group) steady(ca *x509.CertPool, lasting bool) *steady {
	g.t.Helper()
	c := &steady{end: make(chan struct{}), sent: map[string]int{}, failed: map[string]error{}}
	for i, address := range g.addresses() {
		words := []string{"GET", "steady"}
		if i == 0 {
			words = []string{"INCR", fmt.Sprintf("steady-%t-%t", ca != nil, lasting)}
		}
		first := make(chan struct{})
		c.running.Go(func() { c.run(g.t, address, ca, lasting, words, sync.OnceFunc(func() { close(first) })) })
		<-first
	}
	return c
}

// run calls answered when the first command was answered, or failed.
func (c *steady) run(t *testing.T, address string, ca *x509.CertPool, lasting bool, words []string, answered func()) {
	defer answered()
	for {
		err := c.connection(t, address, ca, lasting, words, answered)
		select {
		case <-c.end:
			return
		default:
		}
		if err != nil {
			return
		}
	}
}

// connection is one of them, for one command unless it is to last.
func (c *steady) connection(t *testing.T, address string, ca *x509.CertPool, lasting bool, words []string, answered func()) error {
	w, err := tryDial(t, address, ca)
	if err != nil {
		return c.note(address, err)
	}
	defer w.close()
	for {
		reply, err := w.try(words...)
		if err == nil && strings.HasPrefix(reply, "-") {
			err = errors.New(reply)
		}
		if c.note(address, err) != nil {
			return err
		}
		answered()
		select {
		case <-c.end:
			return nil
		case <-time.After(5 * time.Millisecond): // a load, not a wait
		}
		if !lasting {
			return nil
		}
	}
}

func (c *steady) note(address string, err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent[address]++
	c.failed[address] = err
	return err
}

// stop ends clients that are to have had no failure.
func (c *steady) stop(t *testing.T) {
	t.Helper()
	close(c.end)
	c.running.Wait()
	for address, err := range c.failed {
		if err != nil {
			t.Errorf("a client at %s failed at command %d: %v", address, c.sent[address], err)
		}
	}
}

// ended waits until each of the clients has lost its connection, as the mode wants it.
func (c *steady) ended(t *testing.T) {
	t.Helper()
	done := make(chan struct{})
	go func() { c.running.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("connections that the mode does not allow live on")
	}
	for address, err := range c.failed {
		if !errors.Is(err, io.EOF) && !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, net.ErrClosed) && !errors.Is(err, syscall.EPIPE) {
			t.Errorf("a client at %s ended with %v", address, err)
		}
	}
}
