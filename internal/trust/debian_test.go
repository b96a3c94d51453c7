package trust

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The real command, with directories of the test's own in place of the system's.
func TestDebianStoreTakesTheCertificate(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("update-ca-certificates"); err != nil {
		t.Skip("no update-ca-certificates here")
	}
	root := t.TempDir()
	for _, dir := range []string{"usr/local/share/ca-certificates", "usr/share/ca-certificates", "etc/ssl/certs", "etc/ca-certificates/update.d"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	conf := filepath.Join(root, "etc/ca-certificates.conf")
	if err := os.WriteFile(conf, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(ctx context.Context, command []string) ([]byte, error) {
		arguments := append(slices.Clone(command[1:]),
			"--certsconf", conf,
			"--certsdir", filepath.Join(root, "usr/share/ca-certificates"),
			"--localcertsdir", filepath.Join(root, "usr/local/share/ca-certificates"),
			"--etccertsdir", filepath.Join(root, "etc/ssl/certs"),
			"--hooksdir", filepath.Join(root, "etc/ca-certificates/update.d"))
		return exec.CommandContext(ctx, command[0], arguments...).CombinedOutput()
	}
	// Not alone: the command leaves the bundle as it is when there is no certificate.
	neighbour := filepath.Join(root, "usr/local/share/ca-certificates/neighbour.crt")
	if err := os.WriteFile(neighbour, certificate(t, true), 0o600); err != nil {
		t.Fatal(err)
	}
	ca := certificate(t, true)
	install, uninstall := plans(t, stores()[0], ca)
	bundle := func() string {
		content, err := os.ReadFile(filepath.Join(root, "etc/ssl/certs/ca-certificates.crt"))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	if _, err := Apply(t.Context(), root, install, run); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(bundle(), string(ca)) {
		t.Error("installed and not in the bundle")
	}
	if _, err := Apply(t.Context(), root, uninstall, run); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(bundle(), string(ca)) {
		t.Error("uninstalled and still in the bundle")
	}
}
