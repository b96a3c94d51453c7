package main

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/deploy/debian"
	"github.com/aikagi/aikagi/deploy/program"
)

// The user of the image. Kubernetes wants a number to believe that it is not root.
const (
	userName = "aikagi"
	userID   = 10001
	volume   = "/var/lib/aikagi"
)

// engine is what is taken of an engine: the server, and the client that aikagi connect runs.
type engine struct {
	name     string
	packages []string
	programs []string
}

var engines = []engine{
	{"redis", []string{"redis-server", "redis-tools"}, []string{"usr/bin/redis-server", "usr/bin/redis-cli"}},
	{"valkey", []string{"valkey-server", "valkey-tools"}, []string{"usr/bin/valkey-server", "usr/bin/valkey-cli"}},
}

// Of these packages, too, only what is named is taken. tini is the first process: it ends those that lost their parent. By dpkg-query, aikagi
// learns which holes the packages of the engines have mended.
var (
	otherPackages = []string{"tini", "dpkg", "base-files", "ca-certificates"}
	otherFiles    = []string{"usr/bin/tini", "usr/bin/dpkg-query", "etc/os-release"}
)

// layers are the contents of an image for one machine.
type layers struct {
	system  []entry // of the distribution: the same for many releases of aikagi
	own     []entry
	engines []string // with their versions
}

// collect gets the packages and takes what is needed out of them.
func collect(ctx context.Context, cache string, b program.Build, note func(string)) (*layers, error) {
	repository, err := debian.Open(ctx, cache, b.Arch)
	if err != nil {
		return nil, err
	}
	packages, files := slices.Clone(otherPackages), slices.Clone(otherFiles)
	var found []engine
	for _, e := range engines {
		if !repository.Has(ctx, e.packages[0]) {
			note(fmt.Sprintf("the image for %s is without %s: the sources of this machine have no package %s", b.Arch, e.name, e.packages[0]))
			continue
		}
		found = append(found, e)
		packages, files = append(packages, e.packages...), append(files, e.programs...)
	}
	if len(found) == 0 {
		return nil, errors.New("the sources of this machine have no engine")
	}
	fetched, err := repository.Fetch(ctx, packages...)
	if err != nil {
		return nil, err
	}
	l := &layers{own: ownEntries(b)}
	for _, e := range found {
		at := slices.IndexFunc(fetched, func(p debian.Package) bool { return p.Name == e.packages[0] })
		l.engines = append(l.engines, e.name+" "+fetched[at].Version)
	}
	if l.system, err = systemEntries(ctx, b.Arch, fetched, files); err != nil {
		return nil, err
	}
	return l, l.addProgram(b)
}

func systemEntries(ctx context.Context, arch string, packages []debian.Package, files []string) ([]entry, error) {
	tree, err := debian.Unpack(ctx, arch, packages)
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		if err := tree.Want(name); err != nil {
			return nil, err
		}
	}
	database, err := tree.Database(ctx)
	if err != nil {
		return nil, err
	}
	entries := skeleton()
	for name, f := range tree.Wanted() {
		entries = append(entries, entry{
			name: name, kind: f.Header.Typeflag, mode: f.Header.Mode & 0o777, link: f.Header.Linkname, data: f.Data, time: f.Header.ModTime,
		})
	}
	database["etc/ssl/certs/ca-certificates.crt"] = authorities(tree)
	for _, name := range slices.Sorted(maps.Keys(database)) {
		entries = append(entries, file(name, 0o644, database[name]))
	}
	return entries, nil
}

// authorities are the CAs that the distribution trusts. Its package would put them together when it is installed.
func authorities(tree *debian.Tree) (bundle []byte) {
	for _, name := range tree.Under("usr/share/ca-certificates/mozilla") {
		bundle = append(bundle, tree.Data(name)...)
	}
	return bundle
}

// skeleton is what is in no package: links into /usr, places to mount on, the user.
func skeleton() []entry {
	entries := []entry{dir("tmp", 0o1777, 0), dir(strings.TrimPrefix(volume, "/"), 0o700, userID)}
	for _, name := range []string{"dev", "proc", "run", "sys"} {
		entries = append(entries, dir(name, 0o755, 0))
	}
	for _, name := range []string{"bin", "sbin", "lib", "lib64"} {
		entries = append(entries, dir("usr/"+name, 0o755, 0), entry{name: name, kind: tar.TypeSymlink, mode: 0o777, link: "usr/" + name, time: debian.EntryTime()})
	}
	return append(entries,
		file("etc/passwd", 0o644, fmt.Appendf(nil, "root:x:0:0:root:/nonexistent:/usr/sbin/nologin\n%s:x:%d:%[2]d::%s:/usr/sbin/nologin\n", userName, userID, volume)),
		file("etc/group", 0o644, fmt.Appendf(nil, "root:x:0:\n%s:x:%d:\n", userName, userID)),
		file("etc/hosts", 0o644, []byte("127.0.0.1 localhost\n::1 localhost\n")), // Docker and Kubernetes put their own in its place
		file("etc/nsswitch.conf", 0o644, []byte("passwd: files\ngroup: files\nhosts: files dns\n")),
	)
}

func ownEntries(b program.Build) []entry {
	return []entry{dir("usr/lib/aikagi", 0o755, 0).at(b.Time), dir("usr/share/doc/aikagi", 0o755, 0).at(b.Time)}
}

// addProgram puts the program where it finds its module.
func (l *layers) addProgram(b program.Build) error {
	for name, source := range map[string]string{"usr/bin/aikagi": b.Program, "usr/lib/aikagi/" + filepath.Base(b.Module): b.Module} {
		data, err := os.ReadFile(source)
		if err != nil {
			return err
		}
		l.own = append(l.own, file(name, 0o755, data).at(b.Time))
	}
	return nil
}
