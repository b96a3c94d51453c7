package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
)

// installDir holds a file until it is complete. It is a folder so that what a crash leaves
// is found without a search.
const installDir = ".install"

// Install writes the files. Names that begin with a dot are the provider's own and
// refused, like names that lead out of the directory. On provider.ErrFull some of the
// files may be written, each in full.
func (p *Provider) Install(ctx context.Context, name provider.NodeName, files []provider.File) error {
	if err := p.install(ctx, name, files); err != nil {
		return fmt.Errorf("install node %s: %w", name, full(err))
	}
	return nil
}

func (p *Provider) install(ctx context.Context, name provider.NodeName, files []provider.File) error {
	if err := name.Check(); err != nil {
		return err
	}
	for _, f := range files {
		if err := f.Check(); err != nil {
			return err
		}
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
	p.mu.Lock()
	n.installed = true
	p.mu.Unlock()
	return writeFiles(root, files)
}

func (p *Provider) makeNode(name provider.NodeName) (*os.Root, error) {
	if err := p.root.Mkdir(string(name), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return p.root.OpenRoot(string(name))
}

// writeFiles replaces each file at once: it gets its name when its data is complete.
// Nothing is synced, which took most of the time of a token change: what a power cut
// takes from a file, it takes from a node that no longer runs, and a node's files are
// installed anew before it starts.
//
// What is there already is left as it is, so that a node whose files did not change starts on a full disk, too.
func writeFiles(root *os.Root, files []provider.File) (err error) {
	files = slices.DeleteFunc(slices.Clone(files), func(f provider.File) bool {
		old, err := root.ReadFile(f.Name)
		return err == nil && bytes.Equal(old, f.Data)
	})
	if len(files) == 0 {
		return nil
	}
	if err := root.RemoveAll(installDir); err != nil {
		return err
	}
	if err := root.Mkdir(installDir, 0o700); err != nil {
		return err
	}
	for _, f := range files {
		if err = replaceFile(root, f); err != nil {
			break
		}
	}
	return errors.Join(err, root.RemoveAll(installDir))
}

func replaceFile(root *os.Root, file provider.File) error {
	const unfinished = installDir + "/file"
	if err := writeFile(root, unfinished, file); err != nil {
		return err
	}
	if err := root.MkdirAll(path.Dir(file.Name), 0o700); err != nil {
		return err
	}
	return root.Rename(unfinished, file.Name)
}

func writeFile(root *os.Root, name string, file provider.File) error {
	if file.Link != "" {
		return root.Symlink(file.Link, name)
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(file.Data)
	if err == nil && file.Executable {
		err = f.Chmod(0o700)
	}
	if err == nil {
		err = inheritOwner(root, f)
	}
	return errors.Join(err, f.Close())
}

// full adds provider.ErrFull to an error that a full disk or a quota caused.
func full(err error) error {
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return fmt.Errorf("%w: %w", provider.ErrFull, err)
	}
	return err
}

// ReadFile returns a file of the node's directory; symbolic links do not lead out of it.
func (p *Provider) ReadFile(name provider.NodeName, file string) ([]byte, error) {
	data, err := p.readFile(name, file)
	if err != nil {
		return nil, fmt.Errorf("read file of node %s: %w", name, err)
	}
	return data, nil
}

func (p *Provider) readFile(name provider.NodeName, file string) ([]byte, error) {
	root, err := p.openNode(name)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := openRegular(root, file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// openRegular opens a file to read it. Anything else than a file, such as a pipe that the node's process has
// put there, is refused and not waited for.
func openRegular(root *os.Root, name string) (*os.File, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file", name)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// SetAside takes its turn with starts, so that no process finds the file half gone.
func (p *Provider) SetAside(ctx context.Context, name provider.NodeName, file, as string) error {
	if err := p.setAside(ctx, name, file, as); err != nil {
		return fmt.Errorf("set file of node %s aside: %w", name, err)
	}
	return nil
}

func (p *Provider) setAside(ctx context.Context, name provider.NodeName, file, as string) error {
	n, err := p.takeStoppedNode(ctx, name)
	if err != nil {
		return err
	}
	defer p.yield(n)
	root, err := p.openNode(name)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Rename(file, as); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := root.Lstat(as); err != nil {
		return err
	}
	p.mu.Lock()
	n.crashes, n.retryAt, n.lastExit = 0, time.Time{}, "" // what ended the last process is no more
	p.mu.Unlock()
	return nil
}

// Stat describes a file of the node's directory; of a symbolic link it tells what that is itself.
func (p *Provider) Stat(name provider.NodeName, file string) (fs.FileInfo, error) {
	root, err := p.openNode(name)
	if err != nil {
		return nil, fmt.Errorf("look at file of node %s: %w", name, err)
	}
	defer root.Close()
	info, err := root.Lstat(file)
	if err != nil {
		return nil, fmt.Errorf("look at file of node %s: %w", name, err)
	}
	return info, nil
}
