package integration

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// terminal is a pseudo-terminal with a program on it.
type terminal struct {
	t       *testing.T
	file    *os.File
	command *exec.Cmd
	mu      sync.Mutex // guards shown
	shown   bytes.Buffer
	ended   chan struct{}
}

func (w *shop) terminal(words ...string) *terminal {
	w.t.Helper()
	command := exec.CommandContext(w.t.Context(), words[0], words[1:]...)
	command.Dir, command.Env = w.dir, append(w.env(), "TERM=xterm")
	file, err := pty.StartWithSize(command, &pty.Winsize{Rows: 40, Cols: 200})
	if err != nil {
		w.t.Fatal(err)
	}
	term := &terminal{t: w.t, file: file, command: command, ended: make(chan struct{})}
	go func() {
		_, _ = io.Copy(term, file) // ends with an error when the program does
		_ = command.Wait()
		close(term.ended)
	}()
	w.t.Cleanup(func() {
		_ = command.Process.Kill()
		<-term.ended
		file.Close()
	})
	return term
}

// Write keeps what the program shows.
func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.shown.Write(p)
}

func (t *terminal) screen() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.shown.String()
}

func (t *terminal) types(text string) {
	t.t.Helper()
	if _, err := t.file.WriteString(text); err != nil {
		t.t.Fatal(err)
	}
}

// awaits waits until something is shown.
func (t *terminal) awaits(text string) {
	t.t.Helper()
	harness.Await(t.t, harness.Patience, fmt.Sprintf("%q on the terminal", text), func() (bool, error) {
		return strings.Contains(t.screen(), text), fmt.Errorf("it shows %q", t.screen())
	})
}

// exits waits for the end and its exit code.
func (t *terminal) exits(code int) {
	t.t.Helper()
	select {
	case <-t.ended:
	case <-time.After(60 * time.Second):
		t.t.Fatalf("it does not end, and shows %q", t.screen())
	}
	if got := t.command.ProcessState.ExitCode(); got != code {
		t.t.Errorf("exit code %d, want %d; it showed %q", got, code, t.screen())
	}
}

// TestConnectAsksForTheToken: it is typed without being shown, and is in no argument list.
func TestConnectAsksForTheToken(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t))
	g := newGroup(t, w.Server, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String("shop"), AuthToken: aws.String(token1)})
	term := w.terminal("bin/aikagi", "connect", "shop")
	term.awaits("Token: ")
	term.types(token1 + "\n")
	host, _, _ := strings.Cut(g.primary(), ":")
	term.awaits(host + ":6379> ")
	arguments, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", term.command.Process.Pid))
	if err != nil || !bytes.Contains(arguments, []byte("-cli")) || bytes.Contains(arguments, []byte(token1)) {
		t.Errorf("arguments %q, %v", arguments, err)
	}
	term.types("acl whoami\r")
	term.awaits("token:" + nameOf(token1))
	if strings.Contains(term.screen(), token1) {
		t.Error("the token is shown")
	}
	term.types("exit\r")
	term.exits(0)

	given := w.terminal("bash", "-c", "REDISCLI_AUTH="+token1+" bin/aikagi connect shop ping")
	given.exits(0)
	if screen := given.screen(); strings.Contains(screen, "Token:") || !strings.Contains(screen, "PONG") {
		t.Errorf("with a token in the environment: %q", screen)
	}

	// Interrupted: the terminal shows again what is typed.
	left := w.terminal("bash", "-c", "bin/aikagi connect shop; stty -a")
	left.awaits("Token: ")
	left.types("\x03")
	left.awaits("interrupted")
	left.exits(0)
	if screen := left.screen(); !strings.Contains(screen, " echo ") || strings.Contains(screen, " -echo ") {
		t.Errorf("after an interrupt: %q", screen)
	}
}

// TestDeleteAsksForTheName: only the right name deletes.
func TestDeleteAsksForTheName(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t))
	newGroup(t, w.Server, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String("shop")})
	for answer, want := range map[string]string{"yes\n": "not its name", "\n": "not its name", "\x04": "nothing was changed", "\x03": "nothing was changed"} {
		term := w.terminal("bin/aikagi", "delete", "shop")
		term.awaits("Type its name to go on: ")
		term.types(answer)
		term.exits(1)
		if !strings.Contains(term.screen(), want) {
			t.Errorf("answer %q: %q", answer, term.screen())
		}
	}
	w.must("bin/aikagi describe shop")
	term := w.terminal("bin/aikagi", "delete", "shop")
	term.awaits("Type its name to go on: ")
	term.types("shop\n")
	term.exits(0)
	w.AwaitStatus("shop", "")
}

// TestProgressOnATerminal: one line that is redrawn, and an interrupt leaves the group to go on.
func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t))
	term := w.terminal("bin/aikagi", "create", "shop", "--num-cache-clusters", "2")
	term.exits(0)
	if screen := term.screen(); !strings.Contains(screen, "\r\x1b[Kshop is available at ") {
		t.Errorf("%q", screen)
	}
	watching := w.terminal("bin/aikagi", "status", "--watch", "--interval", "500ms")
	watching.awaits("\x1b[H\x1b[2JGROUP")
	w.must("bin/aikagi delete shop -y")
	watching.awaits("\x1b[H\x1b[2JGROUP  STATUS  ENGINE  NODES  ENDPOINT  ACCESS\r\n\r\n")
	watching.types("\x03")
	watching.exits(0)
}

// TestCompletionInBash: what bash completes when Tab is pressed.
func TestCompletionInBash(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t))
	w.must("bin/aikagi create sessions --no-wait")
	term := w.terminal("bash", "--norc", "--noprofile", "-i")
	term.types("PS1='ready> '; PATH=$PWD/bin:$PATH; source <(aikagi completion bash)\n")
	term.awaits("ready> ")
	for typed, want := range map[string]string{
		"aikagi descr\t":                  "aikagi describe ",
		"aikagi describe s\t":             "aikagi describe sessions ",
		"aikagi token rotate s\t":         "aikagi token rotate sessions ",
		"aikagi connect sessions --rea\t": "aikagi connect sessions --reader ",
		"aikagi completion z\t":           "aikagi completion zsh ",
		"bin/aikagi token sched\t":        "bin/aikagi token schedule ",
	} {
		term.types(typed)
		term.awaits(want)
		term.types("\x15") // take the line back
	}
	term.types("exit\n")
	term.exits(0)
	for _, shell := range []string{"zsh", "fish"} {
		if _, err := exec.LookPath(shell); err != nil {
			continue
		}
		if r := w.sh("bin/aikagi completion " + shell + " | " + shell + " -n"); r.code != 0 {
			t.Errorf("%s does not take its code: %s", shell, r.problems)
		}
	}
}
