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

const lockName = "lock"

// takeLock locks the directory, and writes down for whom.
//
// The lock is one that a fork inherits (flock). One that it does not (fcntl) would be lost as soon as
// any part of the process closes the file, and would not keep out an earlier release. The
// price is that a control plane that is killed may leave the lock, for a moment, with
// a child that has not become an engine yet: see [Patience].
func takeLock(path string) (*os.File, error) {
	name := filepath.Join(path, lockName)
	lock, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open data directory: %w", wayOut(name, err))
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := Holder(path)
		return nil, errors.Join(fmt.Errorf("%w: %s (process %d); stop that process, or name another directory with --data-dir", ErrInUse, path, holder), lock.Close())
	}
	if err := sign(lock); err != nil && !errors.Is(err, syscall.ENOSPC) {
		return nil, errors.Join(fmt.Errorf("open data directory: %w", err), lock.Close())
	}
	return lock, nil
}

// signatureSize is that of what sign writes, in bytes: always the same, so that writing it anew
// needs no space on a full disk.
const signatureSize = 16

// sign writes this process's id into the lock file, for people and for `down`.
func sign(lock *os.File) error {
	if _, err := fmt.Fprintf(lock, "%-*d\n", signatureSize-1, os.Getpid()); err != nil {
		return err
	}
	return lock.Truncate(signatureSize)
}

// How long it is worth to wait for a directory that is in use.
const (
	endPatience   = 2 * time.Second  // the holder may be about to end
	strayPatience = 20 * time.Second // the holder is gone; what holds the lock is a child of it between fork and exec
)

// Patience is how long to wait for a directory that is in use before calling it so.
func Patience(path string) time.Duration {
	if holder, err := Holder(path); err == nil && Alive(holder) {
		return endPatience
	}
	return strayPatience
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
	text, err := os.ReadFile(filepath.Join(path, lockName))
	if err != nil {
		return 0, fmt.Errorf("read holder of data directory: %w", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read holder of data directory: %w", err)
	}
	return pid, nil
}

// Alive reports whether a process runs. One that has died and was not waited for does not.
func Alive(pid int) bool {
	if pid <= 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true // not a system that tells
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z") && !strings.HasPrefix(state, "X")
}

// Close gives the directory up.
func (d *Dir) Close() error { return d.lock.Close() }
