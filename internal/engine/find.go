package engine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine/gate"
)

// Installed is an engine's program on this machine.
type Installed struct {
	cache.EngineVersion
	Path string // absolute
}

// programs are the file names of the engines' servers.
var programs = map[cache.Engine]string{
	cache.EngineRedis:  "redis-server",
	cache.EngineValkey: "valkey-server",
}

var versionLine = regexp.MustCompile(`^(Redis|Valkey) server v=([0-9]+(?:\.[0-9]+)+)`)

// Find looks for engines on the PATH and in the given places, each of which is a
// program or a directory that holds some. An engine is believed to be what it says
// itself: a distribution may install valkey-server under redis-server's name. A
// place that was given and has no engine is an error; an empty PATH is not.
func Find(ctx context.Context, places []string) ([]Installed, error) {
	var found []Installed
	seen := map[cache.EngineVersion]bool{}
	add := func(path string) error {
		installed, err := identify(ctx, path)
		if err == nil && !seen[installed.EngineVersion] {
			seen[installed.EngineVersion] = true
			found = append(found, installed)
		}
		return err
	}
	for _, place := range places {
		candidates := []string{place}
		if info, err := os.Stat(place); err == nil && info.IsDir() {
			candidates = inDirectory(place)
		}
		if len(candidates) == 0 {
			return nil, fmt.Errorf("find engines: no redis-server or valkey-server in %s", place)
		}
		for _, path := range candidates {
			if err := add(path); err != nil {
				return nil, fmt.Errorf("find engines: %w", err)
			}
		}
	}
	for _, program := range programs {
		if path, err := exec.LookPath(program); err == nil {
			_ = add(path) // something else of that name on the PATH is not ours to complain of
		}
	}
	sort.Slice(found, func(i, j int) bool {
		if found[i].Engine != found[j].Engine {
			return found[i].Engine < found[j].Engine
		}
		return found[i].Compare(found[j].EngineVersion) < 0
	})
	return found, nil
}

// Versions lists what was found, for the domain.
func Versions(found []Installed) []cache.EngineVersion {
	versions := make([]cache.EngineVersion, len(found))
	for i, f := range found {
		versions[i] = f.EngineVersion
	}
	return versions
}

// Programs are the programs of what was found, for a provider that runs them.
func Programs(found []Installed) map[cache.EngineVersion]string {
	paths := make(map[cache.EngineVersion]string, len(found))
	for _, f := range found {
		paths[f.EngineVersion] = f.Path
	}
	return paths
}

func inDirectory(dir string) []string {
	var paths []string
	for _, program := range programs {
		path := filepath.Join(dir, program)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			paths = append(paths, path)
		}
	}
	return paths
}

// identifyLimit only ends a program that hangs. An engine that is slow to answer, as while a machine boots, must not seem to be none.
const identifyLimit = time.Minute

func identify(ctx context.Context, path string) (Installed, error) {
	ctx, cancel := context.WithTimeout(ctx, identifyLimit)
	defer cancel()
	path, err := filepath.Abs(path)
	if err != nil {
		return Installed{}, fmt.Errorf("identify engine: %w", err)
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return Installed{}, fmt.Errorf("run %s --version: %w", path, err)
	}
	m := versionLine.FindSubmatch(out)
	if m == nil {
		return Installed{}, fmt.Errorf("%s is not a Redis or Valkey server", path)
	}
	engine := cache.EngineRedis
	if string(m[1]) == "Valkey" {
		engine = cache.EngineValkey
	}
	version := cache.EngineVersion{Engine: engine, Version: string(m[2])}
	if oldest := (cache.EngineVersion{Engine: engine, Version: "7.0.0"}); version.Compare(oldest) < 0 {
		return Installed{}, fmt.Errorf("%s is %s, which cannot keep subcommands from clients; use 7.0 or newer", path, version)
	}
	if err := gate.Check(path); err != nil {
		return Installed{}, err
	}
	return Installed{EngineVersion: version, Path: path}, nil
}
