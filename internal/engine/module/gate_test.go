package module

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// gated is an engine behind the gate, with a listener at host and port that is open once an order says so.
type gated struct {
	*engine
	service *conn
}

func startGated(t *testing.T, binary string, config ...string) *gated {
	t.Helper()
	e := startEngine(t, binary, state(true), config...)
	e.kill()
	e.preload = true
	writeCertificate(t, e)
	e.withRest = append(e.withRest, "bind 192.0.2.1", "protected-mode no",
		"tls-port 2", "tls-cert-file node.pem", "tls-key-file node.pem", "tls-ca-cert-file node.pem", "tls-auth-clients no")
	e.start()
	return &gated{engine: e, service: e.admin()}
}

func (g *gated) obey(lines ...string) {
	g.t.Helper()
	if reply := g.service.do("AIKAGI.GATE", "OBEY", strings.Join(lines, "\n")); reply != "OK" {
		g.t.Fatalf("the gate does not obey %q: %v", lines, reply)
	}
}

func (g *gated) report() string {
	g.t.Helper()
	report, ok := g.service.do("AIKAGI.GATE", "REPORT").(string)
	if !ok {
		g.t.Fatal("the gate does not report")
	}
	return report
}

func (g *gated) listen(mode string) string {
	return fmt.Sprintf("listen %s %s %s -", g.host, g.port, mode)
}

func (g *gated) address() string { return net.JoinHostPort(g.host, g.port) }

func (g *gated) clientTLS() (*conn, error) {
	nc, err := (&tls.Dialer{NetDialer: &net.Dialer{Timeout: 5 * time.Second}, Config: &tls.Config{InsecureSkipVerify: true}}).DialContext(g.t.Context(), "tcp", g.address())
	if err != nil {
		return nil, err
	}
	g.t.Cleanup(func() { nc.Close() })
	_ = nc.SetDeadline(time.Now().Add(time.Minute))
	return newConn(g.t, nc), nil
}

func ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// One address and port takes plaintext, both, or TLS, as the mode says, without being closed in between.
func TestGateModes(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		if nc, err := net.Dial("tcp", g.address()); err == nil {
			nc.Close()
			t.Fatal("the gate listens without an order")
		}
		g.obey(g.listen("none"))
		plain := g.client()
		if reply := plain.do("PING"); reply != "PONG" {
			t.Fatalf("none: %v", reply)
		}
		if _, err := g.clientTLS(); err == nil {
			t.Error("none: a client speaks TLS")
		}
		g.obey(g.listen("preferred"))
		if reply := plain.do("PING"); reply != "PONG" {
			t.Errorf("preferred: the connection from before: %v", reply)
		}
		if reply := g.client().do("PING"); reply != "PONG" {
			t.Errorf("preferred, plaintext: %v", reply)
		}
		secure, err := g.clientTLS()
		if err != nil {
			t.Fatalf("preferred, TLS: %v", err)
		}
		if list, _ := secure.do("CLIENT", "INFO").(string); !strings.Contains(list, "laddr="+g.address()) || !strings.Contains(list, "addr="+secure.LocalAddr().String()) {
			t.Errorf("CLIENT INFO of %v shows %q", secure.LocalAddr(), list)
		}
		g.obey(g.listen("required"), "end 200")
		if reply := secure.do("PING"); reply != "PONG" {
			t.Errorf("required: %v", reply)
		}
		for {
			if _, err := plain.try("PING"); ended(err) {
				break
			} else if err != nil {
				t.Fatalf("the end of a plaintext connection: %v", err)
			}
		}
		reply, err := g.client().try("PING")
		if !isError(reply, "ERR this cache takes connections over TLS only") {
			t.Errorf("required, plaintext: %v, %v", reply, err)
		}
		g.obey(g.listen("preferred"))
		plain = g.client()
		for _, c := range []*conn{secure, plain} {
			if reply := c.do("PING"); reply != "PONG" {
				t.Errorf("preferred again: %v", reply)
			}
		}
		g.obey(g.listen("none"), "end 200")
		for {
			if _, err := secure.try("PING"); ended(err) {
				break
			} else if err != nil {
				t.Fatalf("the end of a connection over TLS: %v", err)
			}
		}
		if reply := plain.do("PING"); reply != "PONG" {
			t.Errorf("none again: %v", reply)
		}
	})
}

