package debian

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"strings"
	"time"
)

// Package is a package that was downloaded.
type Package struct {
	Name    string
	Version string
	file    string
}

// File is a file, a link or a directory of a package.
type File struct {
	Header  tar.Header // of the package; its name is where Debian has it
	Data    []byte
	Package Package
}

// control returns the package's description, as dpkg keeps it.
func (p Package) control(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "dpkg-deb", "--field", p.file).Output()
	if err != nil {
		return "", fmt.Errorf("read package %s: %w", p.Name, err)
	}
	return string(out), nil
}

// unpack calls add for each file of the package.
func (p Package) unpack(ctx context.Context, add func(File)) error {
	out, err := exec.CommandContext(ctx, "dpkg-deb", "--fsys-tarfile", p.file).Output()
	if err != nil {
		return fmt.Errorf("unpack %s: %w", p.Name, err)
	}
	for archive := tar.NewReader(bytes.NewReader(out)); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("unpack %s: %w", p.Name, err)
		}
		f := File{Header: *header, Package: p}
		if f.Data, err = io.ReadAll(archive); err != nil {
			return fmt.Errorf("unpack %s: %w", p.Name, err)
		}
		add(f)
	}
}

// merged is the place of a file where /bin, /lib and the like are links into /usr, whatever the package calls it.
func merged(name string) string {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	first, _, _ := strings.Cut(name, "/")
	switch first {
	case "bin", "sbin", "lib", "lib64":
		return "usr/" + name
	}
	return name
}

// EntryTime is that of what is in no package: always the same.
func EntryTime() time.Time { return time.Unix(0, 0).UTC() }
