package simulated

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

// Provider runs the nodes of a [World].
type Provider struct {
	world *World
	exits *provider.ExitQueue

	// life ends with Run. work counts what Run waits for.
	life context.Context
	end  context.CancelFunc
	work sync.WaitGroup
}

var _ provider.Provider = (*Provider)(nil)

// do calls f with World.mu held, for a call that changes something.
func (p *Provider) do(ctx context.Context, f func(*World) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	if p.world.open != p {
		return errEnded
	}
	return f(p.world)
}

// Start calls the program of the engine.
func (p *Provider) Start(ctx context.Context, name provider.NodeName, launch provider.Launch) error {
	var c *Process
	program := p.world.programs[launch.Engine]
	err := p.do(ctx, func(w *World) error {
		n, err := w.find(name)
		switch {
		case err != nil:
			return err
		case n.process != nil:
			return provider.ErrRunning
		case program == nil:
			return fmt.Errorf("%w: %s is not installed any more", provider.ErrNoBinary, launch.Engine)
		}
		w.pids++
		c = &Process{
			world: w, node: n, launch: launch, pid: w.pids,
			ready: make(chan struct{}), done: make(chan struct{}), conns: map[net.Conn]struct{}{},
		}
		n.process, n.lines = c, nil
		n.state.StartedAt, n.state.Incarnation, n.state.Saved = time.Now(), launch.Incarnation, false
		return nil
	})
	if err != nil {
		return about("start node", name, err)
	}
	c.behaviour = program(c)
	close(c.ready)
	return nil
}

// Stop has the process told, and waits until it has ended.
func (p *Provider) Stop(ctx context.Context, name provider.NodeName) error {
	c, err := p.request(ctx, name)
	if err == nil && c != nil {
		err = p.terminate(ctx, c)
	}
	if c != nil && errors.Is(err, context.DeadlineExceeded) {
		p.world.mu.Lock()
		c.requested = false // it goes on
		p.world.mu.Unlock()
	}
	return about("stop node", name, err)
}

func (p *Provider) terminate(ctx context.Context, c *Process) error {
	ready := c.ready
	for {
		select {
		case <-ready:
			ready = nil
			if c.behaviour.Terminate != nil {
				c.behaviour.Terminate()
			}
		case <-c.done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-p.life.Done():
			return errEnded
		}
	}
}

// Kill ends the process.
func (p *Provider) Kill(ctx context.Context, name provider.NodeName) error {
	c, err := p.request(ctx, name)
	if c != nil {
		p.world.mu.Lock()
		defer p.world.mu.Unlock()
		p.world.ended(c, killed, nil)
	}
	return about("kill node", name, err)
}

// request notes that the end of the node's process is asked for, and returns the process; nil for none.
func (p *Provider) request(ctx context.Context, name provider.NodeName) (c *Process, err error) {
	err = p.do(ctx, func(w *World) error {
		if n := w.nodes[name]; n != nil && n.process != nil {
			c = n.process
			c.requested = true
		}
		return nil
	})
	return c, err
}

// Remove ends the process and forgets the node.
func (p *Provider) Remove(ctx context.Context, name provider.NodeName) error {
	err := p.do(ctx, func(w *World) error {
		n := w.nodes[name]
		if n == nil {
			return nil
		}
		if n.process != nil {
			n.process.requested = true
			w.ended(n.process, killed, nil)
		}
		delete(w.nodes, name)
		return nil
	})
	return about("remove node", name, err)
}

// Inspect says how the node is now.
func (p *Provider) Inspect(name provider.NodeName) provider.State {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	n, err := p.world.find(name)
	if err != nil {
		return provider.State{Node: name, Phase: provider.PhaseAbsent}
	}
	return n.inspect(time.Now())
}

// List says how every node is, in the order of their names.
func (p *Provider) List() []provider.State {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	now := time.Now()
	states := make([]provider.State, 0, len(p.world.nodes))
	for _, n := range p.world.nodes {
		states = append(states, n.inspect(now))
	}
	slices.SortFunc(states, func(a, b provider.State) int { return strings.Compare(string(a.Node), string(b.Node)) })
	return states
}

// Dial opens a connection to the node's process.
func (p *Provider) Dial(ctx context.Context, name provider.NodeName) (conn net.Conn, err error) {
	err = p.do(ctx, func(w *World) error {
		n, err := w.find(name)
		switch {
		case err != nil:
			return err
		case n.process == nil:
			return provider.ErrNotRunning
		}
		conn = n.process.dial()
		return nil
	})
	return conn, about("dial node", name, err)
}

// Exits delivers the end of every process.
func (p *Provider) Exits() <-chan provider.Exit { return p.exits.Out() }

// Run waits until ctx ends, and lets go of the world.
func (p *Provider) Run(ctx context.Context) error {
	<-ctx.Done()
	p.world.mu.Lock()
	if p.world.open == p {
		p.world.open = nil
	}
	p.world.mu.Unlock()
	p.end()
	p.work.Wait()
	return nil
}
