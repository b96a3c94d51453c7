package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The rpm has the files, the modes and the scripts of the deb, for each machine. Debian has the tools to look at one.
func TestRPMIsLikeTheDeb(t *testing.T) {
	t.Parallel()
	for deb, rpm := range map[string]string{"amd64": "x86_64", "arm64": "aarch64"} {
		debFile, rpmFile := builtPackage(t, "aikagi_*_"+deb+".deb"), builtPackage(t, "aikagi-*."+rpm+".rpm")
		inDeb := filesOfDeb(t, debFile)
		inRPM := lines(output(t, "rpm", "-qp", "--queryformat", `[%{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME} %{FILENAMES}\n]`, rpmFile))
		slices.Sort(inRPM)
		if !slices.Equal(inDeb, inRPM) {
			t.Errorf("%s: the deb has\n%s\nthe rpm\n%s", deb, strings.Join(inDeb, "\n"), strings.Join(inRPM, "\n"))
		}
		scripts := output(t, "rpm", "-qp", "--scripts", rpmFile)
		for _, name := range []string{"postinstall", "preremove", "postremove"} {
			text, err := os.ReadFile(filepath.Join("scripts", name+".sh"))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(scripts, strings.TrimSpace(string(text))) {
				t.Errorf("%s: the rpm does not have %s", deb, name)
			}
		}
		if config := output(t, "rpm", "-qp", "--configfiles", rpmFile); strings.TrimSpace(config) != "/etc/default/aikagi" {
			t.Errorf("%s: configuration files of the rpm: %s", deb, config)
		}
		t.Logf("%s: requires %s", rpm, strings.ReplaceAll(output(t, "rpm", "-qp", "--requires", rpmFile), "\n", ", "))
	}
}

// filesOfDeb are its files as mode, owner and name.
func filesOfDeb(t *testing.T, file string) (list []string) {
	t.Helper()
	line := regexp.MustCompile(`^(\S+) (\S+) +\d+ \S+ \S+ \.?(/\S+)$`)
	for _, l := range lines(output(t, "dpkg-deb", "--contents", file)) {
		if m := line.FindStringSubmatch(l); m != nil && !strings.HasPrefix(m[1], "d") {
			list = append(list, m[1]+" "+m[2]+" "+m[3])
		}
	}
	slices.Sort(list)
	return list
}

// TestRPMIsInstalled runs its scripts: where rpm is the package manager there are other libraries, so dependencies are not looked at.
func TestRPMIsInstalled(t *testing.T) {
	t.Parallel()
	rpmFile := builtPackage(t, "aikagi-*."+rpmArch()+".rpm")
	r := newRoot(t)
	install := exec.Command("rpm", "--root", r.dir, "--install", "--nodeps", rpmFile)
	if out, err := install.CombinedOutput(); err != nil || !strings.Contains(string(out), "systemctl enable --now aikagi") {
		t.Fatalf("rpm --install: %v: %s", err, out)
	}
	r.isInstalled()
	r.serve()
	r.aikagi("create", "shop", "--engine", "redis", "--auth-token")
	// Scripts of rpm run in the root, and here have to see its processes as well.
	if out, err := exec.Command("nsenter", "--target="+r.pid, "--mount", "--pid", "--net", "rpm", "--root", r.dir, "--erase", "--nodeps", "aikagi").CombinedOutput(); err != nil {
		t.Fatalf("rpm --erase: %v: %s", err, out)
	}
	if left := r.engines(); left != "" {
		t.Errorf("engines are left behind: %s", left)
	}
	r.keeps("var/lib/aikagi/data/store.db")
	r.lacks("usr/bin/aikagi", "usr/lib/systemd/system/aikagi.service")
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }
