package module

import (
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// pings reports whether a client from an address gets in.
func (g *gated) pings(host string) bool {
	g.t.Helper()
	c, err := g.from(host)
	if err != nil {
		g.t.Fatal(err)
	}
	reply, err := c.try("PING")
	if err != nil && !ended(err) {
		g.t.Fatalf("a client from %s: %v", host, err)
	}
	return reply == "PONG"
}

// Rules let in who may come, end the connections of who may not any more, and say who knocked.
func TestGateRules(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		listen := fmt.Sprintf("listen %s %s none web", g.host, g.port)
		g.obey(listen)
		if g.pings("127.0.0.1") {
			t.Error("rules without a network let somebody in")
		}
		g.obey(listen, "allow web 127.9.0.0/16", "allow web 127.0.0.1/32", "allow other 0.0.0.0/0")
		stays, err := g.from("127.9.1.1")
		if err != nil || stays.do("PING") != "PONG" {
			t.Fatal("who may come is not let in")
		}
		goes, err := g.from("127.0.0.1")
		if err != nil || goes.do("PING") != "PONG" {
			t.Fatal("who may come is not let in")
		}
		if g.pings("127.10.0.1") {
			t.Error("an address that no rule has is let in")
		}
		g.obey(listen, "allow web 127.9.0.0/16")
		if _, err := goes.read(); !ended(err) {
			t.Errorf("the connection of who may not come any more: %v", err)
		}
		if reply := stays.do("PING"); reply != "PONG" {
			t.Errorf("the connection of who may: %v", reply)
		}
		if g.pings("127.0.0.1") || !g.pings("127.9.200.7") {
			t.Error("the new rules do not hold for whoever comes")
		}
		report := g.report()
		for _, want := range []string{"ended rules=1 ", "refused 127.10.0.1 ", "refused 127.0.0.1 ", " refused-rules=3 "} {
			if !strings.Contains(report, want) {
				t.Errorf("the report lacks %q:\n%s", want, report)
			}
		}
	})
}

// An address that the machine does not have just now keeps no other from being opened, and is served when it is there again.
func TestGateListensAtLostAddresses(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.obey(g.listen("none"), "listen 192.0.2.7 6379 none -")
		if reply := g.client().do("PING"); reply != "PONG" {
			t.Errorf("beside it: %v", reply)
		}
		if report := g.report(); !strings.Contains(report, "listener 192.0.2.7 port=6379") {
			t.Errorf("it is not listened on:\n%s", report)
		}
	})
}

// An order that cannot be carried out changes nothing, and says why.
func TestGateRefusesOrders(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.obey(g.listen("preferred"))
		taken, err := net.Listen("tcp", g.host+":0")
		if err != nil {
			t.Fatal(err)
		}
		defer taken.Close()
		_, port, _ := net.SplitHostPort(taken.Addr().String())
		free := freePort(t, g.host)
		for order, want := range map[string]string{
			"listen " + g.host + " " + free + " none -\nlisten " + g.host + " " + port + " none -": "cannot listen on " + g.host + " port " + port + ": Address already in use",
			g.listen("none") + " shared":                 "listener 1 of the order is open already",
			"listen " + g.host + " 0 none -":             "line 1 of the order: the port is not 1 to 65535",
			"\n\nopen sesame":                            "line 3 of the order: there is no such line",
			g.listen("sometimes"):                        "the mode is not none, preferred or required",
			g.listen("none") + "\n" + g.listen("none"):   "line 2 of the order: the address is there twice",
			"allow web 127.0.0.1":                        "the network cannot be read",
			"silent never":                               "the number cannot be read",
			"listen " + strings.Repeat("1", 300) + " 1 ": "line 1 of the order is too long",
		} {
			reply := g.service.do("AIKAGI.GATE", "OBEY", order)
			if refusal, is := reply.(respError); !is || !strings.Contains(string(refusal), want) {
				t.Errorf("%q: %v, want %q", order, reply, want)
			}
		}
		if reply := g.client().do("PING"); reply != "PONG" {
			t.Errorf("after all that a client: %v", reply)
		}
		if nc, err := net.Dial("tcp", net.JoinHostPort(g.host, free)); err == nil {
			nc.Close()
			t.Error("a part of a refused order is in force")
		}
		for _, args := range [][]string{{"AIKAGI.GATE"}, {"AIKAGI.GATE", "OBEY"}, {"AIKAGI.GATE", "REPORT", "ALL"}} {
			if reply := g.service.do(args...); !isError(reply, "ERR aikagi.gate takes OBEY and an order, or REPORT") {
				t.Errorf("%q: %v", args, reply)
			}
		}
		if reply := g.client().do("AIKAGI.GATE", "REPORT"); !isError(reply, "ERR unknown command 'AIKAGI.GATE'") {
			t.Errorf("a client that calls the service's command: %v", reply)
		}
	})
}

