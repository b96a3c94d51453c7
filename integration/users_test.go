package integration_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

// asRoot skips a test that takes root, and says so.
func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can run engines as users of their own; here nobody is root, and engines run as the test's user")
	}
}

// identity is whom a process runs as, as /proc/PID/status has it.
type identity struct {
	user      int    // real, effective, saved and for files: all the same
	groups    string // supplementary
	rights    string // effective capabilities
	privilege string // NoNewPrivs
}

func identify(t testing.TB, pid int) identity {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string][]string{}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		fields[name] = strings.Fields(value)
	}
	var id identity
	var users [4]int
	if _, err := fmt.Sscan(strings.Join(fields["Uid"], " "), &users[0], &users[1], &users[2], &users[3]); err != nil {
		t.Fatal(err)
	}
	id.user = users[0]
	for _, ids := range [][]string{fields["Uid"], fields["Gid"]} {
		for _, other := range ids {
			if other != fmt.Sprint(id.user) {
				t.Errorf("process %d has user and group ids %v and %v, want only one", pid, fields["Uid"], fields["Gid"])
			}
		}
	}
	id.groups = strings.Join(fields["Groups"], " ")
	id.rights = strings.Join(fields["CapEff"], "")
	id.privilege = strings.Join(fields["NoNewPrivs"], "")
	return id
}

// users are the user ids of the group's nodes by name.
func (g *subject) users() map[string]int {
	users := map[string]int{}
	for node, pid := range g.pids() {
		users[node] = identify(g.t(), pid).user
	}
	return users
}

// cannotRead checks that a user cannot read a file, by the path or from a node's directory.
func cannotRead(t testing.TB, user int, dir, path string) {
	t.Helper()
	handle, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer handle.Close()
	for _, name := range []string{path, filepath.Join("..", "..", filepath.Base(path))} {
		cmd := exec.Command("/bin/cat", name)
		cmd.Dir = fmt.Sprintf("/proc/self/fd/%d", handle.Fd())
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(user), Gid: uint32(user)}}
		out, err := cmd.CombinedOutput()
		if exited := (*exec.ExitError)(nil); !errors.As(err, &exited) || !bytes.Contains(out, []byte("Permission denied")) {
			t.Errorf("user %d reads %s: %v, %q", user, name, err, out)
		}
	}
}

// When aikagi is root, each engine is a user of its own, who has no right beyond its node's directory: it reads
// neither the master key nor another node's files. All that a group goes through works as before.
func TestEnginesAreUsersOfTheirOwn(t *testing.T) {
	asRoot(t)
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newSubject(harness.Start(t), "own", engine, 1, true)
		if err := g.create(tokenOf("own", 0)); err != nil {
			t.Fatal(err)
		}
		g.tokens = []string{tokenOf("own", 0)}
		g.awaitSettled()
		g.write("before")
		users := g.users()
		pids := g.pids()
		for node, pid := range pids {
			id := identify(t, pid)
			if id.user == 0 || id.groups != "" || strings.Trim(id.rights, "0") != "" || id.privilege != "1" {
				t.Errorf("%s runs as %+v", node, id)
			}
			cannotRead(t, id.user, g.dirOf(node), filepath.Join(g.Dir, "master.key"))
			for other := range pids {
				if other != node {
					cannotRead(t, id.user, g.dirOf(node), filepath.Join(g.dirOf(other), "users.acl"))
				}
			}
			wantOwner(t, g.dirOf(node), id.user)
		}
		other := newSubject(g.Server, "other", engine, 0, true)
		if err := other.create(""); err != nil {
			t.Fatal(err)
		}
		other.awaitSettled()
		if users[g.node(0)] != users[g.node(1)] || users[g.node(0)] == other.users()[other.node(0)] {
			t.Errorf("nodes of one group run as users %v, that of another one as %v", users, other.users())
		}

		g.Kill()
		g.Start()
		g.awaitSettled()
		g.wantPIDs(pids)
		if err := g.modify(rotate, tokenOf("own", 1)); err != nil {
			t.Fatal(err)
		}
		g.tokens = append(g.tokens, tokenOf("own", 1))
		g.awaitSettled()
		if err := g.reboot(g.node(0)); err != nil {
			t.Fatal(err)
		}
		g.await("another process", func() (bool, error) { return g.pids()[g.node(0)] != pids[g.node(0)], nil })
		g.awaitSettled()
		g.write("after")
		g.wantKeysEverywhere()
		if again := g.users(); again[g.node(0)] != users[g.node(0)] {
			t.Errorf("after a reboot the node's user is %d, before it was %d", again[g.node(0)], users[g.node(0)])
		}
	})
}

// wantOwner checks that all of a node's files belong to its user, and are for nobody else.
func wantOwner(t testing.TB, dir string, user int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a file that the engine has just renamed
		} else if err != nil {
			return err
		}
		if stat := info.Sys().(*syscall.Stat_t); int(stat.Uid) != user || int(stat.Gid) != user {
			t.Errorf("%s belongs to %d:%d, want %d", path, stat.Uid, stat.Gid, user)
		}
		if info.Mode()&fs.ModeSymlink == 0 && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %s", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Engines that an earlier release started as root are taken over as they are, and become users of their own