// INFO of an engine that lists its listeners shows clients where they can connect, and how; what the engine listens on itself
// is nobody's business.
func TestGateInInfo(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		told := strings.Contains(g.service.do("INFO", "server").(string), "\r\nlistener0:")
		list := regexp.MustCompile(`(?m)^listener\d+:.*$`)
		for mode, want := range map[string][]string{"none": {"tcp"}, "preferred": {"tcp", "tls"}, "required": {"tls"}} {
			g.obey(g.listen(mode), fmt.Sprintf("listen ::1 %s %s -", g.port, mode))
			for i, name := range want {
				want[i] = fmt.Sprintf("listener%d:name=%s,bind=%s,bind=::1,port=%s\r", i, name, g.host, g.port)
			}
			c := g.client()
			if mode == "required" {
				var err error
				if c, err = g.clientTLS(); err != nil {
					t.Fatal(err)
				}
			}
			info, _ := c.do("INFO", "server").(string)
			if got := list.FindAllString(info, -1); told && !slices.Equal(got, want) || !told && got != nil || strings.Contains(info, "192.0.2.1") {
				t.Errorf("%s: INFO has %q, want %q", mode, got, want)
			}
			if !strings.Contains(info, "\r\ntcp_port:"+g.port+"\r\n") {
				t.Errorf("%s: INFO has another port than %s", mode, g.port)
			}
		}
	})
}

// from connects from an address of the machine.
func (g *gated) from(host string) (*conn, error) {
	nc, err := (&net.Dialer{Timeout: 5 * time.Second, LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}}).Dial("tcp", g.address())
	if err != nil {
		return nil, err
	}
	g.t.Cleanup(func() { nc.Close() })
	_ = nc.SetDeadline(time.Now().Add(time.Minute))
	return newConn(g.t, nc), nil
}

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

// refusals reads a figure of the report.
func (g *gated) figure(name string) (n int) {
	g.t.Helper()
	report := g.report()
	_, rest, found := strings.Cut(report, " "+name+"=")
	if !found {
		g.t.Fatalf("the report has no %s:\n%s", name, report)
	}
	fmt.Sscan(rest, &n)
	return n
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
			"listen 192.0.2.7 6379 none -":               "cannot listen on 192.0.2.7 port 6379: Cannot assign requested address",
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
			clients := make([]*conn, 900) // more than a queue has places, fewer than it and the system's have
			silent := clients[600:]
			if mode == "none" {
				silent = nil // whoever comes is let in at once
			}
			for i := range silent { // they wait to speak while others fill the queue
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
			if most := g.figure("queued-plaintext-most"); most != 512 {
				t.Errorf("%s: at most %d were in the queue, so it was never full", mode, most)
			}
			if n := g.figure("refused-queue"); n != 0 {
				t.Errorf("%s: %d were refused", mode, n)
			}
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

// Two engines on one address share its connections; one that leaves turns nobody away.
func TestGateSharedListener(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		one, two := startGated(t, binary), startGated(t, binary)
		shared := one.listen("none") + " shared"
		one.obey(shared)
		two.obey(shared)
		counts := func() (int, int) {
			for range 100 {
				c := one.client()
				if reply := c.do("PING"); reply != "PONG" {
					t.Fatalf("a client of both: %v", reply)
				}
				c.Close()
			}
			return one.listenerPlaintext(), two.listenerPlaintext()
		}
		first, second := counts()
		if first+second != 100 || first < 20 || second < 20 {
			t.Errorf("of 100 connections one has %d, the other one %d", first, second)
		}
		two.obey()
		for i := range 50 {
			if reply := one.client().do("PING"); reply != "PONG" {
				t.Fatalf("client %d after one left: %v", i, reply)
			}
		}
	})
}

