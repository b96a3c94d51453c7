package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// root is a clean Debian, in which nothing is installed but what is essential and an engine. Its processes have a network and process ids of
// their own, and end with it.
type root struct {
	t   *testing.T
	dir string
	pid string // of its first process
}

// dist is where `make packages-test` has the packages that were built.
func dist(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("AIKAGI_DIST")
	if dir == "" {
		t.Skip("run make packages-test, which builds the packages first")
	}
	dir, err := filepath.Abs(filepath.Join("..", dir))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// builtPackage is the one package of a format for an architecture that was built.
func builtPackage(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dist(t), pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("packages %s: %v, %v; there should be one: make clean, then make packages", pattern, found, err)
	}
	return found[0]
}

func newRoot(t *testing.T) *root {
	t.Helper()
	if _, err := exec.LookPath("mmdebstrap"); err != nil || os.Geteuid() != 0 {
		t.Fatal("this takes mmdebstrap (apt-get install mmdebstrap), and root to use it")
	}
	r := &root{t: t, dir: t.TempDir()}
	// Others look into it, too.
	if err := os.Chmod(r.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("tar", "-xpf", archiveOfRoot(t), "-C", r.dir).CombinedOutput(); err != nil {
		t.Fatalf("unpack root: %v: %s", err, out)
	}
	script := fmt.Sprintf("mount -t proc proc %[1]s/proc && ip link set lo up && echo ready && exec chroot %[1]s sleep infinity", r.dir)
	inside := exec.Command("unshare", "--mount", "--pid", "--net", "--fork", "--kill-child=KILL", "sh", "-c", script)
	ready, err := inside.StdoutPipe()
	if err == nil {
		err = inside.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = inside.Process.Kill()
		_ = inside.Wait() // it was killed
	})
	if _, err := ready.Read(make([]byte, 16)); err != nil {
		t.Fatalf("make namespaces: %v", err)
	}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", inside.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	r.pid = strings.TrimSpace(string(children))
	return r
}

// makingRoot is held by the one of the tests beside each other that makes the archive, which the others then find.
var makingRoot sync.Mutex

// archiveOfRoot is made once, with the sources of this machine.
func archiveOfRoot(t *testing.T) string {
	makingRoot.Lock()
	defer makingRoot.Unlock()
	t.Helper()
	archive, err := filepath.Abs("../../.tools/image/root.tar")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(archive); err == nil {
		return archive
	}
	if err := os.MkdirAll(filepath.Dir(archive), 0o755); err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("/etc/apt/sources.list.d/*.sources")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/etc/apt/sources.list"); err == nil {
		sources = append(sources, "/etc/apt/sources.list")
	}
	codename, err := exec.Command("sh", "-c", ". /etc/os-release && echo $VERSION_CODENAME").Output()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"--mode=root", "--variant=minbase", "--include=redis-server", strings.TrimSpace(string(codename)), archive + ".new.tar"}, sources...)
	if out, err := exec.Command("mmdebstrap", args...).CombinedOutput(); err != nil {
		t.Fatalf("mmdebstrap: %v: %s", err, out)
	}
	if err := os.Rename(archive+".new.tar", archive); err != nil {
		t.Fatal(err)
	}
	return archive
}

func (r *root) command(args ...string) *exec.Cmd {
	cmd := exec.Command("nsenter", append([]string{"--target=" + r.pid, "--mount", "--pid", "--net", "chroot", r.dir}, args...)...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"}
	return cmd
}

func (r *root) run(args ...string) string {
	r.t.Helper()
	out, err := r.command(args...).CombinedOutput()
	if err != nil {
		r.t.Fatalf("%s: %v: %s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// aikagi runs it as its user, on the data directory of the service.
func (r *root) aikagi(args ...string) string {
	r.t.Helper()
	return r.run(append(asUser, args...)...)
}

var asUser = []string{"runuser", "-u", "aikagi", "--", "env", "AIKAGI_DATA_DIR=/var/lib/aikagi/data", "REDISCLI_AUTH=" + token, "AIKAGI_AUTH_TOKEN=" + token, "/usr/bin/aikagi"}

// serve runs what the unit runs.
func (r *root) serve() {
	r.t.Helper()
	_ = os.Remove(filepath.Join(r.dir, "var/lib/aikagi/data/endpoint"))
	cmd := r.command(append(asUser, "serve")...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if r.exists("var/lib/aikagi/data/endpoint") {
			return
		}
		select {
		case err := <-ended:
			r.t.Fatalf("aikagi serve ended: %v: %s", err, output.String())
		default:
		}
		if time.Now().After(deadline) {
			r.t.Fatal("aikagi serve is not ready")
		}
	}
}

func (r *root) exists(name string) bool {
	_, err := os.Lstat(filepath.Join(r.dir, name))
	return err == nil
}

// engines are the ids of the engines that run, as the root's processes see them. One that has died may still be there: nobody waits for it.
func (r *root) engines() string {
	out, _ := r.command("sh", "-c", `grep -l '^Name:.redis-server' /proc/[0-9]*/status | xargs -r grep -L '^State:.Z'`).Output()
	return strings.TrimSpace(string(out))
}

// install copies a package into the root and installs it.
func (r *root) install(file string) string {
	r.t.Helper()
	data, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(filepath.Join(r.dir, "tmp", filepath.Base(file)), data, 0o600)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return r.run("dpkg", "--install", "/tmp/"+filepath.Base(file))
}

func debOfThisMachine(t *testing.T) string { return builtPackage(t, "aikagi_*_"+runtime.GOARCH+".deb") }

func rpmArch() string {
	if runtime.GOARCH == "arm64" {
		return "aarch64"
	}
	return "x86_64"
}
