package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const token = "a-token-of-the-test-0123456789"

// enginesOf are the engines that are in the image for this machine.
func enginesOf(b *box) (names []string) {
	for _, e := range engines {
		if _, err := os.Stat(filepath.Join(b.bundle, "rootfs", e.programs[0])); err == nil {
			names = append(names, e.name)
		}
	}
	return names
}

// TestContainer is the image's life: it serves, makes groups with TLS and a token on every engine, survives a kill and a stop on the
// same volume.
func TestContainer(t *testing.T) {
	b := newBox(t)
	b.start()
	names := enginesOf(b)
	if len(names) == 0 {
		t.Fatal("there is no engine")
	}
	get := func(group string) string {
		return b.exec("", []string{"REDISCLI_AUTH=" + token}, "/usr/bin/aikagi", "connect", group, "get", "greeting")
	}
	for _, name := range names {
		b.exec(token+"\n", nil, "/usr/bin/aikagi", "create", name+"-group", "--engine", name, "--num-cache-clusters", "2", "--auth-token")
		if out := b.exec("", []string{"REDISCLI_AUTH=" + token}, "/usr/bin/aikagi", "connect", name+"-group", "set", "greeting", "hello"); out != "OK" {
			t.Errorf("%s: set: %s", name, out)
		}
		if out := get(name + "-group"); out != "hello" {
			t.Errorf("%s: get: %s", name, out)
		}
		b.lockedOut(name + "-group")
	}
	b.reachableFromOutside()
	b.healthy(len(names))

	b.end("TERM") // as docker stop does: the engines save
	for _, name := range names {
		if !strings.Contains(b.output.String(), "2 engines with it") && len(names) == 1 {
			t.Errorf("%s: stopped without saving: %s", name, b.output.String())
		}
	}
	b.start()
	for _, name := range names {
		b.awaitAvailable(name + "-group")
		if out := get(name + "-group"); out != "hello" {
			t.Errorf("%s: after a stop: %s", name, out)
		}
	}
	b.end("KILL")
	b.start()
	for _, name := range names {
		b.awaitAvailable(name + "-group")
		if out := get(name + "-group"); out != "hello" { // it was saved before
			t.Errorf("%s: after a kill: %s", name, out)
		}
		b.lockedOut(name + "-group")
	}
	b.end("TERM")
}

func (b *box) awaitAvailable(group string) {
	b.t.Helper()
	b.await(group+" to be available", func() bool {
		out, err := b.runc("exec", b.id, "/usr/bin/aikagi", "status", group).CombinedOutput()
		return err == nil && strings.Contains(string(out), "available")
	})
}

// lockedOut is that nobody gets in without the token.
func (b *box) lockedOut(group string) {
	b.t.Helper()
	out, _ := b.runc("exec", "--env", "REDISCLI_AUTH=not-the-token-0123456789", b.id, "/usr/bin/aikagi", "connect", group, "get", "greeting").CombinedOutput()
	if strings.Contains(string(out), "hello") || !strings.Contains(string(out), "WRONGPASS") && !strings.Contains(string(out), "NOAUTH") {
		b.t.Errorf("%s without its token: %s", group, out)
	}
}

// reachableFromOutside talks to the API as a program beside the container does: over HTTPS, trusting the CA in the volume.
func (b *box) reachableFromOutside() {
	b.t.Helper()
	program, err := filepath.Abs("../../.tools/image/program/" + runtime.GOARCH + "/aikagi")
	if err != nil {
		b.t.Fatal(err)
	}
	out, err := b.outside(program, "list", "--endpoint-url", "https://localhost:"+port)
	if err != nil || !strings.Contains(out, "-group") {
		b.t.Errorf("list from outside: %v: %s", err, out)
	}
}

// healthy is that doctor finds nothing that is wrong with the image.
func (b *box) healthy(engines int) {
	b.t.Helper()
	out := b.exec("", nil, "/usr/bin/aikagi", "doctor")
	b.t.Logf("doctor:\n%s", out)
	if strings.Count(out, ", package ") != engines || !strings.Contains(out, "/usr/lib/aikagi/aikagi-module-") {
		b.t.Errorf("doctor does not find the packages of %d engines, or not the module", engines)
	}
}
