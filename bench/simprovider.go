package main

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// simProvider is a [provider.Provider] whose nodes are simulated. It outlives the
// control planes that use it, as processes do. Its clients' side is one listener for
// the addresses of all nodes.
type simProvider struct {
	keyring engine.Keyring
	clients net.Listener

	mu    sync.Mutex // guards nodes
	nodes map[provider.NodeName]*simNode
}

// newSimProvider listens at a free port of every loopback address: on the loopback
// interface only, so nobody else can reach it.
func newSimProvider(keyring engine.Keyring) (*simProvider, error) {
	loopbackOnly := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		var failed error
		if err := raw.Control(func(fd uintptr) { failed = unix.BindToDevice(int(fd), "lo") }); err != nil {
			return err
		}
		return failed
	}}
	listener, err := loopbackOnly.Listen(context.Background(), "tcp4", "0.0.0.0:0")
	if err != nil {
		return nil, fmt.Errorf("listen for simulated nodes: %w", err)
	}
	p := &simProvider{keyring: keyring, clients: listener, nodes: map[provider.NodeName]*simNode{}}
	go p.serve()
	return p, nil
}

func (p *simProvider) serve() {
	for {
		conn, err := p.clients.Accept()
		if err != nil {
			return
		}
		go serveSim(conn, answerClient)
	}
}

// port is where every node serves its clients.
func (p *simProvider) port() int { return p.clients.Addr().(*net.TCPAddr).Port }

// close ends all nodes.
func (p *simProvider) close() {
	_ = p.clients.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.nodes {
		n.stop()
	}
}

func (p *simProvider) node(name provider.NodeName) (*simNode, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := p.nodes[name]; n != nil {
		return n, nil
	}
	return nil, provider.ErrAbsent
}

func (p *simProvider) Install(_ context.Context, name provider.NodeName, files []provider.File) error {
	p.mu.Lock()
	n := p.nodes[name]
	if n == nil {
		n = newSimNode(name, p.keyring)
		p.nodes[name] = n
	}
	p.mu.Unlock()
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, f := range files {
		n.files[f.Name] = f.Data
	}
	return nil
}

func (p *simProvider) Start(_ context.Context, name provider.NodeName, launch provider.Launch) error {
	n, err := p.node(name)
	if err != nil {
		return err
	}
	return n.start(launch.Incarnation)
}

func (p *simProvider) Stop(_ context.Context, name provider.NodeName) error {
	if n, err := p.node(name); err == nil {
		n.stop()
	}
	return nil
}

func (p *simProvider) Kill(ctx context.Context, name provider.NodeName) error {
	return p.Stop(ctx, name)
}

func (p *simProvider) Remove(ctx context.Context, name provider.NodeName) error {
	err := p.Stop(ctx, name)
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.nodes, name)
	return err
}

func (p *simProvider) Inspect(name provider.NodeName) provider.State {
	n, err := p.node(name)
	if err != nil {
		return provider.State{Node: name, Phase: provider.PhaseAbsent}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.state
}

func (p *simProvider) List() []provider.State {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []provider.State
	for _, n := range p.nodes {
		n.mu.Lock()
		all = append(all, n.state)
		n.mu.Unlock()
	}
	return all
}

func (p *simProvider) Dial(_ context.Context, name provider.NodeName) (net.Conn, error) {
	n, err := p.node(name)
	if err != nil {
		return nil, err
	}
	return n.dial()
}

func (p *simProvider) ReadFile(name provider.NodeName, file string) ([]byte, error) {
	n, err := p.node(name)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if data, ok := n.files[file]; ok {
		return data, nil
	}
	return nil, fs.ErrNotExist
}

// LastLines returns nothing: simulated nodes do not end by themselves.
func (p *simProvider) LastLines(provider.NodeName) []string { return nil }

// SetAside is for nodes that ended.
func (p *simProvider) SetAside(context.Context, provider.NodeName, string, string) error {
	return provider.ErrRunning
}

// Stat knows no files.
func (p *simProvider) Stat(provider.NodeName, string) (fs.FileInfo, error) {
	return nil, fs.ErrNotExist
}

// Exits delivers nothing: simulated nodes do not end by themselves.
func (p *simProvider) Exits() <-chan provider.Exit { return nil }

func (p *simProvider) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}
