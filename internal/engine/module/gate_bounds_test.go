package module

import (
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// A socket that says nothing waits outside the engine: for TLS until its time is over, else as one in plaintext.
func TestGateSilence(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.obey(g.listen("required"), "silent 100")
		silent := g.client()
		if _, err := silent.read(); !ended(err) {
			t.Errorf("who says nothing where TLS is required: %v", err)
		}
		if n := g.figure("refused-silence"); n != 1 {
			t.Errorf("%d refusals of who is silent, want 1", n)
		}
		g.obey(g.listen("preferred"), "silent 100")
		late := g.client()
		eventually(t, "the engine has who said nothing", func() bool { return g.figure("plaintext") == 1 })
		if reply := late.do("PING"); reply != "PONG" {
			t.Errorf("who speaks late: %v", reply)
		}
		// Who only looks whether somebody is there is nobody's business.
		before := g.report()
		for range 20 {
			g.client().Close()
		}
		eventually(t, "all lookers are gone", func() bool { return g.figure("waiting") == 0 })
		if _, rest, _ := strings.Cut(before, "\nended"); !strings.Contains(g.report(), strings.Split(rest, "\n")[0]) || g.figure("refused-silence") != 1 {
			t.Errorf("a look is a refusal:\n%s", g.report())
		}
	})
}

// More silent sockets than there are places push out the oldest of the source that has the most, and nobody else.
func TestGateManySilent(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.obey(g.listen("required"), "silent 60000")
		elsewhere, err := g.from("127.0.0.9")
		if err != nil {
			t.Fatal(err)
		}
		oldest := g.client()
		eventually(t, "the first two wait", func() bool { return g.figure("waiting") == 2 })
		for range 600 {
			g.client()
		}
		if _, err := oldest.read(); !ended(err) {
			t.Errorf("the oldest silent socket: %v", err)
		}
		c, err := g.clientTLS()
		if err != nil || c.do("PING") != "PONG" {
			t.Errorf("a client beside them: %v", err)
		}
		eventually(t, "all have come", func() bool { return g.figure("waiting")+g.figure("refused-silence") >= 600 })
		if n := g.figure("waiting"); n > 512 {
			t.Errorf("%d sockets wait, more than there are places", n)
		}
		g.obey(g.listen("preferred"), "silent 60000")
		if reply := elsewhere.do("PING"); reply != "PONG" {
			t.Errorf("a client from elsewhere, silent for longer than all of them, gets %v", reply)
		}
	})
}

// Who comes while the engine is busy waits, as long as a bare engine has them wait, and is served then; in every mode that takes it.
func TestGateWhileTheEngineIsBusy(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		for _, mode := range []string{"none", "preferred"} {
			g := startGated(t, binary, "enable-debug-command yes")
			g.obey(g.listen(mode), "silent 60000")
			clients := make([]*conn, 900) // more than the system has places for those who have connected
			silent := clients[600:]
			if mode == "none" {
				silent = nil // whoever comes is let in at once
			}
			for i := range silent { // they wait to speak while others come
				silent[i] = g.client()
			}
			eventually(t, "the silent ones wait", func() bool { return g.figure("waiting") == len(silent) })
			busy := g.admin()
			if _, err := busy.Write(encode([]string{g.name("DEBUG"), "SLEEP", "1.5"})); err != nil {
				t.Fatal(err)
			}
			for i, c := range clients {
				if c == nil {
					c = g.client()
					clients[i] = c
				}
				if _, err := c.Write(encode([]string{"PING"})); err != nil {
					t.Fatal(err)
				}
			}
			if reply, err := busy.read(); reply != "OK" {
				t.Fatalf("the engine did not sleep: %v, %v", reply, err)
			}
			for i, c := range clients {
				if reply, err := c.read(); reply != "PONG" {
					t.Fatalf("%s: client %d: %v, %v", mode, i, reply, err)
				}
			}
			if n := g.figure("refused-queue"); n != 0 {
				t.Errorf("%s: %d were refused", mode, n)
			}
		}
	})
}

