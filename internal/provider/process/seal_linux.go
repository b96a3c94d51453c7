package process

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/aikagi/aikagi/internal/fscrypt"
	"github.com/aikagi/aikagi/internal/provider"
)

// CheckSealing tries whether nodes whose directories are below dir can be sealed. covered: they need not be, for all that is made there is
// encrypted already, by a key that is not ours. The error says what is in the way.
func CheckSealing(dir string) (covered bool, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, err
	}
	return fscrypt.Check(dir, tombstone+"check-*") // one that is left behind is removed as others are
}

// Seal implements [provider.Sealer] with the kernel's encryption of directories (package fscrypt). Processes that have files open go on
// when the key is gone.
func (p *Provider) Seal(ctx context.Context, name provider.NodeName, key provider.KeyFunc) error {
	if err := p.seal(ctx, name, key); err != nil {
		return fmt.Errorf("seal node %s: %w", name, full(err))
	}
	return nil
}

func (p *Provider) seal(ctx context.Context, name provider.NodeName, key provider.KeyFunc) error {
	if err := name.Check(); err != nil {
		return err
	}
	n, err := p.takeTurn(ctx, name)
	if err != nil {
		return err
	}
	defer p.yield(n)
	root, err := p.makeNode(name)
	if err != nil {
		return err
	}
	defer root.Close()
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	if open, err := fscrypt.IsOpen(dir); err == nil && open {
		return nil
	}
	revealed, err := key(ctx)
	if err == nil {
		err = fscrypt.Seal(dir, revealed)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", provider.ErrSealed, err)
	}
	p.mu.Lock()
	n.installed = true
	p.mu.Unlock()
	return p.recall(n, root) // nothing could be read when it was found
}

// bury removes a directory that is no node's any more, and has the kernel forget its key if it had one: first, for once it is gone nobody
// knows which key that was. None is no error.
func (p *Provider) bury(grave string) error {
	dir, err := p.root.Open(grave)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	defer dir.Close()
	if sealed, err := fscrypt.KeyOf(dir); err == nil && sealed != nil { // a file system that does not encrypt has none
		if err := fscrypt.Forget(dir, *sealed); err != nil {
			return err
		}
	}
	return p.root.RemoveAll(grave)
}
