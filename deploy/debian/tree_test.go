package debian

import (
	"archive/tar"
	"slices"
	"strings"
	"testing"
)

func TestMerged(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"./bin/sh": "usr/bin/sh", "/lib64/ld.so": "usr/lib64/ld.so", "./lib/x/y": "usr/lib/x/y", "usr/lib/x": "usr/lib/x", "./etc/os-release": "etc/os-release", "libx/y": "libx/y",
	} {
		if got := merged(in); got != want {
			t.Errorf("merged(%q) = %q, want %q", in, got, want)
		}
	}
}

// treeOf has files, and links as "name -> target".
func treeOf(entries ...string) *Tree {
	tree := &Tree{arch: "amd64", files: map[string]File{}, wanted: map[string]bool{}}
	for _, e := range entries {
		name, target, isLink := strings.Cut(e, " -> ")
		f := File{Header: tar.Header{Name: "./" + name, Typeflag: tar.TypeReg}, Data: []byte("text")}
		if isLink {
			f.Header.Typeflag, f.Header.Linkname = tar.TypeSymlink, target
		}
		tree.add(f)
	}
	return tree
}

func TestWantFollowsLinks(t *testing.T) {
	t.Parallel()
	tree := treeOf("bin/a -> b", "usr/bin/b -> /lib/x/c", "lib/x/c", "usr/share/doc/p -> q", "usr/share/doc/q/copyright", "other")
	for _, name := range []string{"/usr/bin/a", "usr/share/doc/p/copyright"} {
		if err := tree.Want(name); err != nil {
			t.Error(err)
		}
	}
	var got []string
	for name := range tree.Wanted() {
		got = append(got, name)
	}
	slices.Sort(got)
	want := []string{"usr/bin/a", "usr/bin/b", "usr/lib/x/c", "usr/share/doc/p", "usr/share/doc/q/copyright"}
	if !slices.Equal(got, want) {
		t.Errorf("wanted: %v, want %v", got, want)
	}
}

func TestWantRefuses(t *testing.T) {
	t.Parallel()
	tree := treeOf("usr/bin/a -> b", "usr/bin/b -> a")
	for _, name := range []string{"usr/bin/a", "usr/bin/missing"} {
		if err := tree.Want(name); err == nil {
			t.Errorf("there is no %s", name)
		}
	}
}