// The places that clients have are counted from when the engine has a socket, whatever it has said.
func TestGateLimitsClients(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.obey(g.listen("preferred"), "clients 3", "service "+g.host+"/32")
		plain := g.client()
		plain.do("PING")
		unfinished := g.client()
		if _, err := unfinished.Write([]byte{0x16}); err != nil { // and no more of its handshake
			t.Fatal(err)
		}
		eventually(t, "the engine has both", func() bool { return g.figure("clients") == 2 })
		secure, err := g.clientTLS()
		if err != nil {
			t.Fatal(err)
		}
		secure.do("PING")
		if reply, err := g.client().try("PING"); !isError(reply, "ERR max number of clients reached") {
			t.Errorf("one too many: %v, %v", reply, err)
		}
		if !g.pings(g.host) {
			t.Error("the service is not let in")
		}
		unfinished.Close()
		eventually(t, "a place is free again", func() bool { return g.figure("clients") == 2 })
		if reply := g.client().do("PING"); reply != "PONG" {
			t.Errorf("a client with a place: %v", reply)
		}
	})
}

// Many clients come and go, in plaintext and over TLS, while modes and rules change that concern none of them.
func TestGateUnderLoad(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary, "io-threads 4")
		g.obey(g.listen("preferred"))
		done := make(chan error, 8)
		for i := range cap(done) {
			go func() {
				for range 60 {
					if err := g.comeAndGo(i%2 == 0); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		for range cap(done) {
			for range 20 {
				g.obey(g.listen("preferred"), "silent 5000")
				g.obey(fmt.Sprintf("listen %s %s preferred all", g.host, g.port), "allow all 0.0.0.0/0", "end 10")
			}
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		eventually(t, "all connections are counted out", func() bool { return g.figure("clients") == 0 && g.figure("plaintext") == 0 && g.figure("tls") == 0 })
	})
}

func (g *gated) comeAndGo(secure bool) error {
	nc, err := net.DialTimeout("tcp", g.address(), 20*time.Second)
	if err != nil {
		return err
	}
	defer nc.Close()
	_ = nc.SetDeadline(time.Now().Add(patience))
	if secure {
		nc = tls.Client(nc, &tls.Config{InsecureSkipVerify: true})
	}
	c := newConn(g.t, nc)
	for range 5 {
		if reply, err := c.try("INCR", "n"); err != nil {
			return err
		} else if _, is := reply.(int64); !is {
			return fmt.Errorf("reply %v", reply)
		}
	}
	return nil
}

// One source has as many connections as it may have, and takes nobody else's; what it gives up it can have again, and its limits do not
// hold for the service.
func TestGateLimitsSources(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.obey(g.listen("preferred"), "source 2", "service "+g.host+"/32")
		first, second := g.client(), g.client()
		first.do("PING")
		second.do("PING")
		if reply, err := g.client().try("PING"); !isError(reply, "ERR max number of clients from this address reached") {
			t.Errorf("the third of a source: %v, %v", reply, err)
		}
		other, err := g.from("127.0.0.9")
		if err != nil || other.do("PING") != "PONG" {
			t.Errorf("somebody else: %v", err)
		}
		for range 5 {
			if !g.pings(g.host) {
				t.Error("the service is limited")
			}
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "its place is free", func() bool { return g.figure("clients") == 2 })
		if reply := g.client().do("PING"); reply != "PONG" {
			t.Errorf("the place that it gave up: %v", reply)
		}
		if n := g.figure("refused-source"); n != 1 {
			t.Errorf("%d refusals, want 1", n)
		}
	})
}

// A source that connects too often is refused until time has passed, also where it has said nothing yet.
func TestGateLimitsRates(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.obey(g.listen("required"), "rate 1", "service "+g.host+"/32")
		for range 50 { // of which one more comes through with each second that it takes
			g.client()
		}
		eventually(t, "some are refused", func() bool { return g.figure("refused-source") >= 30 })
		other, err := g.from("127.0.0.9")
		if err != nil {
			t.Fatal(err)
		}
		other.Close()
		g.obey(g.listen("none"), "rate 1", "service "+g.host+"/32")
		eventually(t, "its time has come again", func() bool {
			reply, _ := g.client().try("PING")
			return reply == "PONG"
		})
	})
}
