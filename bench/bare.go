package main

import (
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/pki"
)

// bareSettings are those of our nodes that could make a difference: what is saved
// when, how often the engine looks after itself, the memory limit.
func bareSettings() string {
	return fmt.Sprintf("save 3600 1 300 100 60 10000\nstop-writes-on-bgsave-error no\nhz %d\ndynamic-hz yes\nmaxmemory %d\nmaxmemory-policy volatile-lru\n",
		engine.TickIdle, cache.MaxMemory(load.NodeType))
}

// bare starts an engine without aikagi: TLS with a certificate of the same type and
// one password, for everything else the given settings or the engine's defaults.
func (s *session) bare(name, settings string) (arm, error) {
	return s.bareEngine(arm{name: name, token: rand.Text()}, settings, true)
}

// barePlaintext is bare without TLS and password.
func (s *session) barePlaintext(name, settings string) (arm, error) {
	return s.bareEngine(arm{name: name}, settings, false)
}

func (s *session) bareEngine(a arm, settings string, overTLS bool) (arm, error) {
	h, err := s.home()
	if err != nil {
		return arm{}, err
	}
	port, err := freePort(h.address)
	if err != nil {
		return arm{}, err
	}
	a.at = netip.AddrPortFrom(h.address, port).String()
	config := fmt.Sprintf("bind %s\nport %d\nlogfile engine.log\n%s", h.address, port, settings)
	if overTLS {
		a.caFile, a.tls = h.caFile, h.tls
		config = h.network(port) + fmt.Sprintf("requirepass %s\nlogfile engine.log\n%s", a.token, settings)
	}
	if err := os.WriteFile(filepath.Join(h.dir, "engine.conf"), []byte(config), 0o600); err != nil {
		return arm{}, err
	}
	process, err := s.launch(h.dir, "engine.conf")
	if err != nil {
		return arm{}, err
	}
	a.pid = process.Process.Pid
	return a, a.awaitReady()
}

// home is a directory for engines without aikagi. It has a CA of its own, and a
// certificate of the type that our nodes have.
type home struct {
	dir     string
	address netip.Addr // that the certificate is for
	caFile  string
	tls     *tls.Config // of clients
}

func (s *session) home() (home, error) {
	dir, err := os.MkdirTemp("", "aikagi-bench-")
	if err != nil {
		return home{}, err
	}
	s.stage.Cleanup(func() { _ = os.RemoveAll(dir) })
	authority, err := pki.Open(dir, time.Now)
	if err != nil {
		return home{}, err
	}
	address := netip.MustParseAddr("127.0.0.1")
	certificate, err := authority.Issue(nil, []netip.Addr{address})
	if err != nil {
		return home{}, err
	}
	if err := os.WriteFile(filepath.Join(dir, "node.pem"), certificate.Bundle(), 0o600); err != nil {
		return home{}, err
	}
	return home{
		dir: dir, address: address, caFile: authority.Path(),
		tls: &tls.Config{RootCAs: authority.CertPool(), ServerName: address.String(), MinVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.X25519}},
	}, nil
}

// network is the part of an engine's configuration that says where it listens.
func (h home) network(port uint16) string {
	certificate := filepath.Join(h.dir, "node.pem")
	return fmt.Sprintf("bind %s\nport 0\ntls-port %d\ntls-cert-file %s\ntls-key-file %s\ntls-ca-cert-file %s\n"+
		"tls-auth-clients no\ntls-protocols \"TLSv1.2 TLSv1.3\"\n", h.address, port, certificate, certificate, h.caFile)
}

// launch runs an engine in a directory until end, at the latest when the benchmark
// ends. It has a session of its own, as our nodes have: Linux shares the processor among sessions first (sched(7), autogroup), and one
// that had to share with its clients would look slow.
func (s *session) launch(dir string, args ...string) (*exec.Cmd, error) {
	command := exec.Command(s.engine.Path, args...)
	command.Dir = dir
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start bare engine: %w", err)
	}
	s.stage.Cleanup(func() { end(command) })
	return command, nil
}

// end kills a process that was launched, unless that was done before, and takes its
// remains away.
func end(command *exec.Cmd) {
	if command.ProcessState == nil {
		_ = command.Process.Kill()
		_ = command.Wait()
	}
}

func (a arm) awaitReady() error {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		conn, err := a.connect()
		if err == nil {
			_ = conn.Close()
		}
		if err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

// freePort finds a port that nobody listens on.
func freePort(address netip.Addr) (uint16, error) {
	listener, err := net.Listen("tcp", netip.AddrPortFrom(address, 0).String())
	if err != nil {
		return 0, fmt.Errorf("find free port: %w", err)
	}
	defer listener.Close()
	return netip.MustParseAddrPort(listener.Addr().String()).Port(), nil
}
