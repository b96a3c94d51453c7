package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/deploy/program"
)

const token = "a-token-of-the-test-0123456789"

// newer is the same program as a package of a later version.
func newer(t *testing.T) string {
	t.Helper()
	cache, err := filepath.Abs("../../.tools/image")
	if err != nil {
		t.Fatal(err)
	}
	modules, err := filepath.Glob(filepath.Join(cache, "program", runtime.GOARCH, "module", "*.so"))
	if err != nil || len(modules) != 1 {
		t.Fatalf("modules %v, %v", modules, err)
	}
	source, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	b := program.Build{Arch: runtime.GOARCH, Version: "v9.9.9", Time: time.Unix(1e9, 0), Program: filepath.Join(cache, "program", runtime.GOARCH, "aikagi"), Module: modules[0]}
	dir := t.TempDir()
	if err := write(dir, "deb", contents{Build: b, source: source}); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "aikagi_9.9.9_"+runtime.GOARCH+".deb")
}

// TestLife is the package's: installed, used, upgraded, removed, installed again, purged.
func TestLife(t *testing.T) {
	t.Parallel()
	deb, later := debOfThisMachine(t), newer(t)
	r := newRoot(t)

	if out := r.install(deb); !strings.Contains(out, "systemctl enable --now aikagi") {
		t.Errorf("it does not say how to start: %s", out)
	}
	r.isInstalled()
	t.Logf("doctor:\n%s", r.aikagi("doctor"))

	r.serve()
	r.aikagi("create", "shop", "--engine", "redis", "--num-cache-clusters", "2", "--auth-token")
	if out := r.aikagi("connect", "shop", "set", "greeting", "hello"); out != "OK" {
		t.Errorf("set: %s", out)
	}
	before := r.engines()
	options := filepath.Join(r.dir, "etc/default/aikagi")
	if err := os.WriteFile(options, []byte("AIKAGI_LOG_LEVEL=debug\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	r.install(later)
	if after := r.engines(); after != before || before == "" {
		t.Errorf("engines %q before the upgrade, %q after it", before, after)
	}
	if text, err := os.ReadFile(options); err != nil || string(text) != "AIKAGI_LOG_LEVEL=debug\n" {
		t.Errorf("options after the upgrade: %q, %v", text, err)
	}
	if out := r.aikagi("connect", "shop", "get", "greeting"); out != "hello" {
		t.Errorf("get after the upgrade: %s", out)
	}

	r.run("dpkg", "--remove", "aikagi")
	if left := r.engines(); left != "" {
		t.Errorf("engines are left behind: %s", left)
	}
	r.keeps("var/lib/aikagi/data/store.db", "var/lib/aikagi/data/master.key", "etc/default/aikagi")
	r.lacks("usr/bin/aikagi", "usr/lib/aikagi", "usr/lib/systemd/system/aikagi.service")

	r.install(deb)
	r.serve()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(r.aikagi("status", "shop"), "available"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the group does not come back")
		}
	}
	if out := r.aikagi("connect", "shop", "get", "greeting"); out != "hello" {
		t.Errorf("get after the removal: %s", out)
	}
	r.run("dpkg", "--purge", "aikagi")
	r.lacks("var/lib/aikagi", "etc/default/aikagi", "usr/share/doc/aikagi", "usr/bin/aikagi")
	if out := r.run("cat", "/etc/passwd"); strings.Contains(out, "aikagi") || r.engines() != "" {
		t.Errorf("after the purge: %s, engines %q", out, r.engines())
	}
}

// isInstalled is what holds after the installation, before anybody did anything.
func (r *root) isInstalled() {
	r.t.Helper()
	info, err := os.Stat(filepath.Join(r.dir, "var/lib/aikagi"))
	if err != nil || info.Mode() != fs.ModeDir|0o700 {
		r.t.Errorf("data directory: %v, %v", info, err)
	}
	if owner := r.run("stat", "-c", "%U %G", "/var/lib/aikagi"); owner != "aikagi aikagi" {
		r.t.Errorf("the data directory belongs to %s", owner)
	}
	if account := r.run("getent", "passwd", "aikagi"); !strings.HasSuffix(account, ":/var/lib/aikagi:/usr/sbin/nologin") {
		r.t.Errorf("account: %s", account)
	}
	if enabled := r.run("find", "/etc/systemd", "-name", "aikagi*"); enabled != "" {
		r.t.Errorf("the service is enabled: %s", enabled)
	}
	if r.engines() != "" || r.exists("var/lib/aikagi/data") {
		r.t.Error("something was started")
	}
	r.keeps("usr/share/doc/aikagi/copyright", "usr/share/bash-completion/completions/aikagi", "usr/lib/systemd/system/aikagi.service")
}

func (r *root) keeps(names ...string) {
	r.t.Helper()
	for _, name := range names {
		if !r.exists(name) {
			r.t.Errorf("there is no /%s", name)
		}
	}
}

func (r *root) lacks(names ...string) {
	r.t.Helper()
	for _, name := range names {
		if r.exists(name) {
			r.t.Errorf("there still is /%s", name)
		}
	}
}
