package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// box is a container of the image, run by runc as strictly as it can be: as the image's user, on a read-only root, without
// capabilities, with one volume, in a network of its own.
type box struct {
	t       *testing.T
	id      string
	bundle  string // with the root
	state   string // of runc
	volume  string
	env     []string
	args    []string
	network string // file of the network namespace; empty: a new one, with a loopback interface only
	output  lockedBuffer
	ended   chan error
}

type lockedBuffer struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// newBox makes a container of the image, with more variables than the image sets. It does not run yet.
func newBox(t *testing.T, env ...string) *box {
	t.Helper()
	image, ok := built(t)[runtime.GOARCH]
	if !ok {
		t.Fatalf("there is no image for %s", runtime.GOARCH)
	}
	if _, err := exec.LookPath("runc"); err != nil || os.Geteuid() != 0 {
		t.Fatal("this takes runc (apt-get install runc), and root to run it")
	}
	// runc cannot enter what only root can: below /tmp a test's directory has mode 0700, so the root is put into one of its own.
	b := &box{t: t, id: fmt.Sprintf("aikagi-test-%d-%s", os.Getpid(), strings.ToLower(t.Name())), bundle: t.TempDir(), state: t.TempDir(), volume: t.TempDir()}
	extract(t, image, func(h *tar.Header, data []byte) { unpack(t, filepath.Join(b.bundle, "rootfs"), h, data) })
	if err := os.Chown(b.volume, userID, userID); err != nil {
		t.Fatal(err)
	}
	file, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	b.env, b.args = append(slices.Clone(file.Config.Env), env...), slices.Concat(file.Config.Entrypoint, file.Config.Cmd)
	b.configure(b.args)
	t.Cleanup(b.remove)
	return b
}

func unpack(t *testing.T, root string, h *tar.Header, data []byte) {
	t.Helper()
	name := filepath.Join(root, h.Name)
	err := os.MkdirAll(filepath.Dir(name), 0o755)
	switch {
	case err != nil:
	case h.Typeflag == tar.TypeDir:
		err = os.MkdirAll(name, 0o755)
	case h.Typeflag == tar.TypeSymlink:
		err = os.Symlink(h.Linkname, name)
	default:
		err = os.WriteFile(name, data, 0o600)
	}
	if err == nil && h.Typeflag != tar.TypeSymlink {
		err = os.Chmod(name, h.FileInfo().Mode())
	}
	if err == nil {
		err = os.Lchown(name, h.Uid, h.Gid)
	}
	if err != nil {
		t.Fatal(err)
	}
}

type object = map[string]any

func (b *box) configure(args []string) {
	b.t.Helper()
	mount := func(kind, source, destination string, options ...string) object {
		return object{"type": kind, "source": source, "destination": destination, "options": options}
	}
	var namespaces []object
	for _, kind := range []string{"pid", "ipc", "uts", "mount"} {
		namespaces = append(namespaces, object{"type": kind})
	}
	network := object{"type": "network"}
	if b.network != "" {
		network["path"] = b.network
	}
	namespaces = append(namespaces, network)
	spec := object{
		"ociVersion": "1.0.2", "hostname": "box",
		"root": object{"path": "rootfs", "readonly": true},
		"process": object{
			"user": object{"uid": userID, "gid": userID}, "args": args, "env": b.env, "cwd": "/", "noNewPrivileges": true, "capabilities": object{},
		},
		"mounts": []object{
			mount("proc", "proc", "/proc", "nosuid", "nodev", "noexec"),
			mount("tmpfs", "tmpfs", "/dev", "nosuid", "mode=755", "size=64k"),
			mount("sysfs", "sysfs", "/sys", "nosuid", "nodev", "noexec", "ro"),
			mount("bind", b.volume, volume, "bind", "rw", "nosuid", "nodev", "noexec"),
		},
		"linux": object{
			"namespaces":    namespaces,
			"maskedPaths":   []string{"/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"},
			"readonlyPaths": []string{"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"},
		},
	}
	text, err := json.Marshal(spec)
	if err == nil {
		err = os.WriteFile(filepath.Join(b.bundle, "config.json"), text, 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) runc(args ...string) *exec.Cmd {
	return exec.Command("runc", append([]string{"--root", b.state}, args...)...)
}

// start runs the image's own command and waits until it serves.
func (b *box) start() {
	b.t.Helper()
	_ = os.Remove(filepath.Join(b.volume, "data", "endpoint")) // of one that was killed
	cmd := b.runc("run", "--bundle", b.bundle, b.id)
	cmd.Stdout, cmd.Stderr = &b.output, &b.output
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	ended := make(chan error, 1)
	b.ended = ended
	go func() { ended <- cmd.Wait() }()
	b.await("to serve", func() bool {
		_, err := os.Stat(filepath.Join(b.volume, "data", "endpoint"))
		return err == nil
	})
	b.exec("", nil, "/usr/bin/aikagi", "list")
}

func (b *box) await(what string, done func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		select {
		case err := <-b.ended:
			b.t.Fatalf("the container ended (%v) before it came %s:\n%s", err, what, b.output.String())
		default:
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("the container did not come %s:\n%s", what, b.output.String())
		}
	}
}

// end sends a signal to the first process and waits until nothing of the container is left.
func (b *box) end(signal string) {
	b.t.Helper()
	if out, err := b.runc("kill", b.id, signal).CombinedOutput(); err != nil {
		b.t.Fatalf("runc kill: %v: %s", err, out)
	}
	select {
	case <-b.ended:
	case <-time.After(time.Minute):
		b.t.Fatalf("the container did not end on %s:\n%s", signal, b.output.String())
	}
	b.remove()
}

func (b *box) remove() {
	_ = b.runc("delete", "--force", b.id).Run() // it may be gone
	if b.t.Failed() {
		b.t.Logf("the container printed:\n%s", b.output.String())
	}
}

// exec runs a program in the container, as docker exec would.
func (b *box) exec(input string, env []string, args ...string) string {
	b.t.Helper()
	var flags []string
	for _, e := range env {
		flags = append(flags, "--env", e)
	}
	cmd := b.runc(slices.Concat([]string{"exec"}, flags, []string{b.id}, args)...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.t.Fatalf("%s: %v: %s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// outside runs a program of this machine in the container's network, where a published port would lead.
func (b *box) outside(args ...string) (string, error) {
	b.t.Helper()
	text, err := b.runc("state", b.id).Output()
	if err != nil {
		b.t.Fatal(err)
	}
	var state struct{ PID int }
	if err := json.Unmarshal(text, &state); err != nil {
		b.t.Fatal(err)
	}
	cmd := exec.Command("nsenter", append([]string{"--net=/proc/" + fmt.Sprint(state.PID) + "/ns/net"}, args...)...)
	cmd.Env = append(os.Environ(), "AIKAGI_DATA_DIR="+filepath.Join(b.volume, "data"))
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}
