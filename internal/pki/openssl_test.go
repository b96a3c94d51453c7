package pki

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The engines, redis-cli, Python and Node verify with OpenSSL: it must accept the
// name constraints, and must enforce them.
func TestOpenSSLAcceptsAndEnforces(t *testing.T) {
	t.Parallel()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl here")
	}
	dir := t.TempDir()
	authority := open(t, dir, time.Now())
	leaf := filepath.Join(dir, "leaf.pem")
	verify := func(certificate []byte, args ...string) (string, error) {
		if err := os.WriteFile(leaf, certificate, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append([]string{"verify", "-x509_strict", "-CAfile", authority.Path()}, append(args, leaf)...)
		out, err := exec.CommandContext(t.Context(), openssl, args...).CombinedOutput()
		return string(out), err
	}

	good := issue(t, authority, []string{"localhost", "a.aikagi.internal"}, nodeAddr, netip.MustParseAddr("::1")).CertPEM
	onlyAddress := issue(t, authority, nil, nodeAddr).CertPEM
	for _, test := range []struct {
		certificate []byte
		args        []string
	}{
		{good, []string{"-purpose", "sslserver", "-verify_ip", "127.80.0.1"}},
		{good, []string{"-purpose", "sslserver", "-verify_hostname", "a.aikagi.internal"}},
		{good, []string{"-purpose", "sslclient"}},
		{onlyAddress, []string{"-purpose", "sslserver", "-verify_ip", "127.80.0.1"}},
	} {
		if out, err := verify(test.certificate, test.args...); err != nil {
			t.Errorf("openssl verify %v: %v\n%s", test.args, err, out)
		}
	}
	if out, err := verify(good, "-verify_ip", "127.80.0.2"); err == nil {
		t.Errorf("accepted for another address\n%s", out)
	}

	// What a thief of the key would sign.
	for _, test := range []struct {
		names []string
		addrs []netip.Addr
	}{{[]string{"www.example.com"}, nil}, {nil, []netip.Addr{netip.MustParseAddr("192.0.2.1")}}} {
		out, err := verify(signUnchecked(t, authority, test.names, test.addrs))
		if err == nil || !strings.Contains(out, "permitted subtree violation") {
			t.Errorf("%v %v: %v\n%s", test.names, test.addrs, err, out)
		}
	}
}

// signUnchecked is Issue without its last look.
func signUnchecked(t *testing.T, authority *Authority, names []string, addrs []netip.Addr) []byte {
	t.Helper()
	key, _, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, authority.leafTemplate(names, addrs), authority.certificate, key.Public(), authority.key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
