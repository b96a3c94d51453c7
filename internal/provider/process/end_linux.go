package process

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
)

// tombstone is the prefix of a directory on its way out.
const tombstone = ".removed-"

// Stop sends SIGTERM and waits. A process that was stopped with SIGSTOP does not act on it before
// it is continued, so that ctx ends first.
func (p *Provider) Stop(ctx context.Context, name provider.NodeName) error {
	if err := p.endProc(ctx, name, unix.SIGTERM); err != nil {
		return fmt.Errorf("stop node %s: %w", name, err)
	}
	return nil
}

// Kill sends SIGKILL and waits until the process and the children that it forked are
// dead. If ctx ends first, ctx's error is returned and they are not known to be dead.
func (p *Provider) Kill(ctx context.Context, name provider.NodeName) error {
	if err := p.endProc(ctx, name, unix.SIGKILL); err != nil {
		return fmt.Errorf("kill node %s: %w", name, err)
	}
	return nil
}

// endProc does not wait for its turn if there is a process. If there is none, one may
// be about to start.
func (p *Provider) endProc(ctx context.Context, name provider.NodeName, sig unix.Signal) error {
	c := p.request(name)
	if c == nil {
		n, err := p.takeTurn(ctx, name)
		if err != nil {
			return err
		}
		c = p.request(name)
		p.yield(n)
	}
	err := endNow(ctx, c, sig)
	if sig == unix.SIGTERM && errors.Is(err, context.DeadlineExceeded) {
		p.mu.Lock()
		c.requested = false // it goes on
		p.mu.Unlock()
	}
	return err
}

// request notes that the end of the node's process is asked for, and returns the process.
func (p *Provider) request(name provider.NodeName) *proc {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.nodes[name]
	if n == nil || n.proc == nil {
		return nil
	}
	n.proc.requested = true
	return n.proc
}

func endNow(ctx context.Context, c *proc, sig unix.Signal) error {
	if c == nil {
		return nil
	}
	if err := c.signal(sig); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-c.done:
	}
	if c.letGo {
		return errEnded
	}
	return nil
}

// Remove kills the process and removes the directory. Killed in between, it can be
// repeated: the directory is renamed when the process is dead and before it is emptied.
func (p *Provider) Remove(ctx context.Context, name provider.NodeName) error {
	if name.Check() != nil {
		return nil // there is no such node
	}
	if err := p.remove(ctx, name); err != nil {
		return fmt.Errorf("remove node %s: %w", name, err)
	}
	return nil
}

func (p *Provider) remove(ctx context.Context, name provider.NodeName) error {
	n, err := p.takeTurn(ctx, name)
	if err != nil {
		return err
	}
	defer p.yield(n)
	if err := endNow(ctx, p.request(name), unix.SIGKILL); err != nil {
		return err
	}
	grave := tombstone + string(name)
	if err := p.bury(grave); err != nil {
		return err
	}
	if err := p.root.Rename(string(name), grave); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	p.mu.Lock()
	n.installed = false
	p.mu.Unlock()
	// A node that is gone must not be back after a power cut.
	if err := syncDir(p.root, "."); err != nil {
		return err
	}
	return p.bury(grave)
}

func syncDir(root *os.Root, name string) error {
	dir, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
