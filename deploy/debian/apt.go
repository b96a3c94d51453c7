// Package debian gets packages from the distribution of this machine, for any architecture, and takes files out of them. It needs
// neither root nor a change of the machine: apt works on a state of its own, with the sources that the machine has.
//
//	Open ──▶ Repository ──Fetch──▶ packages ──Unpack──▶ Tree ──Want──▶ the files that programs need
package debian

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// Repository is what the machine's sources have for one architecture.
type Repository struct {
	dir  string
	arch string
}

// Open asks the sources what there is, keeping everything in dir.
func Open(ctx context.Context, dir, arch string) (*Repository, error) {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return nil, errors.New("the engines come from Debian's or Ubuntu's packages, and there is no apt-get here: build on one of the two")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	r := &Repository{dir: dir, arch: arch}
	for _, sub := range []string{"state/lists/partial", "cache/archives/partial", "sources.d"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return nil, err
		}
	}
	if err := r.configure(); err != nil {
		return nil, fmt.Errorf("configure apt: %w", err)
	}
	return r, r.update(ctx)
}

// update asks twice where backports are new: apt knows the mirror only when it has asked it.
func (r *Repository) update(ctx context.Context) error {
	for range 2 {
		if _, err := r.run(ctx, "apt-get", "-q", "update"); err != nil {
			return err
		}
		if added, err := r.addBackports(ctx); err != nil || !added {
			return err
		}
	}
	return nil
}

// configuration takes the machine's settings (proxies, keys) but for what it would have done to the machine afterwards. No package
// counts as installed.
const configuration = `#include "/etc/apt/apt.conf.d/";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear APT::Architectures;
Dir::Etc::parts "/dev/null";
Dir::Etc::sourceparts "%[1]s/sources.d";
Dir::State "%[1]s/state";
Dir::State::status "%[1]s/status";
Dir::Cache "%[1]s/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Architecture "%[2]s";
APT::Architectures { "%[2]s"; };
APT::Install-Recommends "false";
APT::Get::Assume-Yes "true";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Debug::NoLocking "true";
`

func (r *Repository) configure() error {
	if err := os.WriteFile(filepath.Join(r.dir, "status"), nil, 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(r.config(), fmt.Appendf(nil, configuration, r.dir, r.arch), 0o600); err != nil {
		return err
	}
	sources, err := filepath.Glob("/etc/apt/sources.list.d/*")
	if err != nil {
		return err
	}
	for _, source := range sources {
		if err := r.link(source); err != nil {
			return err
		}
	}
	return nil
}

func (r *Repository) config() string { return filepath.Join(r.dir, "apt.conf") }

func (r *Repository) link(source string) error {
	err := os.Symlink(source, filepath.Join(r.dir, "sources.d", filepath.Base(source)))
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// addBackports adds the suite that has Valkey for Debian 12, of the mirror that the machine has for the rest, as scripts/apt.sh
// does. It reports whether that is new.
func (r *Repository) addBackports(ctx context.Context) (bool, error) {
	const codename, keyring = "bookworm", "/usr/share/keyrings/debian-archive-keyring.gpg"
	if _, err := os.Stat(keyring); errors.Is(err, fs.ErrNotExist) {
		return false, nil // this is not Debian
	}
	out, err := r.run(ctx, "apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)")
	if err != nil {
		return false, err
	}
	file := filepath.Join(r.dir, "sources.d", "aikagi-backports.list")
	for line := range strings.Lines(string(out)) {
		mirror, release, _ := strings.Cut(strings.TrimSpace(line), " ")
		if release != codename {
			continue
		}
		source := fmt.Appendf(nil, "deb [signed-by=%s] %s %s-backports main\n", keyring, mirror, codename)
		if have, err := os.ReadFile(file); err == nil && bytes.Equal(have, source) {
			return false, nil
		}
		return true, os.WriteFile(file, source, 0o600)
	}
	return false, nil
}

func (r *Repository) run(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(cmd.Environ(), "APT_CONFIG="+r.config(), "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive")
	cmd.Dir = r.dir
	var problem bytes.Buffer
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s for %s: %w: %s", strings.Join(append([]string{name}, args...), " "), r.arch, err, bytes.TrimSpace(problem.Bytes()))
	}
	return out, nil
}

// Has reports whether a package can be had.
func (r *Repository) Has(ctx context.Context, name string) bool {
	out, err := r.run(ctx, "apt-cache", "policy", name)
	candidate := regexp.MustCompile(`(?m)^ *Candidate: (.*)$`).FindSubmatch(out)
	return err == nil && candidate != nil && string(candidate[1]) != "(none)"
}

// installs is a line of a simulation: the package, and its version.
var installs = regexp.MustCompile(`^Inst (\S+) \((\S+) `)

// Fetch downloads packages with all that they depend on.
func (r *Repository) Fetch(ctx context.Context, names ...string) ([]Package, error) {
	plan, err := r.run(ctx, "apt-get", append([]string{"--simulate", "install"}, names...)...)
	if err != nil {
		return nil, err
	}
	if _, err := r.run(ctx, "apt-get", append([]string{"--quiet", "--download-only", "install"}, names...)...); err != nil {
		return nil, err
	}
	var packages []Package
	lines := bufio.NewScanner(bytes.NewReader(plan))
	for lines.Scan() {
		m := installs.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		p := Package{Name: m[1], Version: m[2]}
		if p.file, err = r.archive(p); err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
	return packages, lines.Err()
}

// archive finds the file that apt made of a package.
func (r *Repository) archive(p Package) (string, error) {
	version := strings.NewReplacer(":", "%3a", "_", "%5f").Replace(p.Version)
	for _, arch := range []string{r.arch, "all"} {
		file := filepath.Join(r.dir, "cache/archives", p.Name+"_"+version+"_"+arch+".deb")
		if _, err := os.Stat(file); err == nil {
			return file, nil
		}
	}
	return "", fmt.Errorf("apt has not downloaded %s %s for %s", p.Name, p.Version, r.arch)
}
