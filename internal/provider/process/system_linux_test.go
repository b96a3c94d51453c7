package process_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
)

const (
	patience                   = 20 * time.Second
	node     provider.NodeName = "cache-0001.u1"
)

var engines = []string{"/usr/bin/redis-server", "/usr/bin/valkey-server"}

// tempDir is a directory of which no process is left when the test ends, however it does.
func tempDir(tb testing.TB) string {
	tb.Helper()
	dir, err := filepath.EvalSymlinks(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		for _, pids := range living(tb, dir) {
			for _, pid := range pids {
				_ = unix.Kill(pid, unix.SIGKILL)
				eventually(tb, "test process to end", func() bool { return !alive(pid) })
			}
		}
	})
	return dir
}

// open starts a provider and its Run. release ends Run and leaves the processes.
func open(tb testing.TB, options process.Options) (p *process.Provider, release func()) {
	tb.Helper()
	options.Programs = programs
	p, err := process.New(options)
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- p.Run(ctx) }()
	ended := false
	release = func() {
		if ended {
			return
		}
		ended = true
		cancel()
		if err := <-ran; err != nil {
			tb.Errorf("Run() = %v", err)
		}
	}
	tb.Cleanup(release)
	return p, release
}

// living finds the living processes by another way than the provider does: the
// working directory. The key is its path below dir, with what the kernel adds to a removed one.
func living(tb testing.TB, dir string) map[string][]int {
	tb.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		tb.Fatal(err)
	}
	found := make(map[string][]int)
	for _, link := range links {
		cwd, err := os.Readlink(link)
		if err != nil {
			continue
		}
		pid, _ := strconv.Atoi(strings.Split(link, "/")[2])
		if name, ok := strings.CutPrefix(cwd, dir+"/"); ok && alive(pid) {
			found[name] = append(found[name], pid)
		}
	}
	return found
}

// alive says no to a zombie.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z") && !strings.HasPrefix(rest, "X")
}

func eventually(tb testing.TB, what string, is func() bool) {
	tb.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if is() {
			return
		}
	}
	tb.Fatalf("waited in vain for %s", what)
}

func within(tb testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	tb.Cleanup(cancel)
	return ctx
}

func install(tb testing.TB, p *process.Provider, name provider.NodeName, files ...provider.File) {
	tb.Helper()
	if err := p.Install(within(tb), name, files); err != nil {
		tb.Fatal(err)
	}
}

// named is a program as an engine that has it as its version.
func named(program string) cache.EngineVersion {
	return cache.EngineVersion{Engine: "test", Version: program}
}

// programs are what tests run, each under its own name.
var programs = func() map[cache.EngineVersion]string {
	all := map[cache.EngineVersion]string{}
	for _, program := range append([]string{"/bin/sleep", "/bin/sh", "/bin", "/bin/sh/not-there", "/not-there", "/etc/hostname", "relative", ""}, engines...) {
		all[named(program)] = program
	}
	return all
}()

// sleeping is a process that does nothing and ends on SIGTERM.
func sleeping() provider.Launch {
	return provider.Launch{Engine: named("/bin/sleep"), Args: []string{"600"}}
}

func start(tb testing.TB, p *process.Provider, name provider.NodeName, launch provider.Launch) int {
	tb.Helper()
	if err := p.Start(within(tb), name, launch); err != nil {
		tb.Fatal(err)
	}
	return p.Inspect(name).PID
}

func startSleeping(tb testing.TB, p *process.Provider, name provider.NodeName) int {
	tb.Helper()
	install(tb, p, name)
	return start(tb, p, name, sleeping())
}

// engineFiles configure a real engine, with more lines if wanted.
func engineFiles(lines ...string) []provider.File {
	lines = append(lines, "port 0", "unixsocket "+provider.AdminSocket, "logfile "+provider.EngineLog, `save ""`)
	return []provider.File{{Name: "engine.conf", Data: []byte(strings.Join(lines, "\n") + "\n")}}
}

func engineLaunch(program string) provider.Launch {
	return provider.Launch{Engine: named(program), Args: []string{"engine.conf"}}
}

// command sends an inline command and returns the first line of the answer.
func command(p *process.Provider, name provider.NodeName, line string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := p.Dial(ctx, name)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := fmt.Fprintf(conn, "%s\r\n", line); err != nil {
		return "", err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	return strings.TrimSpace(answer), err
}

func waitReady(tb testing.TB, p *process.Provider, name provider.NodeName) {
	tb.Helper()
	eventually(tb, "engine of "+string(name), func() bool {
		answer, err := command(p, name, "PING")
		return err == nil && answer == "+PONG"
	})
}

func takeExit(tb testing.TB, p *process.Provider) provider.Exit {
	tb.Helper()
	select {
	case e := <-p.Exits():
		return e
	case <-time.After(patience):
		tb.Fatal("no exit was delivered")
		return provider.Exit{}
	}
}
