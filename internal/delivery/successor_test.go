//go:build linux

package delivery_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// A server that may give files away but not read them afterwards could neither verify
// nor revert a delivery: it is refused before anything is replaced.
func TestFileSuccessorCannotBeRead(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can make a file of another user")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	for _, open := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(open, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for group, want := range map[uint32]string{65432: "could not read its successor", 54321: ""} {
		for _, call := range []string{"check", "deliver"} {
			write(t, path, oldToken, 0o644)
			if err := os.Chown(path, 12345, int(group)); err != nil {
				t.Fatal(err)
			}
			token := token.Generate().Reveal()
			in, err := json.Marshal(job{Target: rotation.Target{File: &rotation.FileTarget{Path: path}}, Files: []string{dir},
				Call: call, RotationID: "r1", Token: token})
			if err != nil {
				t.Fatal(err)
			}
			child := exec.Command("/proc/self/exe")
			child.Env, child.Stdin = append(os.Environ(), childVariable+"=1"), bytes.NewReader(in)
			child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 54321, Gid: 54321}, AmbientCaps: []uintptr{unix.CAP_CHOWN}}
			printed, err := child.CombinedOutput()
			if (err != nil) != (want != "") || !strings.Contains(string(printed), want) {
				t.Errorf("%s of group %d: %v: %s, want %q", call, group, err, printed, want)
			}
			now := oldToken
			if call == "deliver" && want == "" {
				now = token
			}
			if got := read(t, path); got != now {
				t.Errorf("%s of group %d: the wrong token is in use", call, group)
			}
			if left := names(t, dir); want != "" && len(left) != 1 {
				t.Errorf("%s left behind: %v", call, left)
			}
			_ = os.Remove(filepath.Join(dir, ".token.aikagi-previous"))
		}
	}
}
