package datadir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrNotServed: no control plane runs on the directory.
var ErrNotServed = errors.New("no aikagi serves")

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
	lock, err := takeLock(path)
	if err != nil {
		return nil, err
	}
	return &Dir{path: path, lock: lock}, nil
}

// Path returns the directory, absolute.
func (d *Dir) Path() string { return d.path }

// Store is the store's file.
func (d *Dir) Store() string { return filepath.Join(d.path, "store.db") }

// MasterKeyPath is the file of the master key.
func (d *Dir) MasterKeyPath() string { return filepath.Join(d.path, "master.key") }

// Nodes is the folder of the nodes' directories.
func (d *Dir) Nodes() string { return filepath.Join(d.path, "nodes") }

// Pool is the record of the addresses that were added to a network interface.
func (d *Dir) Pool() string { return filepath.Join(d.path, "pool.json") }

// Modules is the folder of the engine module.
func (d *Dir) Modules() string { return filepath.Join(d.path, "module") }

// Deliveries is the folder below which guided rotations may always write tokens. It is made
// by whoever needs it.
func (d *Dir) Deliveries() (string, error) {
	path := DeliveriesPath(d.path)
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", fmt.Errorf("make folder for deliveries: %w", err)
	}
	return path, nil
}

// Audit is the audit log.
func (d *Dir) Audit() string { return filepath.Join(d.path, "audit.log") }

// CredentialsPath is the credentials file of a directory that this process need not
// hold.
func CredentialsPath(dir string) string { return filepath.Join(dir, "credentials") }

// AuthorityPath is the CA's certificate of a directory that this process need not
// hold.
func AuthorityPath(dir string) string { return filepath.Join(dir, "ca.pem") }

// DeliveriesPath is the folder of delivered tokens of a directory that this process
// need not hold.
func DeliveriesPath(dir string) string { return filepath.Join(dir, "deliveries") }

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
