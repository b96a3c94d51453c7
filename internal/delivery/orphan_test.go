//go:build linux

package delivery_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/delivery"
)

func pidIn(t *testing.T, path string) int {
	t.Helper()
	pid, err := strconv.Atoi(strings.TrimSpace(read(t, path)))
	if err != nil || pid <= 1 {
		t.Fatalf("no process id in %s: %v", path, err)
	}
	return pid
}

// A program must not outlive an aikagi that is killed: it would put a token into
// use after the next one has taken it back.
func TestCommandEndsWithServer(t *testing.T) {
	t.Parallel()
	_, state, r := script(t, `echo $$ >pid; echo >started; exec sleep 1000`, delivery.Options{})
	started := filepath.Join(state, "started")
	if err := unix.Mkfifo(started, 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := json.Marshal(job{Target: r.target, Commands: r.options.Commands, Call: "deliver", RotationID: "r1", Token: token.Generate().Reveal()})
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0])
	child.Env, child.Stdin = append(os.Environ(), childVariable+"=1"), bytes.NewReader(in)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	fifo, err := os.Open(started) // waits for the program
	if err != nil {
		t.Fatal(err)
	}
	defer fifo.Close()
	if _, err := io.ReadAll(fifo); err != nil {
		t.Fatal(err)
	}
	pid := pidIn(t, filepath.Join(state, "pid"))
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed, as was wanted
	ended(t, pid)
}
