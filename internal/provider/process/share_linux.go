package process

import (
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/cgroup"
	"github.com/aikagi/aikagi/internal/provider"
)

// Processors are those that this process may use, as its nodes may: Go counts the processors of its affinity, and heeds a limit of its control
// group; the variable GOMAXPROCS says otherwise.
func (p *Provider) Processors() int { return runtime.GOMAXPROCS(0) }

// Shares reports whether nodes have control groups of their own.
func (p *Provider) Shares() bool { return p.options.Cgroups != nil }

// Share gives the node's process its control group, if it is not in there yet, and the group its weight.
func (p *Provider) Share(name provider.NodeName, vcpus int) error {
	c, err := p.process(name)
	ended := true
	if err == nil { // the id could be another process's
		if closed := c.control(func(fd int) { ended = dead(fd) }); closed != nil || ended {
			err = provider.ErrNotRunning
		}
	}
	if err != nil {
		return fmt.Errorf("give node %s its part of the processors: %w", name, err)
	}
	p.place(name, c, vcpus)
	return nil
}

// place is best effort: a node that serves with too much or too little of the processors is better than one that does not serve. It is tried again
// with the next start of the node, of the control plane, or with another node type.
func (p *Provider) place(name provider.NodeName, c *proc, vcpus int) {
	if p.options.Cgroups == nil {
		return
	}
	dir, err := p.options.Cgroups.Place(string(name), c.pid, cgroup.Weight(vcpus))
	if err != nil && !errors.Is(err, unix.ESRCH) {
		p.log.Warn("node has no control group of its own", "node", name, "error", err)
	}
	p.mu.Lock()
	before := c.cgroup
	if c.vcpus = vcpus; dir != "" {
		c.cgroup = dir
	}
	p.mu.Unlock()
	if dir != "" && before != "" && before != dir { // of a control plane in another group
		cgroup.Remove(before)
	}
}
