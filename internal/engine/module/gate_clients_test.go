package module

import (
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
	"time"
)

// A client that comes back resumes its TLS session: the gate takes nothing of the handshake.
func TestGateResumesTLSSessions(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.obey(g.listen("required"))
		config := &tls.Config{InsecureSkipVerify: true, ServerName: "node", ClientSessionCache: tls.NewLRUClientSessionCache(1)}
		for i, version := range []uint16{tls.VersionTLS12, tls.VersionTLS12, tls.VersionTLS13, tls.VersionTLS13} {
			config.MinVersion, config.MaxVersion = version, version
			nc, err := tls.Dial("tcp", g.address(), config)
			if err != nil {
				t.Fatal(err)
			}
			_ = nc.SetDeadline(time.Now().Add(patience))
			if reply := newConn(t, nc).do("PING"); reply != "PONG" { // what is read brings the ticket of TLS 1.3, too
				t.Errorf("PING: %v", reply)
			}
			if resumed := nc.ConnectionState().DidResume; resumed != (i%2 == 1) {
				t.Errorf("connection %d, with TLS %x: resumed: %t", i, version, resumed)
			}
			nc.Close()
		}
	})
}

// A client that says all that it has to say, and closes its half, gets its answers.
func TestGateHalfOpen(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		for _, mode := range []string{"none", "preferred"} {
			g.obey(g.listen(mode))
			c := g.client()
			if _, err := c.Write(encode([]string{"PING"})); err != nil {
				t.Fatal(err)
			}
			if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
				t.Fatal(err)
			}
			if reply, err := c.read(); reply != "PONG" {
				t.Errorf("%s: %v, %v", mode, reply, err)
			}
		}
		eventually(t, "both are gone", func() bool { return g.figure("clients") == 0 })
	})
}

// Clients that reset their connections at any moment leave nothing behind, and disturb nobody.
func TestGateResets(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.obey(g.listen("preferred"))
		for i := range 200 {
			c := g.client()
			_, _ = c.Write([][]byte{nil, {22}, {22, 3, 1}, encode([]string{"PING"})}[i%4])
			if err := c.Conn.(*net.TCPConn).SetLinger(0); err != nil {
				t.Fatal(err)
			}
			c.Close()
		}
		eventually(t, "all are gone", func() bool { return g.figure("waiting") == 0 && g.figure("clients") == 0 })
		if reply := g.client().do("PING"); reply != "PONG" {
			t.Errorf("afterwards a client: %v", reply)
		}
	})
}

// Whatever somebody begins with, in pieces or at once, the engine lives, nobody else is disturbed, and nothing is left.
func TestGateFirstBytes(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 0))
		for i := range 768 {
			if i%256 == 0 {
				g.obey(g.listen([]string{"none", "preferred", "required"}[i/256]), "silent 1000", "end 1")
			}
			c := g.client()
			said := []byte{byte(i)}
			for range random.IntN(40) {
				said = append(said, byte(random.Uint32()))
			}
			cut := 1 + random.IntN(len(said))
			for _, part := range [][]byte{said[:cut], said[cut:]} {
				_, _ = c.Write(part) // it may be refused already
			}
			c.Close()
		}
		eventually(t, "all are gone", func() bool { return g.figure("waiting") == 0 && g.figure("clients") == 0 })
		if c, err := g.clientTLS(); err != nil || c.do("PING") != "PONG" {
			t.Errorf("afterwards a client: %v", err)
		}
	})
}

// An engine that was killed leaves its address free, and the next one begins without any listener.
func TestGateAfterCrash(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.obey(g.listen("preferred"))
		before := g.client()
		before.do("PING")
		port := g.port
		g.kill()
		if _, err := before.read(); !ended(err) {
			t.Errorf("the connection of a killed engine: %v", err)
		}
		g.start()
		g.service, g.port = g.admin(), port
		if nc, err := net.Dial("tcp", g.address()); err == nil {
			nc.Close()
			t.Error("the next one listens without an order")
		}
		g.obey(fmt.Sprintf("listen %s %s preferred -", g.host, g.port))
		if reply := g.client().do("PING"); reply != "PONG" {
			t.Errorf("after a crash a client: %v", reply)
		}
	})
}
