package main

import (
	"archive/tar"
	"bytes"
	"debug/elf"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// dist is where `make image-test` has the image that was built.
func dist(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("AIKAGI_DIST")
	if dir == "" {
		t.Skip("run make image-test, which builds the image first")
	}
	dir, err := filepath.Abs(filepath.Join("..", dir))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// built are the images that were built, by architecture.
func built(t *testing.T) map[string]v1.Image {
	t.Helper()
	top, err := layout.ImageIndexFromPath(filepath.Join(dist(t), "image"))
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := top.IndexManifest()
	if err != nil || len(manifest.Manifests) != 1 {
		t.Fatalf("%d indexes, %v", len(manifest.Manifests), err)
	}
	index, err := top.ImageIndex(manifest.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(index); err != nil {
		t.Error(err)
	}
	if manifest, err = index.IndexManifest(); err != nil {
		t.Fatal(err)
	}
	images := map[string]v1.Image{}
	for _, d := range manifest.Manifests {
		if images[d.Platform.Architecture], err = index.Image(d.Digest); err != nil {
			t.Fatal(err)
		}
	}
	return images
}

// extract calls each with every entry of an image's root.
func extract(t *testing.T, image v1.Image, each func(*tar.Header, []byte)) {
	t.Helper()
	reader := mutate.Extract(image)
	defer reader.Close()
	for archive := tar.NewReader(reader); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		each(header, data)
	}
}

// Both kinds of machines have an image where their packages and a compiler can be had; that for another machine than this cannot run
// here, so its programs are looked at.
func TestRootOfEachMachine(t *testing.T) {
	t.Parallel()
	machines := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}
	images := built(t)
	for arch, machine := range machines {
		image, ok := images[arch]
		if !ok {
			t.Errorf("there is no image for %s; make image says why", arch)
			continue
		}
		var names, programs []string
		extract(t, image, func(h *tar.Header, data []byte) {
			name := strings.TrimSuffix(h.Name, "/")
			names = append(names, name)
			if h.Mode&0o6000 != 0 {
				t.Errorf("%s: %s has mode %o", arch, name, h.Mode)
			}
			if h.Mode&0o002 != 0 && h.Typeflag != tar.TypeSymlink && name != "tmp" {
				t.Errorf("%s: everybody can write %s", arch, name)
			}
			if h.Uid != 0 && name != "var/lib/aikagi" {
				t.Errorf("%s: %s belongs to user %d", arch, name, h.Uid)
			}
			if !bytes.HasPrefix(data, []byte(elf.ELFMAG)) {
				return
			}
			file, err := elf.NewFile(bytes.NewReader(data))
			if err != nil || file.Machine != machine {
				t.Errorf("%s: %s is for %v, %v", arch, name, file.Machine, err)
			}
			if strings.HasPrefix(name, "usr/bin/") {
				programs = append(programs, path.Base(name))
			}
		})
		for _, shell := range []string{"usr/bin/sh", "usr/bin/bash", "usr/bin/dash", "usr/bin/perl", "usr/bin/apt-get"} {
			if slices.Contains(names, shell) {
				t.Errorf("%s: the image has %s, which it does not need", arch, shell)
			}
		}
		slices.Sort(programs)
		t.Logf("%s: %d files, programs %v", arch, len(names), programs)
		for _, needed := range []string{"aikagi", "dpkg-query", "redis-cli", "tini"} {
			if !slices.Contains(programs, needed) {
				t.Errorf("%s: there is no %s", arch, needed)
			}
		}
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	for arch, image := range built(t) {
		file, err := image.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		c := file.Config
		if c.User != "10001:10001" || file.Architecture != arch || !slices.Equal(c.Cmd, []string{"serve"}) {
			t.Errorf("%s: user %q, architecture %s, command %v", arch, c.User, file.Architecture, c.Cmd)
		}
		if _, ok := c.Volumes["/var/lib/aikagi"]; !ok || len(c.Volumes) != 1 {
			t.Errorf("%s: volumes %v", arch, c.Volumes)
		}
		if _, ok := c.ExposedPorts["4580/tcp"]; !ok {
			t.Errorf("%s: ports %v", arch, c.ExposedPorts)
		}
		for _, label := range []string{"title", "description", "version", "created", "source", "licenses"} {
			if c.Labels["org.opencontainers.image."+label] == "" {
				t.Errorf("%s: no label %s", arch, label)
			}
		}
	}
}
