package engine

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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

// Passed is a program that was looked at and is not used, and why.
type Passed struct {
	Path string
	Why  string
}

// Find is [Survey] for who only wants to know what is there.
func Find(ctx context.Context, places []string) ([]Installed, error) {
	found, _, err := Survey(ctx, places)
	return found, err
}

// Survey looks for engines in the given places, each of which is a
// program or a directory that holds some, and on the PATH. An engine is believed to be what it says
// itself: a distribution may install valkey-server under redis-server's name. Of two builds of one version the first is used. A
// program that was given and is no engine that can be used is an error, and so is a directory without any; an empty PATH is not.
func Survey(ctx context.Context, places []string) ([]Installed, []Passed, error) {
	var s survey
	for _, place := range places {
		if err := s.look(ctx, place); err != nil {
			return nil, nil, fmt.Errorf("find engines: %w", err)
		}
	}
	for _, program := range programs {
		if path, err := exec.LookPath(program); err == nil {
			if err := s.add(ctx, path); err != nil {
				s.passed = append(s.passed, Passed{path, err.Error()})
			}
		}
	}
	slices.SortFunc(s.found, func(a, b Installed) int {
		return cmp.Or(strings.Compare(string(a.Engine), string(b.Engine)), a.Compare(b.EngineVersion))
	})
	return s.found, s.passed, nil
}

type survey struct {
	found  []Installed
	passed []Passed
}

// look looks at a program, or at those of a directory: there, what cannot be used is passed over as long as something can.
func (s *survey) look(ctx context.Context, place string) error {
	info, err := os.Stat(place)
	if err != nil || !info.IsDir() {
		return s.add(ctx, place)
	}
	usable := false
	var first error
	for _, path := range inDirectory(place) {
		switch err := s.add(ctx, path); {
		case err == nil:
			usable = true
		default:
			s.passed = append(s.passed, Passed{path, err.Error()})
			first = cmp.Or(first, err)
		}
	}
	switch {
	case usable:
		return nil
	case first != nil:
		return first
	}
	return fmt.Errorf("no redis-server or valkey-server in %s", place)
}

// add takes a program, unless there is one of its version already.
func (s *survey) add(ctx context.Context, path string) error {
	next, err := identify(ctx, path)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(s.found, func(f Installed) bool { return f.EngineVersion == next.EngineVersion })
	if i < 0 {
		s.found = append(s.found, next)
		return nil
	}
	if !sameFile(next.Path, s.found[i].Path) {
		s.passed = append(s.passed, Passed{next.Path, fmt.Sprintf("it is another build of %s, of which %s is used: that was found first", next.EngineVersion, s.found[i].Path)})
	}
	return nil
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
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

// inDirectory are the programs in a directory that are called like an engine's, or so with a suffix: redis-server-7.2. They are in the
// order of their names.
func inDirectory(dir string) []string {
	entries, _ := os.ReadDir(dir)
	var paths []string
	for _, entry := range entries {
		name := entry.Name()
		called := func(program string) bool { return name == program || strings.HasPrefix(name, program+"-") }
		path := filepath.Join(dir, name)
		if !called(programs[cache.EngineRedis]) && !called(programs[cache.EngineValkey]) {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 {
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
