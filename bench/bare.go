package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/pki"
)

// arm is one of the two sides of a comparison: an engine that clients connect to.
type arm struct {
	name   string
	at     string // host:port
	token  string
	caFile string
	pid    int
	tls    *tls.Config
}

// ours is a group of one node with a token, served by a control plane.
func (s *session) ours(ctx context.Context) (arm, error) {
	server := s.server()
	token := rand.Text()
	group, err := s.group(ctx, server, "bench", 0, token)
	if err != nil {
		return arm{}, err
	}
	a := arm{name: "group", at: group.Nodes[0], token: token, caFile: server.CAFile(), tls: group.TLS(group.Nodes[0])}
	for _, pid := range server.Nodes() {
		a.pid = pid
	}
	return a, nil
}

// bareSettings are those of our nodes that could make a difference: what is saved
// when, how often the engine looks after itself, the memory limit.
func bareSettings() string {
	return fmt.Sprintf("save 3600 1 300 100 60 10000\nstop-writes-on-bgsave-error no\nhz %d\ndynamic-hz yes\nmaxmemory %d\nmaxmemory-policy volatile-lru\n",
		engine.TickIdle, cache.MaxMemory(load.NodeType))
}

// bare starts an engine without aikagi: TLS with a certificate of the same type and
// one password, for everything else the given settings or the engine's defaults.
func (s *session) bare(name, settings string) (arm, error) {
	h, err := s.home()
	if err != nil {
		return arm{}, err
	}
	port, err := freePort(h.address)
	if err != nil {
		return arm{}, err
	}
	a := arm{name: name, at: netip.AddrPortFrom(h.address, port).String(), token: rand.Text(), caFile: h.caFile, tls: h.tls}
	config := h.network(port) + fmt.Sprintf("requirepass %s\nlogfile engine.log\n%s", a.token, settings)
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
// ends.
func (s *session) launch(dir string, args ...string) (*exec.Cmd, error) {
	command := exec.Command(s.engine.Path, args...)
	command.Dir = dir
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
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
		conn, err := load.Dial(a.at, a.tls)
		if err == nil {
			err = conn.Login(a.token, load.OneArgument)
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

// turns calls measure for every arm, round after round, and changes the direction
// each time, so that no arm always comes first. It returns what was measured, by
// arm.
func turns(ctx context.Context, arms []arm, rounds int, measure func(arm) (sample, error)) (map[string][]sample, error) {
	measured := map[string][]sample{}
	for round := range rounds {
		for i := range arms {
			a := arms[i]
			if round%2 == 1 {
				a = arms[len(arms)-1-i]
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			got, err := measure(a)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", strings.ToLower(a.name), err)
			}
			measured[a.name] = append(measured[a.name], got)
		}
	}
	return measured, nil
}

// sample is what one turn of an arm gave.
type sample struct {
	rate float64 // per second
	cost float64 // processor time of the engine for each, in microseconds
	n    int64   // how many there were, where that is known
}

func rates(samples []sample) []float64 {
	return column(samples, func(s sample) float64 { return s.rate })
}
func costs(samples []sample) []float64 {
	return column(samples, func(s sample) float64 { return s.cost })
}

func column(samples []sample, pick func(sample) float64) []float64 {
	out := make([]float64, len(samples))
	for i, s := range samples {
		out[i] = pick(s)
	}
	return out
}
