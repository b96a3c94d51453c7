package cgroup

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// looksLike makes a directory with the files of a control group.
func looksLike(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// What is written where, in files that look like a group's.
func TestPlaceWrites(t *testing.T) {
	t.Parallel()
	tree := &Tree{t.TempDir()}
	dir := tree.path("shop-001.u1")
	looksLike(t, dir, map[string]string{"cgroup.type": "", "cpu.weight": "", "cgroup.procs": ""})
	got, err := tree.Place("shop-001.u1", 77, Weight(4))
	if got != dir || err != nil {
		t.Fatalf("Place() = %q, %v", got, err)
	}
	for name, want := range map[string]string{"cgroup.type": "threaded", "cpu.weight": "400", "cgroup.procs": "77"} {
		if text, _ := os.ReadFile(filepath.Join(dir, name)); string(text) != want {
			t.Errorf("%s has %q, want %q", name, text, want)
		}
	}
	if got, err := tree.Place("shop-002.u2", 78, Weight(4)); got != "" || err == nil || !strings.Contains(err.Error(), "shop-002.u2") {
		t.Errorf("a group without its files: %q, %v", got, err)
	}
	Remove(dir) // it has files, as one with processes would not go
	Remove(filepath.Dir(dir))
	if _, err := os.Stat(dir); err != nil {
		t.Error(err)
	}
}

func TestOpenSaysWhatIsInTheWay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	looksLike(t, dir, map[string]string{"cgroup.controllers": "memory", "cgroup.subtree_control": "", "cgroup.procs": "", "cgroup.type": "domain"})
	if _, err := openTree(dir); err == nil || !strings.Contains(err.Error(), "no cpu controller") {
		t.Errorf("without the controller: %v", err)
	}
	looksLike(t, dir, map[string]string{"cgroup.controllers": "cpu"})
	if _, err := openTree(dir); err == nil || !strings.Contains(err.Error(), "make a control group for a node") {
		t.Errorf("where groups have no files: %v", err)
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "cgroup.subtree_control")); string(text) != "-cpu" {
		t.Errorf("what is of no use is left: %q", text)
	}
}

// With the kernel, where it lets us.
func TestGroupsOfTheKernel(t *testing.T) {
	t.Parallel()
	if dir, err := Check(); err != nil {
		t.Skipf("NOT TRIED with the kernel: %s: %v", dir, err)
	}
	tree, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(t.TempDir()) + "-" + t.Name()
	sleep := exec.Command("sleep", "600")
	if err := sleep.Start(); err != nil {
		t.Fatal(err)
	}
	defer sleep.Wait()
	defer sleep.Process.Kill()
	var dir string
	for _, vcpus := range []int{2, 8} { // the second one finds it there
		if dir, err = tree.Place(name, sleep.Process.Pid, Weight(vcpus)); err != nil {
			t.Fatal(err)
		}
		if text, _ := os.ReadFile(filepath.Join(dir, "cpu.weight")); strings.TrimSpace(string(text)) != map[int]string{2: "200", 8: "800"}[vcpus] {
			t.Errorf("%d vCPUs weigh %s", vcpus, text)
		}
	}
	if home := Home(os.DirFS("/"), sleep.Process.Pid); home != dir {
		t.Errorf("the process is in %q, want %q", home, dir)
	}
	if _, err := Open(); err != nil { // the next control plane leaves it alone
		t.Error(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Error(err)
	}
	_ = sleep.Process.Kill()
	_ = sleep.Wait()
	Remove(dir)
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the group is there after its process: %v", err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil { // what a kill -9 left
		t.Fatal(err)
	}
	if _, err := Open(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("an empty group is there after the next start: %v", err)
	}
}
