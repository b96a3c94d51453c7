package datadir

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrInUse: another process holds the directory.
var ErrInUse = errors.New("data directory is in use")

// Dir is a data directory that this process holds. It is given up by Close, or by
// the end of the process however it comes.
type Dir struct {
	path string
	lock *os.File
}

// Default is the data directory of a user who names none: aikagi in the user's
// state directory.
//
// Source: XDG Base Directory Specification, XDG_STATE_HOME.
func Default() string {
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "aikagi")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "aikagi-data"
	}
	return filepath.Join(home, ".local", "state", "aikagi")
}

// Open makes the directory, if there is none, and takes it for this process. The
// error wraps [ErrInUse] if somebody has it.
func Open(path string) (*Dir, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open data directory: %w", err)
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("open data directory: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open data directory: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("open data directory: others can look into %s, which holds secrets; run: chmod 700 %s", path, path)
	}
	lock, err := os.OpenFile(filepath.Join(path, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open data directory: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := Holder(path)
		return nil, errors.Join(fmt.Errorf("%w: %s (process %d); stop that process, or name another directory with --data-dir", ErrInUse, path, holder), lock.Close())
	}
	d := &Dir{path: path, lock: lock}
	if err := d.sign(); err != nil {
		return nil, errors.Join(fmt.Errorf("open data directory: %w", err), d.Close())
	}
	return d, nil
}

// Wait opens the directory as soon as whoever holds it gives it up.
func Wait(ctx context.Context, path string) (*Dir, error) {
	for {
		d, err := Open(path)
		if !errors.Is(err, ErrInUse) {
			return d, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(20 * time.Millisecond): // the kernel has no event for a lock given up
		}
	}
}

// Holder returns the process that holds the directory, or held it last.
func Holder(path string) (int, error) {
	text, err := os.ReadFile(filepath.Join(path, "lock"))
	if err != nil {
		return 0, fmt.Errorf("read holder of data directory: %w", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read holder of data directory: %w", err)
	}
	return pid, nil
}

// sign writes this process's id into the lock file, for people and for `down`.
func (d *Dir) sign() error {
	if err := d.lock.Truncate(0); err != nil {
		return err
	}
	_, err := d.lock.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// Close gives the directory up.
func (d *Dir) Close() error { return d.lock.Close() }

// Path returns the directory, absolute.
func (d *Dir) Path() string { return d.path }

// Store is the store's file.
func (d *Dir) Store() string { return filepath.Join(d.path, "store.db") }

// Nodes is the folder of the nodes' directories.
func (d *Dir) Nodes() string { return filepath.Join(d.path, "nodes") }

// Modules is the folder of the engine module.
func (d *Dir) Modules() string { return filepath.Join(d.path, "module") }

// Audit is the audit log.
func (d *Dir) Audit() string { return filepath.Join(d.path, "audit.log") }

// CredentialsPath is the credentials file of a directory that this process need not
// hold.
func CredentialsPath(dir string) string { return filepath.Join(dir, "credentials") }

// AuthorityPath is the CA's certificate of a directory that this process need not
// hold.
func AuthorityPath(dir string) string { return filepath.Join(dir, "ca.pem") }

func endpointPath(dir string) string { return filepath.Join(dir, "endpoint") }

// Announce writes down where the control plane answers, for the commands that talk
// to it. Withdraw takes that back.
func (d *Dir) Announce(url string) error {
	if err := writeFile(endpointPath(d.path), []byte(url+"\n"), 0o600); err != nil {
		return fmt.Errorf("announce endpoint: %w", err)
	}
	return nil
}

// Withdraw removes what Announce wrote.
func (d *Dir) Withdraw() error { return os.Remove(endpointPath(d.path)) }

// Endpoint returns where the control plane of a data directory answers.
func Endpoint(dir string) (string, error) {
	text, err := os.ReadFile(endpointPath(dir))
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("no aikagi serves %s: start it with aikagi serve --data-dir %s, or name another with --data-dir", dir, dir)
	}
	if err != nil {
		return "", fmt.Errorf("read endpoint: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// writeFile writes a file whole or not at all.
func writeFile(path string, data []byte, mode os.FileMode) error {
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".tmp-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // gone already when all went well
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Chmod(mode)
	}
	if err == nil {
		err = temp.Sync()
	}
	if err := errors.Join(err, temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
