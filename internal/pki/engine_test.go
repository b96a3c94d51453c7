package pki

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Real servers serve with a certificate of ours, redis-cli verifies it, and a new
// one takes its place without an open connection noticing.
func TestEnginesServeAndChangeCertificates(t *testing.T) {
	t.Parallel()
	addr := netip.MustParseAddr("127.79.0.1")
	for _, engine := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			authority := open(t, dir, time.Now())
			first := writePair(t, dir, "first", issue(t, authority, []string{"localhost"}, addr))
			at := serveTLS(t, engine+"-server", dir, addr, authority, first)

			connection := handshake(t, at, authority)
			before := connection.ConnectionState().PeerCertificates[0].SerialNumber
			cli(t, authority, at, "PONG", "ping")

			second := writePair(t, dir, "second", issue(t, authority, []string{"localhost"}, addr))
			cli(t, authority, at, "OK", "config", "set", "tls-cert-file", second, "tls-key-file", second)

			after := handshake(t, at, authority).ConnectionState().PeerCertificates[0].SerialNumber
			if before.Cmp(after) == 0 {
				t.Error("a new connection got the old certificate")
			}
			ping(t, connection)

			stranger := open(t, t.TempDir(), time.Now())
			if out, err := runCLI(t, stranger, at, "ping"); err == nil && strings.Contains(out, "PONG") {
				t.Errorf("redis-cli trusted a server of another CA: %s", out)
			}
		})
	}
}

// engines are those that AIKAGI_TEST_ENGINES asks for, and must be there, or else
// those that are there.
func engines(t *testing.T) []string {
	t.Helper()
	wanted := strings.Fields(os.Getenv("AIKAGI_TEST_ENGINES"))
	var found []string
	for _, engine := range []string{"redis", "valkey"} {
		if _, err := exec.LookPath(engine + "-server"); err == nil {
			found = append(found, engine)
		}
	}
	if len(wanted) > 0 {
		return wanted
	}
	if len(found) == 0 {
		t.Skip("neither redis-server nor valkey-server is installed")
	}
	return found
}

func writePair(t *testing.T, dir, name string, certificate Certificate) string {
	t.Helper()
	path := filepath.Join(dir, name+".pem")
	if err := os.WriteFile(path, certificate.Bundle(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func serveTLS(t *testing.T, program, dir string, addr netip.Addr, authority *Authority, pair string) netip.AddrPort {
	t.Helper()
	at := netip.AddrPortFrom(addr, freePort(t, addr))
	command := exec.CommandContext(t.Context(), program, "--port", "0", "--tls-port", fmt.Sprint(at.Port()), "--bind", addr.String(),
		"--tls-cert-file", pair, "--tls-key-file", pair, "--tls-ca-cert-file", authority.Path(), "--tls-auth-clients", "optional",
		"--dir", dir, "--save", "")
	var output strings.Builder
	command.Stdout, command.Stderr = &output, &output
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		if t.Failed() {
			t.Log(output.String())
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", at.String())
		if err == nil {
			_ = connection.Close()
			return at
		}
		if ctx.Err() != nil {
			t.Fatalf("%s does not listen on %v: %v", program, at, err)
		}
		time.Sleep(5 * time.Millisecond) // poll; the deadline is ctx's
	}
}

func freePort(t *testing.T, addr netip.Addr) uint16 {
	t.Helper()
	listener, err := net.Listen("tcp", netip.AddrPortFrom(addr, 0).String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).AddrPort().Port()
}

func handshake(t *testing.T, at netip.AddrPort, authority *Authority) *tls.Conn {
	t.Helper()
	dialer := tls.Dialer{
		NetDialer: &net.Dialer{Timeout: 5 * time.Second},
		Config:    &tls.Config{RootCAs: authority.CertPool(), MinVersion: tls.VersionTLS12},
	}
	connection, err := dialer.DialContext(t.Context(), "tcp", at.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return connection.(*tls.Conn)
}

func ping(t *testing.T, connection net.Conn) {
	t.Helper()
	if err := connection.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := connection.Write([]byte("PING\r\n")); err != nil {
		t.Fatal(err)
	}
	if answer, err := bufio.NewReader(connection).ReadString('\n'); err != nil || answer != "+PONG\r\n" {
		t.Errorf("the open connection answers %q, %v", answer, err)
	}
}

func cli(t *testing.T, authority *Authority, at netip.AddrPort, want string, args ...string) {
	t.Helper()
	if out, err := runCLI(t, authority, at, args...); err != nil || strings.TrimSpace(out) != want {
		t.Fatalf("redis-cli %v: %q, %v", args, out, err)
	}
}

func runCLI(t *testing.T, authority *Authority, at netip.AddrPort, args ...string) (string, error) {
	t.Helper()
	program := "redis-cli"
	if _, err := exec.LookPath(program); err != nil {
		program = "valkey-cli"
	}
	args = append([]string{"--tls", "--cacert", authority.Path(), "-h", at.Addr().String(), "-p", fmt.Sprint(at.Port())}, args...)
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	return string(out), err
}
