package integration

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

// shop is the directory of somebody who runs the commands of our pages: bin/aikagi is in
// it, and .aikagi is the data directory of a control plane, as after make run.
type shop struct {
	*harness.Server
	t   *testing.T
	dir string
}

func newShop(t *testing.T, s *harness.Server) *shop {
	t.Helper()
	w := &shop{Server: s, t: t, dir: t.TempDir()}
	binary, err := harness.Binary()
	if err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{".aikagi": s.Dir, "bin": filepath.Dir(binary)} {
		if err := os.Symlink(to, filepath.Join(w.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// result is what a command left behind.
type result struct {
	out, problems string
	code          int
}

// sh runs a script in the directory, without any setting of AWS's or ours.
func (w *shop) sh(script string, env ...string) result {
	w.t.Helper()
	command := exec.CommandContext(w.t.Context(), "bash", "-c", script)
	command.Dir, command.Env = w.dir, append(w.env(), env...)
	var out, problems bytes.Buffer
	command.Stdout, command.Stderr = &out, &problems
	err := command.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	return result{out.String(), problems.String(), command.ProcessState.ExitCode()}
}

// must is sh for a script that is to succeed.
func (w *shop) must(script string, env ...string) string {
	w.t.Helper()
	r := w.sh(script, env...)
	if r.code != 0 {
		w.t.Fatalf("%s: exit code %d\n%s%s", script, r.code, r.out, r.problems)
	}
	return r.out
}

// env is the environment of somebody who has set up nothing, with a home of their own.
func (w *shop) env() []string {
	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "AIKAGI_") && !strings.HasPrefix(name, "REDISCLI_") &&
			name != "HOME" && name != "TZ" && name != "XDG_STATE_HOME" {
			env = append(env, v)
		}
	}
	return append(env, "HOME="+w.dir, "TZ=Asia/Tokyo")
}
