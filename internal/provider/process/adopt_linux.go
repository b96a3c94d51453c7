package process

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/aikagi/aikagi/internal/provider"
)

// takeOver finds the nodes and their processes and cleans up what a killed control
// plane left.
func (p *Provider) takeOver() error {
	entries, err := fs.ReadDir(p.root.FS(), ".")
	if err != nil {
		return err
	}
	holders, err := p.scan()
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := provider.NodeName(e.Name())
		if !e.IsDir() || name.Check() != nil {
			continue
		}
		n := newNode(name)
		n.installed = true
		p.nodes[name] = n
	}
	if err := p.killStrays(holders); err != nil {
		return err
	}
	for _, h := range holders {
		if n := p.nodes[provider.NodeName(h.entry)]; n != nil && h.leader && !h.deleted {
			if err := p.adopt(n, h); err != nil {
				return fmt.Errorf("take over node %s: %w", n.name, err)
			}
		}
	}
	for _, n := range p.nodes {
		if err := p.settle(n); err != nil {
			return fmt.Errorf("take over node %s: %w", n.name, err)
		}
	}
	p.removeTombstones(entries)
	return nil
}

// killStrays ends processes in directories that are no node's: somebody else
// removed the directory under the process.
func (p *Provider) killStrays(holders []holder) error {
	var strays []holder
	for _, h := range holders {
		if h.deleted || p.nodes[provider.NodeName(h.entry)] == nil {
			strays = append(strays, h)
		}
	}
	return p.killAll(strays)
}

// adopt supervises a process that this provider did not start. Two for one node would
// mean that something else than a provider works in the directory.
func (p *Provider) adopt(n *node, h holder) error {
	if n.proc != nil {
		return fmt.Errorf("processes %d and %d both lead it", n.proc.pid, h.pid)
	}
	c, err := p.pin(h)
	if err != nil || c == nil {
		return err
	}
	p.log.Info("adopt engine process", "node", n.name, "pid", c.pid)
	p.supervise(n, c)
	return nil
}

// settle makes sure that a node for which the scan showed no process has none, or adopts
// the one that was between fork and exec during the scan, and reads what is
// kept of the node on disk.
func (p *Provider) settle(n *node) error {
	if n.proc == nil {
		lock, err := p.lockNode(p.life, n.name)
		var led errLed
		switch {
		case errors.As(err, &led):
			err = p.adopt(n, led.leader)
		case err == nil:
			unlock(lock)
		}
		if err != nil {
			return err
		}
	}
	root, err := p.openNode(n.name)
	if err != nil {
		return err
	}
	defer root.Close()
	return p.recall(n, root)
}

// recall reads what is kept of a node in its directory, and removes what a killed control plane left there. Of a directory that is
// sealed, there is nothing to read yet: Seal comes back to it.
func (p *Provider) recall(n *node, root *os.Root) error {
	incarnation := readIncarnation(root)
	_, missing := root.Stat(savedFile)
	p.mu.Lock()
	n.incarnation, n.saved = incarnation, missing == nil
	p.mu.Unlock()
	return root.RemoveAll(installDir)
}

// removeTombstones finishes what Remove began. What cannot be removed now is in nobody's
// way and left to the next New.
func (p *Provider) removeTombstones(entries []os.DirEntry) {
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), tombstone) {
			continue
		}
		if err := p.bury(e.Name()); err != nil {
			p.log.Warn("remove directory", "directory", e.Name(), "error", err)
		}
	}
}
