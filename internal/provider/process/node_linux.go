package process

import (
	"context"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

// node is what is known of a node. Provider.mu guards all but name and turn.
type node struct {
	name provider.NodeName
	turn chan struct{} // holds one element while a call has its turn

	installed   bool
	proc        *proc // nil unless there is a process
	incarnation int64
	crashes     int
	retryAt     time.Time
	lastExit    string
	startedAt   time.Time // of the last process that ended
	exitedAt    time.Time
	saved       bool
}

func newNode(name provider.NodeName) *node {
	return &node{name: name, turn: make(chan struct{}, 1)}
}

// takeTurn waits until no other call changes the node, and returns it. A node that was never
// installed is one too, until yield. It returns ctx's error or errEnded.
func (p *Provider) takeTurn(ctx context.Context, name provider.NodeName) (*node, error) {
	for {
		n, err := p.queue(ctx, name)
		if err != nil {
			return nil, err
		}
		select {
		case n.turn <- struct{}{}:
		case <-ctx.Done():
			p.work.Done()
			return nil, ctx.Err()
		}
		p.mu.Lock()
		current := p.nodes[name] == n
		p.mu.Unlock()
		if current {
			return n, nil
		}
		<-n.turn // it was removed while we waited
		p.work.Done()
	}
}

func (p *Provider) queue(ctx context.Context, name provider.NodeName) (*node, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return nil, errEnded
	}
	n := p.nodes[name]
	if n == nil {
		n = newNode(name)
		p.nodes[name] = n
	}
	p.work.Add(1)
	return n, nil
}

func (p *Provider) yield(n *node) {
	p.mu.Lock()
	if !n.installed {
		delete(p.nodes, n.name)
	}
	p.mu.Unlock()
	<-n.turn
	p.work.Done()
}

// state needs Provider.mu.
func (n *node) state(now time.Time) provider.State {
	s := provider.State{
		Node: n.name, Phase: provider.PhaseStopped, Incarnation: n.incarnation,
		Crashes: n.crashes, RetryAt: n.retryAt, LastExit: n.lastExit, ExitedAt: n.exitedAt, Saved: n.saved,
	}
	switch {
	case !n.installed:
		return provider.State{Node: n.name, Phase: provider.PhaseAbsent}
	case n.proc == nil:
		return s
	case n.proc.requested:
		s.Phase = provider.PhaseStopping
	default:
		s.Phase = provider.PhaseRunning
	}
	s.PID, s.StartedAt, s.Saved, s.VCPUs = n.proc.pid, n.proc.startedAt, false, n.proc.vcpus
	if now.Sub(n.proc.startedAt) > provider.StableAfter {
		s.Crashes, s.RetryAt = 0, time.Time{}
	}
	return s
}

// exited notes the end of the node's process. It needs Provider.mu.
func (n *node) exited(at time.Time, reason string, saved bool) {
	c := n.proc
	n.proc, n.lastExit, n.startedAt, n.exitedAt, n.saved = nil, reason, c.startedAt, at, saved
	switch {
	case at.Sub(c.startedAt) > provider.StableAfter:
		n.crashes, n.retryAt = 0, time.Time{}
	case !c.requested:
		n.crashes++
		n.retryAt = at.Add(provider.RetryDelay(n.crashes))
	}
}
