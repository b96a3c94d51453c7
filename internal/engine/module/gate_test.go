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
	_ = nc.SetDeadline(time.Now().Add(patience))
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
	_ = nc.SetDeadline(time.Now().Add(patience))
	return newConn(g.t, nc), nil
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
			stopListening(t, l)
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

// stopListening lets an address go at once. A process that a test beside this one is about to start has the listener for a moment
// longer, but shut down it is nobody's any more.
func stopListening(t *testing.T, l net.Listener) {
	t.Helper()
	raw, err := l.(*net.TCPListener).SyscallConn()
	if err == nil {
		err = raw.Control(func(fd uintptr) { _ = syscall.Shutdown(int(fd), syscall.SHUT_RDWR) })
	}
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
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
