package process

import (
	"errors"
	"time"

	"github.com/aikagi/aikagi/internal/cgroup"
	"github.com/aikagi/aikagi/internal/provider"
)

// supervise makes the process the node's and watches it until it is dead.
func (p *Provider) supervise(n *node, c *proc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n.proc = c
	if p.ended {
		c.handle.Close()
	}
	p.work.Go(func() {
		defer close(c.done)
		c.letGo = !p.watch(n, c)
	})
}

// watch tells of the end of the process; it returns false if it was let go before.
func (p *Provider) watch(n *node, c *proc) bool {
	if c.wait() != nil {
		return false
	}
	at := p.now()
	status, known := c.reap()
	c.handle.Close()
	if !p.outliveChildren(n, c) {
		return false
	}
	p.mu.Lock()
	requested, group := c.requested, c.cgroup
	p.mu.Unlock()
	reason := ""
	if known {
		reason = describe(status)
	}
	saved := requested && known && status.Exited() && status.ExitStatus() == 0
	if saved {
		p.noteSaved(n.name)
	}
	p.mu.Lock()
	n.exited(at, reason, saved)
	p.mu.Unlock()
	p.log.Info("engine process ended", "node", n.name, "pid", c.pid, "reason", reason, "requested", requested)
	p.exits.Put(provider.Exit{Node: n.name, At: at, Requested: requested, Reason: reason})
	if group != "" { // nobody waits for that
		p.work.Go(func() { cgroup.Remove(group) })
	}
	return true
}

// outliveChildren returns when no child of the dead process lives. One that cannot be
// killed, as in a read from a dead disk, keeps the node from being stopped for as long
// as it lives. It returns false if Run ended first.
func (p *Provider) outliveChildren(n *node, c *proc) bool {
	for {
		lock, err := p.lockNode(p.life, n.name)
		switch {
		case err == nil:
			unlock(lock)
			return true
		case errors.Is(err, provider.ErrAbsent): // somebody else removed the directory
			return true
		case p.life.Err() != nil:
			return false
		}
		p.log.Error("engine process left children behind", "node", n.name, "pid", c.pid, "error", err)
		_ = sleep(p.life, time.Second)
	}
}