func (g *gated) listenerPlaintext() (n int) {
	_, listener, _ := strings.Cut(g.report(), "\nlistener ")
	_, rest, _ := strings.Cut(listener, " plaintext=")
	fmt.Sscan(rest, &n)
	return n
}

// While the engine saves, its child holds no address, and no client that is gone.
func TestGateForks(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary, "rdb-key-save-delay 100000")
		g.obey(g.listen("preferred"))
		writer := g.client()
		for i := range 100 {
			writer.do("SET", fmt.Sprint("k", i), "v")
		}
		waits := g.client()
		eventually(t, "a socket waits", func() bool { return g.figure("waiting") == 1 })
		if reply := g.service.do(g.name("BGSAVE")); reply != "Background saving started" {
			t.Fatal(reply)
		}
		// The address is free at once, and nobody gets a connection that only the child has.
		for range 20 {
			g.obey()
			l, err := net.Listen("tcp", g.address())
			if err != nil {
				t.Fatalf("while the engine saves its address is taken: %v", err)
			}
			l.Close()
			g.obey(g.listen("preferred"))
		}
		if _, err := waits.read(); !ended(err) {
			t.Errorf("a socket that waited where nobody listens any more: %v", err)
		}
		if reply := g.client().do("PING"); reply != "PONG" {
			t.Errorf("a client while the engine saves: %v", reply)
		}
		if info := g.service.do("INFO", "persistence").(string); !strings.Contains(info, "rdb_bgsave_in_progress:1") {
			t.Error("the engine has saved already, so nothing was shown")
		}
	})
}

func TestGateIPv6(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.host, g.port = "::1", freePort(t, "[::1]")
		g.obey(fmt.Sprintf("listen ::1 %s preferred local", g.port), "allow local ::1/128")
		if reply, _ := g.client().do("CLIENT", "INFO").(string); !strings.Contains(reply, " addr=[::1]:") {
			t.Errorf("CLIENT INFO %q", reply)
		}
		if c, err := g.clientTLS(); err != nil || c.do("PING") != "PONG" {
			t.Errorf("TLS over IPv6: %v", err)
		}
		g.obey(fmt.Sprintf("listen ::1 %s preferred local", g.port), "allow local fe80::/10")
		if _, err := g.client().try("PING"); !ended(err) {
			t.Errorf("an address that no rule has: %v", err)
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
	_ = nc.SetDeadline(time.Now().Add(time.Minute))
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

// The engine may close its listener for TLS and open it again, as it does when its port is set.
func TestGateOutlivesTheEnginesListeners(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary)
		g.obey(g.listen("preferred"))
		for _, port := range []string{"0", "2", "0", "2"} {
			if reply := g.service.do(g.name("CONFIG"), "SET", "tls-port", port); reply != "OK" {
				t.Fatalf("tls-port %s: %v", port, reply)
			}
		}
		if reply := g.service.do(g.name("CONFIG"), "SET", "tls-cert-file", "node.pem", "tls-key-file", "node.pem"); reply != "OK" {
			t.Fatal(reply)
		}
		if c, err := g.clientTLS(); err != nil || c.do("PING") != "PONG" {
			t.Errorf("TLS: %v", err)
		}
		if reply := g.client().do("PING"); reply != "PONG" {
			t.Errorf("plaintext: %v", reply)
		}
	})
}

// Without the gate an engine that is configured for it does not start, and says so.
func TestEngineWithoutTheGate(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true))
		if reply := e.admin().do("AIKAGI.GATE", "REPORT"); !isError(reply, "ERR the engine was started without the gate") {
			t.Errorf("the gate's command: %v", reply)
		}
		e.kill()
		e.write("engine.conf", strings.Replace(e.config(), "bind "+e.host, "bind 192.0.2.1", 1))
		cmd := exec.Command(binary, filepath.Join(e.dir, "engine.conf"))
		if err := cmd.Run(); err == nil {
			t.Error("it starts")
		}
		if log, err := os.ReadFile(filepath.Join(e.dir, "log")); err != nil || !strings.Contains(string(log), "192.0.2.1") {
			t.Errorf("its log: %v\n%s", err, log)
		}
	})
}