// when they start next, with their data; the way back works too.
func TestEnginesOfRootBecomeUsers(t *testing.T) {
	asRoot(t)
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newSubject(harness.Start(t, "--engine-user", "same"), "was-root", engine, 1, true)
		if err := g.create(""); err != nil {
			t.Fatal(err)
		}
		g.awaitSettled()
		g.write("of-root")
		pids := g.pids()
		g.wantUsers(map[string]bool{g.node(0): true, g.node(1): true})
		g.wantDoctor("2 of 2 nodes were started as root")

		g.Kill()
		g.Args = nil
		g.Start()
		g.awaitSettled()
		g.wantPIDs(pids)
		g.wantUsers(map[string]bool{g.node(0): true, g.node(1): true})
		g.rebooted(g.node(1))
		g.wantUsers(map[string]bool{g.node(0): true})
		g.wantDoctor("1 of 2 nodes were started as root")
		g.rebooted(g.node(0))
		g.wantUsers(nil)
		g.wantDoctor("each node runs, or will run, as a user of its own")
		g.write("of-its-own")
		g.wantKeysEverywhere()

		g.Stop()
		g.Args = []string{"--engine-user", "same"}
		g.Start()
		g.awaitSettled()
		g.rebooted(g.node(1))
		g.wantUsers(map[string]bool{g.node(1): true})
		g.write("of-root-again")
		g.wantKeysEverywhere()
	})
}

// rebooted reboots a node and waits until all is settled with another process.
func (g *subject) rebooted(node string) {
	g.t().Helper()
	before := g.pids()[node]
	if err := g.reboot(node); err != nil {
		g.t().Fatal(err)
	}
	g.await("another process of "+node, func() (bool, error) {
		now, ok := g.pids()[node]
		return ok && now != before, nil
	})
	g.awaitSettled()
}

// wantUsers checks which nodes run as root.
func (g *subject) wantUsers(root map[string]bool) {
	g.t().Helper()
	for node, user := range g.users() {
		if (user == 0) != root[node] {
			g.t().Errorf("%s runs as user %d, want root: %t", node, user, root[node])
		}
	}
}

func (g *subject) wantDoctor(message string) {
	g.t().Helper()
	if out, _ := g.Aikagi("doctor"); !strings.Contains(out, message) { // which fails for what else this machine lacks
		g.t().Errorf("doctor does not say %q:\n%s", message, out)
	}
}

// An engine that other users cannot execute runs as root, as it did before there were users, and both the log
// and doctor say why.
func TestEngineThatOthersCannotExecute(t *testing.T) {
	t.Parallel()
	asRoot(t)
	name := oneEngine(t, 0)
	program, err := exec.LookPath(name + "-server")
	if err != nil {
		t.Fatal(err)
	}
	real, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	private := filepath.Join(t.TempDir(), name+"-server")
	syscall.ForkLock.RLock() // no child that another test forks meanwhile has it open for writing, which would keep it from being run
	err = os.WriteFile(private, real, 0o700)
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
	g := newSubject(harness.Start(t, "--engine-path", private), "private", name, 0, false)
	if err := g.create(""); err != nil {
		t.Fatal(err)
	}
	g.awaitSettled()
	g.write("there")
	g.wantKeysEverywhere()
	g.wantUsers(map[string]bool{g.node(0): true})
	if said := "other users cannot execute " + private; !strings.Contains(g.Output(), said) {
		t.Errorf("the log does not say %q", said)
	}
	if out, _ := g.Aikagi("doctor", "--engine-path", private); !strings.Contains(out, "other users cannot execute "+private) {
		t.Errorf("doctor does not say why:\n%s", out)
	}
}

// The capabilities that deploy/aikagi.service names are enough for root; with one fewer, engines run as root
// and the log names the one.
func TestRootWithFewCapabilities(t *testing.T) {
	t.Parallel()
	asRoot(t)
	unit, err := os.ReadFile("../deploy/aikagi.service")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(unit), "\n#CapabilityBoundingSet=")
	line, _, _ := strings.Cut(rest, "\n")
	named := strings.Fields(line)
	for i, test := range []struct {
		name  string
		given []string
		root  bool
	}{
		{"those of the unit", named, false},
		{"without " + named[len(named)-1], named[:len(named)-1], true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := harness.New(t)
			s.Program = restricted(t, test.given)
			s.Start()
			g := newSubject(s, "few", oneEngine(t, i), 0, true)
			if err := g.create(""); err != nil {
				t.Fatal(err)
			}
			g.awaitSettled()
			g.write("there")
			pids := g.pids()
			g.wantUsers(map[string]bool{g.node(0): test.root})
			g.Kill()
			g.Start()
			g.awaitSettled()
			g.wantPIDs(pids)
			g.rebooted(g.node(0))
			g.wantUsers(map[string]bool{g.node(0): test.root})
			g.wantKeysEverywhere()
			if said := strings.Contains(g.Output(), "aikagi lacks "+named[len(named)-1]+":"); said != test.root {
				t.Errorf("the log names what is missing: %t, want %t", said, test.root)
			}
		})
	}
}

// restricted is a program that runs aikagi as root with these capabilities only.
func restricted(t *testing.T, capabilities []string) string {
	t.Helper()
	binary, err := harness.Binary()
	if err != nil {
		t.Fatal(err)
	}
	set := "-all"
	for _, name := range capabilities {
		set += ",+" + strings.ToLower(strings.TrimPrefix(name, "CAP_"))
	}
	program := filepath.Join(t.TempDir(), "aikagi")
	script := fmt.Sprintf("#!/bin/sh\nexec setpriv --inh-caps=-all --bounding-set=%s %s \"$@\"\n", set, binary)
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return program
}
