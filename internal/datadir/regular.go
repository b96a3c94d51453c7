package datadir

import (
	"errors"
	"fmt"
	"os"
)

// wayOut adds to an error about a file of the directory what to do when something else lies in its
// place.
func wayOut(path string, err error) error {
	info, statErr := os.Lstat(path)
	switch {
	case err == nil || statErr != nil || info.Mode().IsRegular():
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a directory and must be a file; move it away, and restore the file from a backup if there is one (%w)", path, err)
	}
	return fmt.Errorf("%s is not a regular file; move it away, and restore the file from a backup if there is one (%w)", path, err)
}

// readSecret reads a file that nobody else may read. An error that it does not exist passes.
func readSecret(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, wayOut(path, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others may read %s (mode %04o), which holds a secret; if nobody did, run: chmod 600 %s", path, info.Mode().Perm(), path)
	}
	return text, nil
}

// OpenAudit opens the audit log, and takes it away from everybody but its owner.
func (d *Dir) OpenAudit() (*os.File, error) {
	file, err := os.OpenFile(d.Audit(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open audit log: %w", wayOut(d.Audit(), err))
	}
	if err := file.Chmod(0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("open audit log: %w", err), file.Close())
	}
	return file, nil
}
