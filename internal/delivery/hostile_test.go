package delivery_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// A server that repeats requests in its errors does not bring the token into ours.
func TestSecretErrorsAreRedacted(t *testing.T) {
	t.Parallel()
	stand := &standIn{secrets: map[string]*heldSecret{}, calls: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".PutSecretValue") {
			stand.ServeHTTP(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": "InvalidParameterException", "message": "cannot take " + string(body)})
	}))
	t.Cleanup(server.Close)
	for _, key := range []string{"", "password"} {
		token, err := token.Parse("with&special<characters>!#$^-0123")
		if err != nil {
			t.Fatal(err)
		}
		err = call(newSecret(t, server.URL, key).open(t), "deliver", changeOf("r1", token))
		if err == nil || !strings.Contains(err.Error(), "cannot take") {
			t.Fatalf("error: %v", err)
		}
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v", err, err)} {
			if strings.Contains(text, "special") {
				t.Errorf("the token is in the error: %s", text)
			}
		}
	}
}

// Without the right to keep the file's owner, its reader would be locked out: the
// delivery is refused and the file stays. As root the test does it as another user.
func TestFileOwnerCannotBeKept(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can make a file of another user")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	write(t, path, oldToken, 0o644)
	for _, open := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(open, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for call, want := range map[string]string{"stage": "CAP_CHOWN", "deliver": "CAP_CHOWN", "revert": "", "finish": ""} {
		in, err := json.Marshal(job{Target: rotation.Target{File: &rotation.FileTarget{Path: path}}, Files: []string{dir},
			Call: call, RotationID: "r1", Token: token.Generate().Reveal()})
		if err != nil {
			t.Fatal(err)
		}
		child := exec.Command("/proc/self/exe") // by path it may be out of the other user's reach
		child.Env, child.Stdin = append(os.Environ(), childVariable+"=1"), bytes.NewReader(in)
		child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 54321, Gid: 54321}}
		printed, err := child.CombinedOutput()
		if (err != nil) != (want != "") || !strings.Contains(string(printed), want) {
			t.Errorf("%s: %v: %s, want %q", call, err, printed, want)
		}
		if got := read(t, path); got != oldToken {
			t.Fatalf("%s changed the file", call)
		}
		if left := names(t, dir); len(left) != 1 {
			t.Fatalf("%s left behind: %v", call, left)
		}
	}
}
