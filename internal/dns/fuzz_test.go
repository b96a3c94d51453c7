package dns_test

import (
	"bytes"
	"encoding/binary"
	"net"
	"testing"
	"time"

	wire "github.com/miekg/dns"

	"github.com/aikagi/aikagi/internal/cache/replication"
)

// FuzzPacket sends a packet to a running server, over UDP and over TCP, and sees that
// whatever comes back is a message of at most the length allowed, and that the next
// query is answered.
func FuzzPacket(f *testing.F) {
	w := newWorld(f)
	w.add(replication.Spec{ID: "g", Replicas: 2})
	for _, name := range []string{"replica.g.cache.internal", "cache.internal", `a\.b\000\255.cache.internal`, "example.com"} {
		q := query(name, wire.TypeANY)
		f.Add(packed(f, q))
		q.SetEdns0(4096, true)
		f.Add(packed(f, q))
	}
	f.Add(packed(f, new(wire.Msg).SetNotify("cache.internal.")))
	f.Add(packed(f, new(wire.Msg).SetUpdate("cache.internal.")))
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0xc0, 0x0c}, 300)) // compression that points at itself

	f.Fuzz(func(t *testing.T, packet []byte) {
		if len(packet) > wire.MaxMsgSize-100 {
			t.Skip("longer than a datagram")
		}
		checkUDP(t, w.server.Addr(), packet)
		checkTCP(t, w.server.Addr(), packet)
	})
}

func packed(tb testing.TB, m *wire.Msg) []byte {
	tb.Helper()
	packet, err := m.Pack()
	if err != nil {
		tb.Fatal(err)
	}
	return packet
}

// probe is a query whose id differs from the packet's, so that its answer can be told
// from the packet's.
func probe(packet []byte) *wire.Msg {
	q := query("master.g.cache.internal", wire.TypeA)
	if len(packet) >= 2 {
		q.Id = ^binary.BigEndian.Uint16(packet)
	}
	return q
}

func checkUDP(t *testing.T, server string, packet []byte) {
	conn, err := net.Dial("udp", server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	next := probe(packet)
	for _, p := range [][]byte{packet, packed(t, next)} {
		if _, err := conn.Write(p); err != nil {
			t.Fatal(err)
		}
	}
	buffer := make([]byte, wire.MaxMsgSize)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			t.Fatalf("no answer to the query after the packet: %v", err)
		}
		var reply wire.Msg
		if err := reply.Unpack(buffer[:n]); err != nil || n > 1232 {
			t.Fatalf("an answer of %d bytes: %v: %x", n, err, buffer[:n])
		}
		if reply.Id == next.Id {
			checkProbe(t, &reply)
			return
		}
	}
}

// checkTCP uses a connection for the packet, and another one for the query, as the
// server may end the first.
func checkTCP(t *testing.T, server string, packet []byte) {
	bad, err := net.Dial("tcp", server)
	if err != nil {
		t.Fatal(err)
	}
	defer bad.Close()
	if _, err := bad.Write(binary.BigEndian.AppendUint16(nil, uint16(len(packet)))); err == nil {
		_, _ = bad.Write(packet) // may be cut off already
	}
	client := wire.Client{Net: "tcp", Timeout: 5 * time.Second}
	reply, _, err := client.Exchange(probe(packet), server)
	if err != nil {
		t.Fatalf("no answer to the query after the packet: %v", err)
	}
	checkProbe(t, reply)
}

func checkProbe(t *testing.T, reply *wire.Msg) {
	t.Helper()
	if got := addresses(reply); len(got) != 1 || got[0] != "127.80.0.1" {
		t.Fatalf("after the packet: %v", reply)
	}
}
