package pki

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// writeFile makes a file appear complete or not at all, also across a power cut.
// What an interrupted call left behind is under one fixed name and is overwritten
// by the next.
func writeFile(path string, content []byte, mode os.FileMode) error {
	temporary := path + ".new"
	if err := os.Remove(temporary); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("clear away %s: %w", temporary, err)
	}
	if err := writeSynced(temporary, content, mode); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("put file in place: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// writeSynced sets the mode again after creating the file, as the process's umask
// may have taken bits off a public one.
func writeSynced(path string, content []byte, mode os.FileMode) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("create file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := file.Chmod(mode); err != nil {
		return fmt.Errorf("set file mode: %w", err)
	}
	if _, err := file.Write(content); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	if err := file.Sync(); err != nil {
		return fmt.Errorf("sync file: %w", err)
	}
	return nil
}

func syncDir(path string) (err error) {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open directory: %w", err)
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("sync directory: %w", err)
	}
	return nil
}
