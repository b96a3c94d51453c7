package process

import (
	"errors"
	"fmt"

	"github.com/aikagi/aikagi/internal/provider"
)

// Activity reads the process's /proc/PID/stat, which costs about as much as opening
// a file.
func (p *Provider) Activity(name provider.NodeName) (provider.Activity, error) {
	activity, err := p.activity(name)
	if err != nil {
		return provider.Activity{}, fmt.Errorf("look at process of node %s: %w", name, err)
	}
	return activity, nil
}

func (p *Provider) activity(name provider.NodeName) (provider.Activity, error) {
	c, err := p.process(name)
	if err != nil {
		return provider.Activity{}, err
	}
	stat, failed := readStat(c.pid)
	// The id may have gone to another process before it was read, but not if this one
	// lives even now.
	ended := true
	if err := c.control(func(fd int) { ended = dead(fd) }); err != nil || ended {
		return provider.Activity{}, provider.ErrNotRunning
	}
	if failed != nil {
		return provider.Activity{}, failed
	}
	user, err := stat.ticks(statUserTime)
	system, err2 := stat.ticks(statSysTime)
	return provider.Activity{
		CPU:      user + system,
		Runnable: string(stat.field(statState)) == "R",
	}, errors.Join(err, err2)
}

// process is the node's process, dead or alive.
func (p *Provider) process(name provider.NodeName) (*proc, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.nodes[name]
	switch {
	case p.ended:
		return nil, errEnded
	case n == nil || !n.installed:
		return nil, provider.ErrAbsent
	case n.proc == nil:
		return nil, provider.ErrNotRunning
	}
	return n.proc, nil
}
