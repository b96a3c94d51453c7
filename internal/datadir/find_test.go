package datadir

import (
	"os"
	"path/filepath"
	"testing"
)

// The order is: named, here, the state directory. A directory here that is not ours does
// not count.
func TestFind(t *testing.T) {
	folder, state := t.TempDir(), t.TempDir()
	t.Chdir(folder)
	t.Setenv("XDG_STATE_HOME", state)
	fallback := filepath.Join(state, "aikagi")
	check := func(named, want string) {
		t.Helper()
		if got := Find(named); got.Path != want || got.Why == "" {
			t.Errorf("with %q: %+v, want %s", named, got, want)
		}
	}
	check("", fallback)
	if err := os.WriteFile(Here, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	check("", fallback)
	if err := os.Remove(Here); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(Here, 0o700); err != nil {
		t.Fatal(err)
	}
	check("", filepath.Join(folder, Here))
	check("/elsewhere", "/elsewhere")

	if os.Geteuid() != 0 {
		return // only root can give a directory away
	}
	if err := os.Chown(Here, 4711, 4711); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SUDO_UID", "4712")
	check("", fallback)
	t.Setenv("SUDO_UID", "4711")
	check("", filepath.Join(folder, Here))
}
