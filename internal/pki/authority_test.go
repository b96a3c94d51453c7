package pki

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2030, 6, 1, 12, 0, 0, 0, time.UTC)

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

func open(t *testing.T, dir string, now time.Time) *Authority {
	t.Helper()
	authority, err := Open(dir, at(now))
	if err != nil {
		t.Fatal(err)
	}
	return authority
}

func TestOpenMakesTheAuthorityOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(t, dir, noon)
	second := open(t, dir, noon.Add(time.Hour))
	if !bytes.Equal(first.CertPEM(), second.CertPEM()) {
		t.Error("the second start made a CA of its own")
	}
	for name, mode := range map[string]os.FileMode{AuthorityFile: 0o644, AuthorityKeyFile: 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %04o, want %04o", name, info.Mode().Perm(), mode)
		}
	}
	ca := first.Certificate()
	if !ca.IsCA || ca.MaxPathLen != 0 || !ca.MaxPathLenZero || !ca.PermittedDNSDomainsCritical {
		t.Errorf("not a constrained CA of path length 0: %+v", ca)
	}
	if got, want := ca.NotBefore, noon.Add(-365*24*time.Hour); !got.Equal(want) {
		t.Errorf("valid from %v, want %v", got, want)
	}
	if years := ca.NotAfter.Sub(noon).Hours() / 24 / 365; years != 10 {
		t.Errorf("valid for %v years, want 10", years)
	}
	if len(ca.Subject.CommonName) > 64 || !strings.HasPrefix(ca.Subject.CommonName, "aikagi CA ") {
		t.Errorf("common name %q", ca.Subject.CommonName)
	}
}

// Every state that a kill -9 can leave behind, in the order of the steps.
func TestOpenGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	complete := t.TempDir()
	open(t, complete, noon)
	file := func(name string) []byte {
		content, err := os.ReadFile(filepath.Join(complete, name))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	key, cert := file(AuthorityKeyFile), file(AuthorityFile)

	states := []struct {
		name  string
		files map[string][]byte
	}{
		{"nothing", nil},
		{"half of the key under its temporary name", map[string][]byte{AuthorityKeyFile + ".new": key[:20]}},
		{"the key under its temporary name", map[string][]byte{AuthorityKeyFile + ".new": key}},
		{"the key alone", map[string][]byte{AuthorityKeyFile: key}},
		{"half of the certificate", map[string][]byte{AuthorityKeyFile: key, AuthorityFile + ".new": cert[:20]}},
		{"the certificate under its temporary name", map[string][]byte{AuthorityKeyFile: key, AuthorityFile + ".new": cert}},
		{"both", map[string][]byte{AuthorityKeyFile: key, AuthorityFile: cert}},
	}
	for _, state := range states {
		t.Run(state.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, content := range state.files {
				if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			authority := open(t, dir, noon)
			if _, err := authority.Issue([]string{"localhost"}, nil); err != nil {
				t.Error(err)
			}
			if published := state.files[AuthorityFile]; published != nil && !bytes.Equal(published, authority.CertPEM()) {
				t.Error("a published CA was replaced")
			}
			if again := open(t, dir, noon); !bytes.Equal(again.CertPEM(), authority.CertPEM()) {
				t.Error("the next start has another CA")
			}
		})
	}
}

func TestOpenRefusesWhatItCannotRepair(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(dir string) error
		now   time.Time
		says  string
	}{
		{"the key is lost", func(dir string) error { return os.Remove(filepath.Join(dir, AuthorityKeyFile)) }, noon, "from a backup"},
		{"the key is empty", overwrite(AuthorityKeyFile, ""), noon, "no PEM block"},
		{"the certificate is empty", overwrite(AuthorityFile, ""), noon, "no certificate in PEM form"},
		{"the certificate is damaged", overwrite(AuthorityFile, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"), noon, "parse certificate"},
		{"the key is another CA's", swapKey, noon, "do not belong together"},
		{"others may read the key", func(dir string) error { return os.Chmod(filepath.Join(dir, AuthorityKeyFile), 0o644) }, noon, "chmod 600"},
		{"ten years later", func(string) error { return nil }, noon.Add(authorityLife + time.Hour), "check the clock"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			open(t, dir, noon)
			if err := test.spoil(dir); err != nil {
				t.Fatal(err)
			}
			before := listing(t, dir)
			_, err := Open(dir, at(test.now))
			if !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want ErrUnusable that says %q", err, test.says)
			}
			if after := listing(t, dir); after != before {
				t.Errorf("the directory was changed:\n%s\nwas\n%s", after, before)
			}
		})
	}
}

func TestOpenReportsAFullOrForbiddenDirectory(t *testing.T) {
	t.Parallel()
	if _, err := Open(filepath.Join(t.TempDir(), "absent"), at(noon)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want that the directory does not exist", err)
	}
}

func overwrite(name, content string) func(string) error {
	return func(dir string) error { return os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600) }
}

func swapKey(dir string) error {
	_, keyPEM, err := newKey()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, AuthorityKeyFile), keyPEM.Reveal(), 0o600)
}

// listing is names, modes and contents of a directory's files.
func listing(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(entry.Name() + info.Mode().String() + string(content))
	}
	return b.String()
}
