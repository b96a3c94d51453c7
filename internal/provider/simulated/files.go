package simulated

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

// file is a file of a node, and describes itself.
type file struct {
	name    string
	data    []byte
	link    string // not empty: a link to there
	mode    fs.FileMode
	written time.Time
}

func (f file) Name() string       { return path.Base(f.name) }
func (f file) Size() int64        { return int64(len(f.data)) }
func (f file) Mode() fs.FileMode  { return f.mode }
func (f file) ModTime() time.Time { return f.written }
func (f file) IsDir() bool        { return false }
func (f file) Sys() any           { return nil }

// write, read and find of a node need World.mu.
func (n *node) write(given provider.File) error {
	if err := given.Check(); err != nil {
		return err
	}
	f := file{name: given.Name, data: slices.Clone(given.Data), link: given.Link, mode: 0o600, written: time.Now()}
	switch {
	case given.Link != "":
		f.data, f.mode = nil, fs.ModeSymlink|0o777
	case given.Executable:
		f.mode = 0o700
	}
	n.files[given.Name] = f
	return nil
}

// errLink: all links lead out, and nothing is out there.
var errLink = errors.New("file is a link")

func (n *node) read(name string) ([]byte, error) {
	f, err := n.find(name)
	if err == nil && f.link != "" {
		err = errLink
	}
	return slices.Clone(f.data), err
}

func (n *node) find(name string) (file, error) {
	if f, ok := n.files[name]; ok {
		return f, nil
	}
	return file{}, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
}

// Install writes the files.
func (p *Provider) Install(ctx context.Context, name provider.NodeName, files []provider.File) error {
	err := p.do(ctx, func(w *World) error {
		if err := name.Check(); err != nil {
			return err
		}
		for _, f := range files {
			if err := f.Check(); err != nil {
				return err
			}
		}
		n := w.nodes[name]
		if n == nil {
			n = &node{name: name, files: map[string]file{}, state: provider.State{Node: name, Phase: provider.PhaseStopped}}
			w.nodes[name] = n
		}
		for _, f := range files {
			if err := n.write(f); err != nil {
				return err
			}
		}
		return nil
	})
	return about("install node", name, err)
}

// ReadFile returns a file of the node.
func (p *Provider) ReadFile(name provider.NodeName, file string) (data []byte, err error) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	n, err := p.world.find(name)
	if err == nil {
		data, err = n.read(file)
	}
	return data, about("read file of node", name, err)
}

// Stat describes a file of the node; of a link it tells what that is itself.
func (p *Provider) Stat(name provider.NodeName, file string) (fs.FileInfo, error) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	n, err := p.world.find(name)
	if err != nil {
		return nil, about("look at file of node", name, err)
	}
	f, err := n.find(file)
	if err != nil {
		return nil, about("look at file of node", name, err)
	}
	return f, nil
}

// SetAside renames a file.
func (p *Provider) SetAside(ctx context.Context, name provider.NodeName, from, to string) error {
	err := p.do(ctx, func(w *World) error {
		n, err := w.find(name)
		switch {
		case err != nil:
			return err
		case n.process != nil:
			return provider.ErrRunning
		}
		if f, err := n.find(from); err == nil {
			delete(n.files, from)
			f.name = to
			n.files[to] = f
		}
		if _, err := n.find(to); err != nil {
			return err
		}
		n.state.Crashes, n.state.RetryAt, n.state.LastExit = 0, time.Time{}, ""
		return nil
	})
	return about("set file of node aside", name, err)
}

// LastLines returns what the last process wrote before it ended.
func (p *Provider) LastLines(name provider.NodeName) []string {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	n, err := p.world.find(name)
	if err != nil || n.process != nil {
		return nil
	}
	return slices.Clone(n.lines)
}

// about says what an error is about; nil stays nil.
func about(what string, name provider.NodeName, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", what, name, err)
}
