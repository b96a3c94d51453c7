package datadir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// endpointSize is that of the file, in bytes, whatever is in it: it is written over in place, which needs no
// space on a full disk.
const endpointSize = 512

func endpointPath(dir string) string { return filepath.Join(dir, "endpoint") }

// Announce writes down where the control plane answers, for the commands that talk
// to it. Withdraw takes that back.
func (d *Dir) Announce(url string) error {
	if err := writeEndpoint(endpointPath(d.path), url); err != nil {
		return fmt.Errorf("announce endpoint: %w", wayOut(endpointPath(d.path), err))
	}
	return nil
}

// Withdraw takes back what Announce wrote. The file stays, with its space.
func (d *Dir) Withdraw() error {
	if err := writeEndpoint(endpointPath(d.path), ""); err != nil {
		return fmt.Errorf("withdraw endpoint: %w", err)
	}
	return nil
}

func writeEndpoint(path, url string) error {
	text := []byte(fmt.Sprintf("%-*s\n", endpointSize-1, url))
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return writeFile(path, text, 0o600)
	}
	if err != nil {
		return err
	}
	_, err = file.WriteAt(text, 0)
	return errors.Join(err, file.Truncate(int64(len(text))), file.Chmod(0o600), file.Close())
}

// Endpoint returns where the control plane of a data directory answers. The error wraps
// [ErrNotServed] if none is announced.
func Endpoint(dir string) (string, error) {
	text, err := os.ReadFile(endpointPath(dir))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("read endpoint: %w", err)
	}
	url := strings.TrimSpace(string(text))
	if url == "" {
		return "", fmt.Errorf("%w %s", ErrNotServed, dir)
	}
	return url, nil
}
