package dns_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"testing"
	"time"

	wire "github.com/miekg/dns"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/dns"
)

func TestGoResolves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add(replication.Spec{ID: "g", Transit: cache.TransitRequired})
	got, err := w.resolver().LookupHost(t.Context(), "master.g.cache.internal")
	if err != nil || len(got) != 1 || got[0] != "127.80.0.1" {
		t.Errorf("%q, %v", got, err)
	}
	var none *net.DNSError
	if _, err := w.resolver().LookupHost(t.Context(), "master.h.cache.internal."); !errors.As(err, &none) || !none.IsNotFound {
		t.Errorf("a group that is not there: %v", err)
	}
}

// crowd adds a group with more replicas than a short answer has room for.
func (w *world) crowd(replicas int) {
	g := w.add(replication.Spec{ID: "crowd", Replicas: 1})
	for n := 3; n <= replicas+1; n++ {
		node := g.Shards[0].Nodes[1]
		node.ID, node.UID = fmt.Sprintf("crowd-%03d", n), fmt.Sprint(n)
		next, _ := w.next()
		node.Address = netip.AddrPortFrom(next, 6379)
		g.Shards[0].Nodes = append(g.Shards[0].Nodes, node)
	}
	w.put(g)
}

func TestSizes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.crowd(200)
	for _, test := range []struct {
		network  string
		udpSize  uint16 // that the client takes; 0: no EDNS0
		limit    int
		complete bool
	}{
		{"udp", 0, 512, false},
		{"udp", 100, 512, false}, // RFC 6891, 6.2.3: less than 512 means 512
		{"udp", 800, 800, false},
		{"udp", 65535, 1232, false},
		{"tcp", 0, 65535, true},
		{"tcp", 512, 65535, true},
	} {
		q := query("replica.crowd.cache.internal", wire.TypeA)
		if test.udpSize > 0 {
			q.SetEdns0(test.udpSize, true)
		}
		reply := w.ask(test.network, q)
		if (len(reply.Answer) == 200) != test.complete || reply.Truncated == test.complete || len(reply.Answer) < 10 {
			t.Errorf("%+v: %d addresses, truncated %t", test, len(reply.Answer), reply.Truncated)
		}
		reply.Compress = true
		if size := reply.Len(); size > test.limit {
			t.Errorf("%+v: %d bytes", test, size)
		}
		opt := reply.IsEdns0()
		if (opt != nil) != (test.udpSize > 0) || opt != nil && (opt.UDPSize() != 1232 || !opt.Do()) {
			t.Errorf("%+v: EDNS0: %v", test, opt)
		}
	}
}

func TestUnknownEDNSVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := query("cache.internal", wire.TypeSOA)
	q.SetEdns0(1232, false)
	q.IsEdns0().SetVersion(1)
	if reply := w.ask("udp", q); reply.Rcode != wire.RcodeBadVers || reply.IsEdns0().Version() != 0 {
		t.Error(reply)
	}
}

// One connection carries several queries, and one that says nothing is ended.
func TestConnections(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	conn, err := net.Dial("tcp", w.server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	stream := &wire.Conn{Conn: conn}
	for range 3 {
		if err := stream.WriteMsg(query("cache.internal", wire.TypeNS)); err != nil {
			t.Fatal(err)
		}
		if reply, err := stream.ReadMsg(); err != nil || len(reply.Answer) != 1 {
			t.Fatal(reply, err)
		}
	}
	idle, err := net.Dial("tcp", w.server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	_ = idle.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := idle.Read(make([]byte, 1)); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a silent connection: %v", err)
	}
}

// Whoever asks while the server ends gets an answer or none; Run returns, and the
// port is free.
func TestEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server, err := dns.New(dns.Options{Listen: "127.0.0.1:0", Domain: "a.test", Store: w.store, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	var clients sync.WaitGroup
	for _, network := range []string{"udp", "tcp"} {
		clients.Go(func() {
			client := &wire.Client{Net: network, Timeout: 10 * time.Second}
			for n := 0; ; n++ {
				if _, _, err := client.Exchange(query("a.test", wire.TypeSOA), server.Addr()); err != nil {
					if ctx.Err() == nil { // nobody has ended the server yet
						t.Errorf("%s, query %d: %v", network, n, err)
					}
					return
				}
				if n == 5 {
					stop()
				}
			}
		})
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("Run goes on")
	}
	clients.Wait()
	again, err := dns.New(dns.Options{Listen: server.Addr(), Domain: "a.test", Store: w.store})
	if err != nil {
		t.Fatal(err)
	}
	_, err = dns.New(dns.Options{Listen: server.Addr(), Domain: "a.test", Store: w.store})
	if !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a port that is taken: %v", err)
	}
	ctx, stop = context.WithCancel(t.Context())
	stop()
	if err := again.Run(ctx); err != nil {
		t.Errorf("Run of a server that is not to run: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Errorf("Close after Run: %v", err)
	}
}

// A flood from somebody who reads no answer passes: the store and the server work
// while it lasts and after it.
func TestFlood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.add(replication.Spec{ID: "g"})
	conn, err := net.Dial("udp", w.server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for n := range 5_000 {
		if _, err := conn.Write(packed(t, query(fmt.Sprintf("master.g%d.cache.internal", n), wire.TypeA))); err != nil {
			t.Fatal(err)
		}
		if n == 2_500 {
			w.put(g)
		}
	}
	client := &wire.Client{Timeout: time.Second}
	for deadline := time.Now().Add(time.Minute); ; {
		reply, _, err := client.Exchange(query("master.g.cache.internal", wire.TypeA), w.server.Addr())
		if err == nil && len(reply.Answer) == 1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("no answer after the flood: %v, %v", reply, err)
		}
	}
}

// When the store is gone, what needs it fails, and the rest is answered.
func TestWithoutStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	if reply := w.ask("udp", query("master.g.cache.internal", wire.TypeA)); reply.Rcode != wire.RcodeServerFailure {
		t.Error(reply)
	}
	if reply := w.ask("udp", query("cache.internal", wire.TypeSOA)); reply.Rcode != wire.RcodeSuccess {
		t.Error(reply)
	}
}
