package debian

import (
	"archive/tar"
	"bytes"
	"context"
	"debug/elf"
	"fmt"
	"path"
	"strings"
)

// triplets are where libraries are.
var triplets = map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}

// Tree has the files of packages, and those of them that are wanted.
type Tree struct {
	arch   string
	files  map[string]File // by their merged names
	wanted map[string]bool
}

// Unpack makes a tree of packages, none of whose files is wanted yet.
func Unpack(ctx context.Context, arch string, packages []Package) (*Tree, error) {
	t := &Tree{arch: arch, files: map[string]File{}, wanted: map[string]bool{}}
	for _, p := range packages {
		if err := p.unpack(ctx, t.add); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *Tree) add(f File) {
	if f.Header.Typeflag != tar.TypeDir {
		t.files[merged(f.Header.Name)] = f
	}
}

// Wanted are the files that are wanted, by where they belong.
func (t *Tree) Wanted() map[string]File {
	wanted := map[string]File{}
	for name := range t.wanted {
		wanted[name] = t.files[name]
	}
	return wanted
}

// Want takes a file, what it leads to if it is a link, and the libraries that it is loaded with if it is a program.
func (t *Tree) Want(name string) error {
	name, err := t.follow(merged(name))
	if err != nil {
		return err
	}
	f := t.files[name]
	if t.wanted[name] {
		return nil
	}
	t.wanted[name] = true
	if f.Header.Typeflag == tar.TypeLink {
		return fmt.Errorf("%s is a hard link, which is not known here", name)
	}
	if bytes.HasPrefix(f.Data, []byte(elf.ELFMAG)) {
		return t.wantLibraries(name, f.Data)
	}
	return nil
}

// follow wants the links on the way to a file, and returns its own name.
func (t *Tree) follow(name string) (string, error) {
	for range 10 {
		if link, rest := t.linkIn(name); link != "" {
			t.wanted[link] = true
			to := t.files[link].Header.Linkname
			if !path.IsAbs(to) {
				to = path.Join(path.Dir(link), to)
			}
			name = merged(path.Join(to, rest))
			continue
		}
		if _, ok := t.files[name]; !ok {
			return "", fmt.Errorf("no package has /%s", name)
		}
		return name, nil
	}
	return "", fmt.Errorf("/%s is a link that leads nowhere", name)
}

// linkIn returns the first part of a name that is a link, and what comes behind it.
func (t *Tree) linkIn(name string) (link, rest string) {
	for end := range len(name) + 1 {
		if end < len(name) && name[end] != '/' {
			continue
		}
		if f, ok := t.files[name[:end]]; ok && f.Header.Typeflag == tar.TypeSymlink {
			return name[:end], strings.TrimPrefix(name[end:], "/")
		}
	}
	return "", ""
}

func (t *Tree) wantLibraries(name string, data []byte) error {
	file, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("read /%s: %w", name, err)
	}
	for _, segment := range file.Progs {
		if segment.Type != elf.PT_INTERP {
			continue
		}
		loader := make([]byte, segment.Filesz)
		if _, err := segment.ReadAt(loader, 0); err != nil {
			return fmt.Errorf("read /%s: %w", name, err)
		}
		if err := t.Want(strings.TrimRight(string(loader), "\x00")); err != nil {
			return err
		}
	}
	libraries, err := file.ImportedLibraries()
	if err != nil {
		return fmt.Errorf("read /%s: %w", name, err)
	}
	for _, library := range libraries {
		if err := t.Want(path.Join("usr/lib", triplets[t.arch], library)); err != nil {
			return fmt.Errorf("%w, which /%s is loaded with", err, name)
		}
	}
	return nil
}