// Who has said nothing yet when an order comes is let in by that order, not by the one that it came under.
func TestGateWaitersFollowOrders(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		listen := func(mode string) string { return fmt.Sprintf("listen %s %s %s web", g.host, g.port, mode) }
		here := "allow web 127.0.0.1/32"
		g.obey(listen("preferred"), here, "silent 60000")
		byRules, secure, plain := g.client(), g.client(), g.client()
		eventually(t, "all three wait", func() bool { return g.figure("waiting") == 3 })
		g.obey(listen("preferred"), "allow web 127.0.0.2/32", "silent 60000")
		if reply, err := byRules.try("PING"); !ended(err) {
			t.Errorf("no rule lets it in any more: %v, %v", reply, err)
		}
		g.obey(listen("none"), here, "silent 60000")
		if err := tls.Client(secure.Conn, &tls.Config{InsecureSkipVerify: true}).HandshakeContext(t.Context()); err == nil {
			t.Error("TLS where there is none any more")
		}
		if reply := plain.do("PING"); reply != "PONG" {
			t.Errorf("what every order has let in: %v", reply)
		}
	})
}

// Who came through a listener that was left since stays, under the mode of those that are there.
func TestGateGuestsOfLeftListeners(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		other := fmt.Sprintf("listen ::1 %s ", g.port)
		g.obey(g.listen("preferred"), other+"preferred -")
		c := g.client()
		if reply := c.do("PING"); reply != "PONG" {
			t.Fatalf("PING: %v", reply)
		}
		g.obey(other + "preferred -")
		if reply := c.do("PING"); reply != "PONG" {
			t.Errorf("a mode that allows it: %v", reply)
		}
		g.obey(other+"required -", "end 50")
		if n := g.figure("barred-clients"); n != 1 {
			t.Errorf("%d clients are barred, want 1", n)
		}
		if _, err := c.read(); !ended(err) {
			t.Errorf("in plaintext where TLS is required: %v", err)
		}
	})
}

// Who is sent away is gone, though the engine may not have it yet; the service stays.
func TestGateSendsAway(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary, "enable-debug-command yes")
		g.obey(g.listen("none"), "service 127.0.0.2/32")
		service, err := g.from("127.0.0.2")
		if err != nil || service.do("PING") != "PONG" {
			t.Fatalf("the service: %v", err)
		}
		early := g.client()
		if reply := early.do("PING"); reply != "PONG" {
			t.Fatalf("PING: %v", reply)
		}
		busy := g.admin()
		if _, err := busy.Write(slices.Concat(encode([]string{g.name("DEBUG"), "SLEEP", "1"}), encode([]string{"AIKAGI.GATE", "OBEY", "service 127.0.0.2/32\naway"}))); err != nil {
			t.Fatal(err)
		}
		clients := []*conn{early}
		for range 20 {
			c := g.client()
			if _, err := c.Write(encode([]string{"PING"})); err != nil && !ended(err) {
				t.Fatal(err)
			}
			clients = append(clients, c)
		}
		for range 2 {
			if reply, err := busy.read(); reply != "OK" {
				t.Fatalf("the engine: %v, %v", reply, err)
			}
		}
		for i, c := range clients {
			if reply, err := c.read(); !ended(err) {
				t.Errorf("client %d: %v, %v", i, reply, err)
			}
		}
		if reply := service.do("PING"); reply != "PONG" {
			t.Errorf("the service was sent away: %v", reply)
		}
	})
}

// Connections end over the time of the order, whatever wakes the gate meanwhile.
func TestGateSpreadsEnds(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		const clients, over = 60, 600 * time.Millisecond
		g := startGated(t, binary)
		g.obey(g.listen("preferred"))
		ends := make(chan time.Time, clients)
		for range clients {
			c := g.client()
			if reply := c.do("PING"); reply != "PONG" {
				t.Fatalf("PING: %v", reply)
			}
			go func() {
				_, _ = c.read()
				ends <- time.Now()
				if again, err := net.Dial("tcp", g.address()); err == nil {
					_, _ = again.Write(encode([]string{"PING"}))
					again.Close()
				}
			}()
		}
		began := time.Now()
		g.obey(g.listen("required"), fmt.Sprintf("end %d", over.Milliseconds()))
		half := 0
		for range clients {
			if (<-ends).Sub(began) < over/2 {
				half++
			}
		}
		if half > clients*2/3 {
			t.Errorf("%d of %d were ended in the first half of the time", half, clients)
		}
	})
}
