package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/aikagi/aikagi/deploy/debian"
)

// entry is a file, a link or a directory of the image.
type entry struct {
	name  string
	kind  byte // as in package tar
	mode  int64
	owner int
	link  string
	data  []byte
	time  time.Time
}

func dir(name string, mode int64, owner int) entry {
	return entry{name: name, kind: tar.TypeDir, mode: mode, owner: owner, time: debian.EntryTime()}
}

func file(name string, mode int64, data []byte) entry {
	return entry{name: name, kind: tar.TypeReg, mode: mode, data: data, time: debian.EntryTime()}
}

func (e entry) at(t time.Time) entry {
	e.time = t
	return e
}

// pack makes a layer, which depends on the entries and on nothing else: not on their order, nor on who makes it.
func pack(entries []entry) (v1.Layer, error) {
	var out bytes.Buffer
	archive := tar.NewWriter(&out)
	for _, e := range withParents(entries) {
		header := &tar.Header{
			Name: e.name, Typeflag: e.kind, Mode: e.mode, Uid: e.owner, Gid: e.owner, Linkname: e.link, Size: int64(len(e.data)), ModTime: e.time, Format: tar.FormatPAX,
		}
		header.ModTime = header.ModTime.Truncate(time.Second)
		if e.kind == tar.TypeDir {
			header.Name += "/"
		}
		if err := archive.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("pack %s: %w", e.name, err)
		}
		if _, err := archive.Write(e.data); err != nil {
			return nil, fmt.Errorf("pack %s: %w", e.name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("pack layer: %w", err)
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(out.Bytes())), nil }
	return tarball.LayerFromOpener(open, tarball.WithMediaType(types.OCILayer))
}

// withParents adds the directories that entries are in, and sorts: each directory comes before what is in it.
func withParents(entries []entry) []entry {
	byName := map[string]entry{}
	for _, e := range entries {
		byName[e.name] = e
		for parent := path.Dir(e.name); parent != "."; parent = path.Dir(parent) {
			if _, there := byName[parent]; !there {
				byName[parent] = dir(parent, 0o755, 0)
			}
		}
	}
	// An entry may have come after a directory that was added for another one.
	for _, e := range entries {
		byName[e.name] = e
	}
	sorted := make([]entry, 0, len(byName))
	for _, e := range byName {
		sorted = append(sorted, e)
	}
	slices.SortFunc(sorted, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return sorted
}
