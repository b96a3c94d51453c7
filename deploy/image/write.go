package main

import (
	"archive/tar"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// write leaves in a directory:
//
//	image/                  the OCI layout: one index for all machines
//	aikagi-image.tar        the same as one file
//	aikagi-image-ARCH.tar   the image for one kind of machine, for docker load
func write(into string, platforms []platform) error {
	if err := os.MkdirAll(into, 0o755); err != nil {
		return err
	}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, p := range platforms {
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: p.image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: p.Arch}},
		})
		if err := writeDocker(filepath.Join(into, "aikagi-image-"+p.Arch+".tar"), p); err != nil {
			return fmt.Errorf("write image for %s: %w", p.Arch, err)
		}
	}
	if err := writeLayout(into, index, platforms[0].Version); err != nil {
		return fmt.Errorf("write OCI layout: %w", err)
	}
	return report(into, index, platforms)
}

// writeDocker writes what docker load and podman load read.
func writeDocker(file string, p platform) error {
	reference, err := name.NewTag("aikagi:" + tag(p.Version))
	if err != nil {
		return err
	}
	return tarball.WriteToFile(file, reference, p.image)
}

func writeLayout(into string, index v1.ImageIndex, version string) error {
	dir := filepath.Join(into, "image")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	path, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	if err := path.AppendIndex(index, layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": tag(version)})); err != nil {
		return err
	}
	return archive(dir, filepath.Join(into, "aikagi-image.tar"))
}

// archive writes a directory into one file, in the order of names and without what differs between machines.
func archive(dir, file string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer out.Close()
	w := tar.NewWriter(out)
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if d.IsDir() {
			return w.WriteHeader(&tar.Header{Name: name + "/", Typeflag: tar.TypeDir, Mode: 0o755})
		}
		data, err := root.ReadFile(name)
		if err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data))}); err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	})
	if err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.Close()
}

func report(into string, index v1.ImageIndex, platforms []platform) error {
	digest, err := index.Digest()
	if err != nil {
		return err
	}
	for _, p := range platforms {
		size, err := compressed(p.image)
		if err != nil {
			return err
		}
		say(fmt.Sprintf("linux/%s: %.1f MB, with %s", p.Arch, float64(size)/1e6, strings.Join(p.engines, ", ")))
	}
	say(fmt.Sprintf("aikagi %s, %s, in %s", platforms[0].Version, digest, into))
	return nil
}

func compressed(image v1.Image) (sum int64, err error) {
	layers, err := image.Layers()
	if err != nil {
		return 0, err
	}
	for _, layer := range layers {
		size, err := layer.Size()
		if err != nil {
			return 0, err
		}
		sum += size
	}
	return sum, nil
}
