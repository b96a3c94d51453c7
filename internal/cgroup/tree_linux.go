package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Tree is where nodes' groups are. It is safe for concurrent use, also by several processes.
type Tree struct{ dir string }

// Dir is the group that the nodes' groups are children of.
func (t *Tree) Dir() string { return t.dir }

// Open prepares the group that this process is in, and removes what is left over there of nodes that are gone. The error says what is in the way, and
// what to do.
func Open() (*Tree, error) {
	dir, err := Find(os.DirFS("/"))
	if err != nil {
		return nil, err
	}
	return openTree(dir)
}

// Check is Open without changing anything, so it may miss something that is in the way.
func Check() (dir string, err error) {
	if dir, err = Find(os.DirFS("/")); err != nil {
		return "", err
	}
	_, err = look(dir)
	return dir, err
}

func openTree(dir string) (*Tree, error) {
	g, err := look(dir)
	if err != nil {
		return nil, err
	}
	given := slices.Contains(g.given, "cpu")
	if !given {
		if err := write(dir, "cgroup.subtree_control", "+cpu"); err != nil {
			return nil, fmt.Errorf("hand the cpu controller down in %s: %w", dir, err)
		}
	}
	t := &Tree{dir}
	t.sweep()
	if err := t.try(); err != nil {
		if !given {
			_ = write(dir, "cgroup.subtree_control", "-cpu")
		}
		return nil, err
	}
	return t, nil
}

// look reads a group, and whether nodes' groups fit below it.
func look(dir string) (group, error) {
	g := group{dir: dir}
	for _, list := range []struct {
		name string
		to   *[]string
	}{{"cgroup.controllers", &g.controllers}, {"cgroup.subtree_control", &g.given}} {
		text, err := os.ReadFile(filepath.Join(dir, list.name))
		if err != nil {
			return g, err
		}
		*list.to = strings.Fields(string(text))
	}
	_, err := os.Stat(filepath.Join(dir, "cgroup.type"))
	g.root = errors.Is(err, fs.ErrNotExist)
	if err := g.fits(); err != nil {
		return g, err
	}
	for _, name := range []string{".", "cgroup.procs", "cgroup.subtree_control"} {
		if err := unix.Access(filepath.Join(dir, name), unix.W_OK); err != nil {
			return g, fmt.Errorf("the control group %s cannot be written to (%w): in a systemd unit, set Delegate=cpu; a container needs it writable", dir, err)
		}
	}
	return g, nil
}

// try makes a group and removes it, so that what Open promises is so.
func (t *Tree) try() error {
	dir := t.path(fmt.Sprintf("try-%d", os.Getpid()))
	defer os.Remove(dir)
	switch err := arrange(dir, defaultWeight); {
	case errors.Is(err, unix.EOPNOTSUPP):
		return fmt.Errorf("the control group %s has other groups with processes below it, which leave no room for threaded ones: %w", t.dir, err)
	case err != nil:
		return fmt.Errorf("make a control group for a node: %w", err)
	}
	return nil
}

// sweep removes empty groups of nodes. The kernel keeps those with processes.
func (t *Tree) sweep() {
	entries, _ := os.ReadDir(t.dir)
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), prefix) {
			_ = unix.Rmdir(filepath.Join(t.dir, e.Name()))
		}
	}
}

func (t *Tree) path(node string) string { return filepath.Join(t.dir, prefix+node) }

// placeAttempts bounds how often a group is made that vanishes before it is filled: who removes empty ones tries each once.
const placeAttempts = 5

// Place puts a process, with all of its threads, into the group of a node, and gives the group its weight. What the process forks later is
// there, too. It returns the group's directory.
func (t *Tree) Place(node string, pid, weight int) (dir string, err error) {
	dir = t.path(node)
	for range placeAttempts {
		if err = arrange(dir, weight); err == nil {
			err = write(dir, "cgroup.procs", strconv.Itoa(pid))
		}
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ENODEV) {
			break
		}
	}
	if err != nil {
		return "", fmt.Errorf("place process %d in control group %s: %w", pid, dir, err)
	}
	return dir, nil
}

// arrange makes a group as it is to be, or makes it so.
func arrange(dir string, weight int) error {
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := write(dir, "cgroup.type", "threaded"); err != nil {
		return err
	}
	return write(dir, "cpu.weight", strconv.Itoa(weight))
}

// write writes a file of a group, which takes each write for itself.
func write(dir, name, text string) error {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// Remove removes a node's group, whose last process has just died: the kernel needs a moment to notice. One that has a process again stays, and so
// does one that is not ours to remove. It takes a quarter of a second at most.
func Remove(dir string) {
	if !strings.HasPrefix(filepath.Base(dir), prefix) {
		return
	}
	for pause := time.Millisecond; unix.Rmdir(dir) == unix.EBUSY && pause < 250*time.Millisecond; pause *= 2 {
		time.Sleep(pause)
	}
}
