package dns_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	wire "github.com/miekg/dns"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/dns"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// world is a running server of the domain cache.internal, and its store.
type world struct {
	tb      testing.TB
	store   store.Store
	server  *dns.Server
	address netip.Addr // the one given out last
}

// newWorld starts a server on an empty store.
func newWorld(tb testing.TB) *world {
	tb.Helper()
	return newWorldAt(tb, netip.Addr{})
}

// newWorldAt is newWorld where clients on other machines reach this one at an address.
func newWorldAt(tb testing.TB, advertise netip.Addr) *world {
	tb.Helper()
	s, err := sqlite.Open(context.Background(), filepath.Join(tb.TempDir(), "store.db"), sqlite.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	server, err := dns.New(dns.Options{Listen: "127.0.0.1:0", Domain: "cache.internal", Advertise: advertise, Store: s, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	tb.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			tb.Error(err)
		}
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return &world{tb: tb, store: s, server: server, address: netip.MustParseAddr("127.80.0.0")}
}

// add puts an available group with addresses into the store. Its addresses are, in
// this order: primary endpoint and reader endpoint, if it has them, and its nodes.
func (w *world) add(spec replication.Spec) *replication.Group {
	w.tb.Helper()
	spec.EngineVersion = cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}
	g, err := replication.NewGroup(spec, time.Now())
	if err != nil {
		w.tb.Fatal(err)
	}
	g.Status = cache.StatusAvailable
	for i := range g.Shards[0].Nodes {
		g.Shards[0].Nodes[i].Status = cache.StatusAvailable
	}
	if err := g.AssignAddresses(w.next); err != nil {
		w.tb.Fatal(err)
	}
	w.put(g)
	return g
}

func (w *world) next() (netip.Addr, error) {
	w.address = w.address.Next()
	return w.address, nil
}

func (w *world) put(g *replication.Group) {
	w.tb.Helper()
	err := w.store.Update(context.Background(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, g) })
	if err != nil {
		w.tb.Fatal(err)
	}
}

// ask sends one query, over "udp" or "tcp", and returns the answer.
func (w *world) ask(network string, query *wire.Msg) *wire.Msg {
	w.tb.Helper()
	client := &wire.Client{Net: network, Timeout: 5 * time.Second, UDPSize: wire.MaxMsgSize}
	reply, _, err := client.Exchange(query, w.server.Addr())
	if err != nil {
		w.tb.Fatalf("%v over %s: %v", query.Question, network, err)
	}
	return reply
}

// query makes one for a name without the last dot.
func query(name string, rtype uint16) *wire.Msg { return new(wire.Msg).SetQuestion(name+".", rtype) }

// addresses are those of the A records of an answer, in their order.
func addresses(reply *wire.Msg) (all []string) {
	for _, record := range reply.Answer {
		if a, ok := record.(*wire.A); ok {
			all = append(all, a.A.String())
		}
	}
	return all
}

// resolver is Go's own, with the server as its only one.
func (w *world) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, w.server.Addr())
	}}
}

// summary is what a table of answers compares: the code, and the A records.
func summary(reply *wire.Msg) string {
	return fmt.Sprint(wire.RcodeToString[reply.Rcode], addresses(reply))
}
