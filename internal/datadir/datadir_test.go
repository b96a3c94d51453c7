package datadir

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T, path string) *Dir {
	t.Helper()
	d, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() }) // a test may have closed it
	return d
}

func TestOneHolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	first := open(t, path)
	if _, err := Open(path); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("a second holder: %v", err)
	}
	if pid, err := Holder(path); err != nil || pid != os.Getpid() {
		t.Errorf("holder %d, %v", pid, err)
	}
	got := make(chan error, 1)
	go func() {
		second, err := Wait(t.Context(), path)
		if err == nil {
			err = second.Close()
		}
		got <- err
	}()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-got:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("Wait does not see that the directory was given up")
	}
}

func TestOpenRefusesADirectoryThatOthersCanRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "chmod 700") {
		t.Errorf("error %v", err)
	}
}

func TestSecretsAreMadeOnceAndPrivate(t *testing.T) {
	t.Parallel()
	d := open(t, filepath.Join(t.TempDir(), "data"))
	master, err := d.MasterKey()
	if err != nil || len(master) != 32 {
		t.Fatalf("%d bytes, %v", len(master), err)
	}
	key, err := d.AccessKey()
	if err != nil || len(key.ID) != 20 || len(key.Reveal()) != 40 {
		t.Fatalf("key %s, %v", key, err)
	}
	again, err := d.MasterKey()
	if err != nil || !bytes.Equal(again, master) {
		t.Errorf("another master key the second time: %v", err)
	}
	if same, err := ReadAccessKey(d.Path()); err != nil || same != key {
		t.Errorf("another access key the second time: %v", err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", key, key, key, key); strings.Contains(text, key.Reveal()) {
		t.Errorf("the secret shows in %s", text)
	}
	for _, name := range []string{"master.key", "credentials", "lock"} {
		info, err := os.Stat(filepath.Join(d.Path(), name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
	}
}

func TestLostSecretsAreNotReplaced(t *testing.T) {
	t.Parallel()
	d := open(t, filepath.Join(t.TempDir(), "data"))
	if err := os.WriteFile(d.Store(), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.MasterKey(); err == nil || !strings.Contains(err.Error(), "backup") {
		t.Errorf("a store without its master key: %v", err)
	}
	if err := os.WriteFile(filepath.Join(d.Path(), "master.key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.MasterKey(); err == nil {
		t.Error("a short master key was taken")
	}
	if err := os.WriteFile(CredentialsPath(d.Path()), []byte("[other]\naws_access_key_id = A\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AccessKey(); err == nil || !strings.Contains(err.Error(), "[default]") {
		t.Errorf("credentials without a default profile: %v", err)
	}
}

func TestEndpointIsThereWhileItIsAnnounced(t *testing.T) {
	t.Parallel()
	d := open(t, filepath.Join(t.TempDir(), "data"))
	if _, err := Endpoint(d.Path()); !errors.Is(err, ErrNotServed) {
		t.Errorf("before: %v", err)
	}
	if err := d.Announce("http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	if url, err := Endpoint(d.Path()); err != nil || url != "http://127.0.0.1:1" {
		t.Errorf("announced %q, %v", url, err)
	}
	if err := d.Withdraw(); err != nil {
		t.Fatal(err)
	}
	if url, err := Endpoint(d.Path()); err == nil {
		t.Errorf("after: %q", url)
	}
}
