package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/module"
)

// What knowing who uses a token may cost.
const (
	countingCommandTarget = 0.97
	countingConnectTarget = 0.95
)

// Names of the arms.
const (
	armCounting   = "engine module, counting"
	armUncounting = "engine module, not counting"
)

// manyConnections is how many connections a node has when it is asked who uses its
// tokens; engines take 10,000 in all.
const manyConnections = 9900

// usage measures what counting costs clients, and how long the answer takes.
func usage(ctx context.Context, s *session) error {
	bare, err := s.bare(armBare, bareSettings())
	if err != nil {
		return err
	}
	counting, err := s.moduleArm(ctx, armCounting, false)
	if err != nil {
		return err
	}
	uncounting, err := s.moduleArm(ctx, armUncounting, true)
	if err != nil {
		return err
	}
	arms := []arm{counting, uncounting, bare}
	if err := s.countedCommands(ctx, arms); err != nil {
		return err
	}
	span := s.duration(700*time.Millisecond, 300*time.Millisecond)
	measured, err := turns(ctx, arms, s.samples(31, 7), func(a arm) (sample, error) { return comeAndGo(ctx, a, span) })
	if err != nil {
		return err
	}
	s.recordCounting("connections with TLS and AUTH per second", measured, countingConnectTarget)
	if err := s.countExactly(ctx); err != nil {
		return err
	}
	return s.askMany(ctx)
}

// countExactly has clients connect for each request, and compares what they counted with
// what the group did.
func (s *session) countExactly(ctx context.Context) error {
	server, secret := s.server(), rand.Text()
	group, err := s.group(ctx, server, "counted", 0, secret)
	if err != nil {
		return err
	}
	a := arm{name: armGroup, at: group.Nodes[0], token: secret, tls: group.TLS(group.Nodes[0])}
	for _, pid := range server.Nodes() {
		a.pid = pid
	}
	made, err := comeAndGo(ctx, a, s.duration(10*time.Second, time.Second))
	if err != nil {
		return err
	}
	usage, err := server.Client().TokenUsage(ctx, "counted")
	if err != nil {
		return err
	}
	var counted int64
	for _, c := range usage.Credentials {
		counted += c.Authentications
	}
	s.record(Measurement{Name: fmt.Sprintf("clients that connect for each request: of %d logins at %.0f a second, counted wrongly", made.n, made.rate),
		Unit: Count, Target: &Target{Statistic: "max", AtMost: 0}, Samples: []float64{math.Abs(float64(counted - made.n))}})
	return nil
}

// countedCommands has the arms take turns at commands.
func (s *session) countedCommands(ctx context.Context, arms []arm) error {
	for _, w := range []workload{{"set", 1}, {"get", 1}} {
		warm, err := s.hammer(ctx, arms[0], w, 20000)
		if err != nil {
			return err
		}
		requests := int(warm.rate * s.duration(700*time.Millisecond, 300*time.Millisecond).Seconds())
		measured, err := turns(ctx, arms, s.samples(21, 3), func(a arm) (sample, error) { return s.hammer(ctx, a, w, requests) })
		if err != nil {
			return fmt.Errorf("%s: %w", w, err)
		}
		s.recordCounting("throughput: "+w.String(), measured, countingCommandTarget)
	}
	return nil
}

func (s *session) recordCounting(what string, measured map[string][]sample, atLeast float64) {
	for _, ours := range []string{armCounting, armUncounting} {
		var target *Target
		if ours == armCounting {
			target = &Target{Statistic: "median", AtLeast: atLeast}
		}
		for name, pick := range map[string]func([]sample) []float64{what: rates, what + ", engine's processor time for each": costs} {
			m := Measurement{
				Name: name + ", " + ours + " / " + armBare, Unit: Ratio, Samples: ratios(pick(measured[ours]), pick(measured[armBare])),
				Arms: map[string][]float64{ours: pick(measured[ours]), armBare: pick(measured[armBare])},
			}
			if name == what {
				m.Target = target
			}
			s.record(m)
		}
	}
}

// moduleArm is a bare engine with the engine module and one token, and no control plane.
func (s *session) moduleArm(ctx context.Context, name string, uncounted bool) (arm, error) {
	h, err := s.home()
	if err != nil {
		return arm{}, err
	}
	path, err := module.Build(ctx, h.dir)
	if err != nil {
		return arm{}, err
	}
	port, err := freePort(h.address)
	if err != nil {
		return arm{}, err
	}
	secret, err := token.Parse(rand.Text())
	if err != nil {
		return arm{}, err
	}
	const node = "bench"
	keyring := engine.NewKeyring([]byte(rand.Text() + rand.Text()))
	settings, err := module.Settings{ACLSecret: keyring.Command(node, "ACL"), InternalPrefix: engine.InternalPrefix, Uncounted: uncounted}.Render()
	if err != nil {
		return arm{}, err
	}
	files := map[string][]byte{
		module.SettingsFile: settings,
		"users.acl":         engine.RenderAccess(engine.Callers{Tokens: token.ClosedSet(secret.Digest(), time.Now())}, engine.Rights{}, keyring.Secrets(node, node)),
		"engine.conf": fmt.Appendf(nil, "%slogfile engine.log\naclfile users.acl\nloadmodule %s %s\n%s",
			h.network(port), path, module.SettingsFile, bareSettings()),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(h.dir, name), text, 0o600); err != nil {
			return arm{}, err
		}
	}
	process, err := s.launch(h.dir, "engine.conf")
	if err != nil {
		return arm{}, err
	}
	a := arm{name: name, at: netip.AddrPortFrom(h.address, port).String(), token: secret.Reveal(), caFile: h.caFile, tls: h.tls, pid: process.Process.Pid}
	return a, a.awaitReady()
}

// askMany asks for the usage of a group, one node with very many connections.
func (s *session) askMany(ctx context.Context) error {
	server := s.server()
	api := server.Client()
	group, err := s.group(ctx, server, "many", 0, "")
	if err != nil {
		return err
	}
	want := s.samples(manyConnections, 500)
	open := make([]*load.Conn, 0, want)
	defer func() {
		for _, conn := range open {
			_ = conn.Close()
		}
	}()
	for range want {
		conn, err := load.Dial(group.Nodes[0], group.TLS(group.Nodes[0]))
		if err != nil {
			return fmt.Errorf("open connection %d: %w", len(open)+1, err)
		}
		open = append(open, conn)
		if err := conn.Login("", load.OneArgument); err != nil {
			return err
		}
	}
	var took []float64
	for range s.samples(50, 5) {
		began := time.Now()
		usage, err := api.TokenUsage(ctx, "many")
		if err != nil {
			return err
		}
		took = append(took, milliseconds(time.Since(began)))
		if len(usage.Credentials) == 0 || int(usage.Credentials[0].Connections) < want-1 {
			return errors.New("the answer does not have the connections")
		}
	}
	s.record(Measurement{Name: fmt.Sprintf("who uses which token, asked of a node with %d connections", want), Unit: Milliseconds, Samples: took})
	return nil
}
