package trust

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func certificate(t *testing.T, isCA bool) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "trust test"}, IsCA: isCA, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestDetect(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, dir string
		commands  []string
		want      string
	}{
		{"Debian", "usr/local/share/ca-certificates", []string{"update-ca-certificates"}, "Debian, Ubuntu or Alpine"},
		{"Fedora", "etc/pki/ca-trust/source/anchors", []string{"update-ca-trust", "trust"}, "Fedora or RHEL"},
		{"Arch", "etc/ca-certificates/trust-source/anchors", []string{"update-ca-trust", "trust"}, "Arch"},
		{"openSUSE", "usr/share/pki/trust/anchors", []string{"update-ca-certificates"}, "openSUSE"},
		{"no command", "usr/local/share/ca-certificates", nil, ""},
		{"no directory", "usr", []string{"update-ca-certificates"}, ""},
	}
	for _, test := range tests {
		root := fstest.MapFS{test.dir + "/x": {}}
		store, err := Detect(root, func(command string) bool { return slices.Contains(test.commands, command) })
		if store.Name != test.want || (test.want == "") != errors.Is(err, ErrNoStore) {
			t.Errorf("%s: %q, %v", test.name, store.Name, err)
		}
	}
}

func TestInstallAndUninstall(t *testing.T) {
	t.Parallel()
	for _, store := range stores() {
		t.Run(store.Name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			if err := os.MkdirAll(filepath.Join(root, store.dir), 0o755); err != nil {
				t.Fatal(err)
			}
			ca := certificate(t, true)
			var ran [][]string
			run := func(_ context.Context, command []string) ([]byte, error) {
				ran = append(ran, command)
				return nil, nil
			}
			install, uninstall := plans(t, store, ca)
			file := filepath.Join(root, install.Path)

			for _, step := range []struct {
				plan    Plan
				changed bool
				there   bool
			}{{install, true, true}, {install, false, true}, {uninstall, true, false}, {uninstall, false, false}} {
				result, err := Apply(t.Context(), root, step.plan, run)
				if err != nil || result.Changed != step.changed {
					t.Fatalf("%v: %+v, %v", step.plan.Command, result, err)
				}
				content, err := os.ReadFile(file)
				if step.there && string(content) != string(ca) || !step.there && !errors.Is(err, fs.ErrNotExist) {
					t.Fatalf("%s holds %q, %v", file, content, err)
				}
			}
			want := [][]string{store.refresh, store.refresh, store.forget, store.forget}
			if diff := cmp.Diff(want, ran); diff != "" {
				t.Errorf("commands (-want +got)\n%s", diff)
			}
		})
	}
}

func TestDescribeSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	install, uninstall := plans(t, stores()[0], certificate(t, true))
	text := install.Describe("/d/ca.pem")
	for _, want := range []string{"Wrote " + install.Path, "ran update-ca-certificates", "Firefox", "cacerts -file /d/ca.pem", "AWS_CA_BUNDLE=/d/ca.pem", "sudo aikagi trust --data-dir d --uninstall\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if text := uninstall.Describe("/d/ca.pem"); !strings.Contains(text, "Removed "+install.Path) || !strings.Contains(text, "sudo aikagi trust --data-dir d\n") {
		t.Errorf("uninstall says\n%s", text)
	}
}

func TestTwoAuthoritiesAreTwoFiles(t *testing.T) {
	t.Parallel()
	store := stores()[0]
	one, _ := plans(t, store, certificate(t, true))
	two, _ := plans(t, store, certificate(t, true))
	if one.Path == two.Path {
		t.Errorf("both are %s", one.Path)
	}
}

func TestInstallRefuses(t *testing.T) {
	t.Parallel()
	ca := certificate(t, true)
	for name, content := range map[string][]byte{
		"nothing": nil, "a server's certificate": certificate(t, false), "two certificates": slices.Concat(ca, ca), "noise": []byte("noise"),
	} {
		if plan, err := stores()[0].Install(content, "aikagi trust"); err == nil {
			t.Errorf("%s: %+v", name, plan)
		}
	}
}

func TestApplyShowsWhatTheCommandSaid(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	store := stores()[0]
	if err := os.MkdirAll(filepath.Join(root, store.dir), 0o755); err != nil {
		t.Fatal(err)
	}
	install, _ := plans(t, store, certificate(t, true))
	_, err := Apply(t.Context(), root, install, func(context.Context, []string) ([]byte, error) {
		return []byte("disk is full\n"), errors.New("exit status 1")
	})
	if err == nil || !strings.Contains(err.Error(), "update-ca-certificates") || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("got %v", err)
	}
}

func plans(t *testing.T, store Store, ca []byte) (install, uninstall Plan) {
	t.Helper()
	install, err := store.Install(ca, "aikagi trust --data-dir d")
	if err != nil {
		t.Fatal(err)
	}
	if uninstall, err = store.Uninstall(ca, "aikagi trust --data-dir d"); err != nil {
		t.Fatal(err)
	}
	return install, uninstall
}
