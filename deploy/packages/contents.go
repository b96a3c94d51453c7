package main

import (
	"io/fs"
	"path/filepath"

	"github.com/goreleaser/nfpm/v2"
	"github.com/goreleaser/nfpm/v2/files"

	"github.com/aikagi/aikagi/deploy/program"
)

// contents are what a package is made of.
type contents struct {
	program.Build
	source      string            // root of the source tree
	completions map[string]string // where each is installed, by its file
}

// describe is the package's description and files. Both formats have the same files and the same scripts.
func (c contents) describe(format string) (*nfpm.Info, error) {
	libc, err := c.LibC()
	if err != nil {
		return nil, err
	}
	v := versionOf(c.Version)
	info := &nfpm.Info{
		Name: "aikagi", Arch: c.Arch, Platform: "linux",
		Version: v.base, Prerelease: v.pre, VersionMetadata: v.meta, VersionSchema: "none",
		Section: "database", Priority: "optional", MTime: c.Time, DisableGlobbing: true,
		Maintainer: "The aikagi authors <https://github.com/aikagi/aikagi>", Homepage: "https://github.com/aikagi/aikagi", License: "Apache-2.0",
		Description: "A self-hosted ElastiCache\n" +
			"One program serves the ElastiCache API and a web console, and runs Valkey and\n" +
			"Redis servers behind them, with TLS, AUTH tokens, replicas and failover.",
	}
	info.Scripts = nfpm.Scripts{PostInstall: c.script("postinstall"), PreRemove: c.script("preremove"), PostRemove: c.script("postremove")}
	info.Contents = c.files()
	// The engine module is loaded by an engine, which has the C library; the program needs none. The scripts need useradd.
	switch format {
	case "deb":
		info.Depends = []string{"libc6 (>= " + libc + ")", "passwd"}
		info.Recommends = []string{"valkey-server | redis-server"}
	case "rpm":
		info.Release = "1"
		info.Depends = []string{"glibc >= " + libc, "/usr/sbin/useradd"}
		info.Recommends = []string{"valkey"}
		info.RPM.BuildHost = "localhost" // not a name of whoever builds it
		info.RPM.Summary = "A self-hosted ElastiCache"
	}
	return info, nil
}

func (c contents) script(name string) string {
	return filepath.Join(c.source, "deploy", "packages", "scripts", name+".sh")
}

func (c contents) files() files.Contents {
	list := files.Contents{
		c.file(c.Program, "/usr/bin/aikagi", 0o755),
		c.file(c.Module, "/usr/lib/aikagi/"+filepath.Base(c.Module), 0o755), // engines load no module that is not executable
		c.file(filepath.Join(c.source, "deploy/aikagi.service"), "/usr/lib/systemd/system/aikagi.service", 0o644),
		c.file(filepath.Join(c.source, "README.md"), "/usr/share/doc/aikagi/README.md", 0o644),
		c.file(filepath.Join(c.source, "LICENSE"), "/usr/share/doc/aikagi/copyright", 0o644),
	}
	options := c.file(filepath.Join(c.source, "deploy/packages/aikagi.default"), "/etc/default/aikagi", 0o644)
	options.Type = files.TypeConfigNoReplace
	list = append(list, options)
	for source, destination := range c.completions {
		list = append(list, c.file(source, destination, 0o644))
	}
	return list
}

func (c contents) file(source, destination string, mode fs.FileMode) *files.Content {
	return &files.Content{
		Source: source, Destination: destination, Type: files.TypeFile,
		FileInfo: &files.ContentFileInfo{Owner: "root", Group: "root", Mode: mode, MTime: c.Time},
	}
}
