//go:build linux

package delivery_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/delivery"
)

// script makes a program that may be run, with a directory for what it writes.
func script(t *testing.T, text string, options delivery.Options) (d delivery.Delivery, state string, r receiver) {
	t.Helper()
	dir, state := t.TempDir(), t.TempDir()
	path := filepath.Join(dir, "program")
	write(t, path, "#!/bin/sh\ncd \"$1\"\n"+text, 0o755)
	options.Commands = []string{dir}
	r = receiver{target: rotation.Target{Command: &rotation.CommandTarget{Program: path, Arguments: []string{state, "--env", "eu $HOME; prod"}}}, options: options}
	return r.open(t), state, r
}

func TestCommandGetsTokenOnStdinOnly(t *testing.T) {
	t.Parallel()
	d, state, _ := script(t, `cat >stdin.$AIKAGI_VERB; env >env.$AIKAGI_VERB; tr '\0' '\n' </proc/$$/cmdline >arguments`, delivery.Options{})
	token := token.Generate()
	change := changeOf("r1", token)
	must(t, d, change, "stage", "deliver", "revert", "finish")
	for verb, want := range map[string]string{"stage": token.Reveal() + "\n", "deliver": token.Reveal() + "\n", "revert": "", "finish": ""} {
		if got := read(t, filepath.Join(state, "stdin."+verb)); got != want {
			t.Errorf("%s: wrong input of %d bytes", verb, len(got))
		}
		env := read(t, filepath.Join(state, "env."+verb))
		for _, line := range []string{"AIKAGI_VERB=" + verb, "AIKAGI_ROTATION_ID=r1", "AIKAGI_GROUP=shop", "AIKAGI_FINGERPRINT=" + change.Fingerprint, "AIKAGI_ENDPOINT=127.0.0.1:6379"} {
			if !strings.Contains(env, line+"\n") {
				t.Errorf("%s: no %s in the environment", verb, line)
			}
		}
		if strings.Contains(env, token.Reveal()) || strings.Contains(env, "AWS_") {
			t.Errorf("%s: the environment holds a secret: %s", verb, env)
		}
	}
	if got := read(t, filepath.Join(state, "arguments")); !strings.HasSuffix(got, "--env\neu $HOME; prod\n") || strings.Contains(got, token.Reveal()) {
		t.Errorf("arguments: %q", got)
	}
}

func TestCommandErrors(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	d, _, _ := script(t, `token=$(cat); echo "cannot push $token" >&2; echo second >&2; echo "out $token"; exit 3`,
		delivery.Options{Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	token := token.Generate()
	err := call(d, "deliver", changeOf("r1", token))
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.HasSuffix(err.Error(), "exit status 3: cannot push ***") {
		t.Fatalf("error: %v", err)
	}
	if text := logged.String(); strings.Contains(text, token.Reveal()) || !strings.Contains(text, "out ***") || !strings.Contains(text, "second") {
		t.Fatalf("log: %s", text)
	}
}

// The cut must not leave a part of a token, nor may the redaction move one in.
func TestCommandOutputIsCutAndRedacted(t *testing.T) {
	t.Parallel()
	token := token.Generate()
	encoded := base64.StdEncoding.EncodeToString([]byte(token.Reveal()))
	for _, text := range []string{
		`token=$(cat); i=0; while [ $i -lt 300 ]; do printf '%s' "$token"; i=$((i+1)); done`,
		`token=$(cat); i=0; while [ $i -lt 300 ]; do printf 'x%s' "$token"; i=$((i+1)); done`,
		`token=$(cat | base64 -w0); i=0; while [ $i -lt 300 ]; do printf 'y%s' "$token"; i=$((i+1)); done`,
		`token=$(cat); printf %s "$token" | base64 -w0`,
	} {
		var logged bytes.Buffer
		d, _, _ := script(t, text, delivery.Options{Logger: slog.New(slog.NewTextHandler(&logged, nil))})
		must(t, d, changeOf("r1", token), "deliver")
		if logged.Len() > 2*4096 || !strings.Contains(logged.String(), "***") {
			t.Errorf("%d bytes were logged", logged.Len())
		}
		for n := 8; n <= len(token.Reveal()); n++ {
			if strings.Contains(logged.String(), token.Reveal()[:n]) || strings.Contains(logged.String(), encoded[:n]) {
				t.Fatalf("%d characters of the token are in the log", n)
			}
		}
	}
}

// ended waits until the process whose id is in the file has ended, by its pidfd.
func ended(t *testing.T, pid int) {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 1000); n > 0 && err == nil {
			return
		}
	}
	t.Fatalf("process %d still runs", pid)
}

func TestCommandTimeLimitEndsTheGroup(t *testing.T) {
	t.Parallel()
	d, state, _ := script(t, `sh -c 'echo $$ >inner; exec sleep 1000' & echo $$ >outer; wait`, delivery.Options{Timeout: 1500 * time.Millisecond})
	started := time.Now()
	err := call(d, "deliver", changeOf("r1", token.Generate()))
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1.5s") {
		t.Fatalf("error: %v", err)
	}
	if took := time.Since(started); took > 15*time.Second {
		t.Fatalf("it took %s", took)
	}
	for _, name := range []string{"inner", "outer"} {
		ended(t, pidIn(t, filepath.Join(state, name)))
	}
}

// A program in the background that keeps the output open does not hold a delivery up.
func TestCommandLeavesSomethingRunning(t *testing.T) {
	t.Parallel()
	d, state, _ := script(t, `sleep 1000 & echo $! >inner`, delivery.Options{})
	must(t, d, changeOf("r1", token.Generate()), "deliver")
	if err := unix.Kill(pidIn(t, filepath.Join(state, "inner")), unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func TestCommandRefusals(t *testing.T) {
	t.Parallel()
	dir, outside, open := t.TempDir(), t.TempDir(), t.TempDir()
	write(t, filepath.Join(dir, "plain"), "#!/bin/sh\n", 0o644)
	write(t, filepath.Join(dir, "loose"), "#!/bin/sh\n", 0o777)
	write(t, filepath.Join(dir, "good"), "#!/bin/sh\n", 0o755)
	write(t, filepath.Join(outside, "program"), "#!/bin/sh\n", 0o755)
	write(t, filepath.Join(open, "program"), "#!/bin/sh\n", 0o755)
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"away": filepath.Join(outside, "program"), "alias": "good"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "plain"): "chmod +x", filepath.Join(dir, "loose"): "chmod o-w", filepath.Join(open, "program"): "chmod o-w",
		filepath.Join(dir, "away"): "--delivery-commands", filepath.Join(outside, "program"): "--delivery-commands", "/bin/sh": "--delivery-commands",
		filepath.Join(dir, "missing"): "Create it first", "/nowhere/at/all": "--delivery-commands", dir: "not a regular file",
	} {
		d := receiver{target: rotation.Target{Command: &rotation.CommandTarget{Program: path}}, options: delivery.Options{Commands: []string{dir, open}}}.open(t)
		for name, err := range map[string]error{"check": d.Check(context.Background()), "deliver": call(d, "deliver", changeOf("r1", token.Generate()))} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s of %s: %v, want %q", name, path, err, want)
			}
		}
	}
	for _, allowed := range [][]string{{dir}, nil} {
		d := receiver{target: rotation.Target{Command: &rotation.CommandTarget{Program: filepath.Join(dir, "alias")}}, options: delivery.Options{Commands: allowed}}.open(t)
		if err := d.Check(context.Background()); (err == nil) != (allowed != nil) {
			t.Errorf("allowed %v: %v", allowed, err)
		}
	}
}
