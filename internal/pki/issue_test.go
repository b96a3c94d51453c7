package pki

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

var nodeAddr = netip.MustParseAddr("127.80.0.1")

func issue(t *testing.T, authority *Authority, names []string, addrs ...netip.Addr) Certificate {
	t.Helper()
	certificate, err := authority.Issue(names, addrs)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func leafOf(t *testing.T, certificate Certificate) *x509.Certificate {
	t.Helper()
	leaf, err := parseCertificate(certificate.CertPEM)
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}

func TestIssueSignsForAllNamesAndAddresses(t *testing.T) {
	t.Parallel()
	authority := open(t, t.TempDir(), noon)
	certificate := issue(t, authority, []string{"localhost", "a-001.aikagi.internal"}, nodeAddr, netip.MustParseAddr("::1"))
	leaf := leafOf(t, certificate)

	for _, name := range []string{"localhost", "a-001.aikagi.internal", "127.80.0.1", "::1"} {
		for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
			_, err := leaf.Verify(x509.VerifyOptions{
				DNSName: name, Roots: authority.CertPool(), CurrentTime: noon, KeyUsages: []x509.ExtKeyUsage{usage},
			})
			if err != nil {
				t.Errorf("%s, usage %d: %v", name, usage, err)
			}
		}
	}
	if err := leaf.VerifyHostname("127.80.0.2"); err == nil {
		t.Error("valid for an address that was not asked for")
	}
	if !leaf.NotBefore.Equal(noon.Add(-24*time.Hour)) || !leaf.NotAfter.Equal(noon.Add(90*24*time.Hour)) {
		t.Errorf("valid from %v to %v", leaf.NotBefore, leaf.NotAfter)
	}
	other := leafOf(t, issue(t, authority, []string{"localhost"}))
	if leaf.SerialNumber.Cmp(other.SerialNumber) == 0 {
		t.Error("two certificates of the same serial number")
	}
	if _, err := certificate.TLS(); err != nil {
		t.Error(err)
	}
}

func TestIssueRefusesWhatNobodyWouldAccept(t *testing.T) {
	t.Parallel()
	authority := open(t, t.TempDir(), noon)
	for _, test := range []struct {
		names []string
		addrs []netip.Addr
	}{
		{nil, nil},
		{[]string{"www.example.com"}, nil},
		{[]string{"localhost", "example.com"}, nil},
		{nil, []netip.Addr{netip.MustParseAddr("192.0.2.1")}},
		{nil, []netip.Addr{nodeAddr, netip.MustParseAddr("2001:db8::1")}},
	} {
		if _, err := authority.Issue(test.names, test.addrs); err == nil {
			t.Errorf("signed for %v %v", test.names, test.addrs)
		}
	}
}

func TestOpenTakesFurtherDomains(t *testing.T) {
	t.Parallel()
	authority, err := Open(t.TempDir(), at(noon), "caches.example.com.")
	if err != nil {
		t.Fatal(err)
	}
	issue(t, authority, []string{"a.caches.example.com"})
	if _, err := authority.Issue([]string{"example.com"}, nil); err == nil {
		t.Error("signed for the parent of the domain")
	}
}

func TestIssueEndsWithTheAuthority(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	end := open(t, dir, noon).Certificate().NotAfter
	leaf := leafOf(t, issue(t, open(t, dir, end.Add(-24*time.Hour)), []string{"localhost"}))
	if leaf.NotAfter.After(end) {
		t.Errorf("valid until %v, longer than its CA (%v)", leaf.NotAfter, end)
	}
}

// What is signed while the clock is behind must verify for clients whose clock is
// behind, too, and for those whose clock is right.
func TestIssueWithAClockSetBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, dir, noon)
	back := open(t, dir, noon.Add(-20*time.Hour))
	leaf := leafOf(t, issue(t, back, []string{"localhost"}))
	for _, clock := range []time.Time{noon.Add(-20 * time.Hour), noon} {
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: back.CertPool(), CurrentTime: clock}); err != nil {
			t.Errorf("at %v: %v", clock, err)
		}
	}
}

func TestNeedsRenewal(t *testing.T) {
	t.Parallel()
	authority, other := open(t, t.TempDir(), noon), open(t, t.TempDir(), noon)
	names, addrs := []string{"localhost"}, []netip.Addr{nodeAddr}
	certificate := issue(t, authority, names, addrs...).CertPEM
	due := RenewAt(certificate)
	if want := noon.Add(-24 * time.Hour).Add(91 * 24 * time.Hour / 3 * 2); !due.Equal(want) {
		t.Errorf("due at %v, want %v", due, want)
	}
	for _, test := range []struct {
		name  string
		cert  []byte
		now   time.Time
		names []string
		addrs []netip.Addr
		want  bool
	}{
		{"new", certificate, noon, names, addrs, false},
		{"covers more than is asked", certificate, noon, nil, addrs, false},
		{"just before two thirds of its life", certificate, due.Add(-time.Second), names, addrs, false},
		{"at two thirds of its life", certificate, due, names, addrs, true},
		{"clock set back within the backdating", certificate, noon.Add(-23 * time.Hour), names, addrs, false},
		{"not valid yet", certificate, noon.Add(-25 * time.Hour), names, addrs, true},
		{"a name is missing", certificate, noon, append(slices.Clone(names), "a.internal"), addrs, true},
		{"an address is missing", certificate, noon, names, append(slices.Clone(addrs), netip.MustParseAddr("127.80.0.9")), true},
		{"of another CA", issue(t, other, names, addrs...).CertPEM, noon, names, addrs, true},
		{"unreadable", []byte("half a certifi"), noon, names, addrs, true},
		{"none", nil, noon, names, addrs, true},
	} {
		if got := authority.NeedsRenewal(test.cert, test.now, test.names, test.addrs); got != test.want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

func TestKeysDoNotPrint(t *testing.T) {
	t.Parallel()
	authority := open(t, t.TempDir(), noon)
	certificate := issue(t, authority, []string{"localhost"})
	encoded, err := json.Marshal(certificate.KeyPEM)
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	logger := slog.New(slog.NewTextHandler(&logged, nil))
	logger.Info("made", "key", certificate.KeyPEM, "certificate", certificate, "authority", authority)

	digits := authority.key.D.String() //nolint:staticcheck // the number is what must not be printed
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x %d", certificate, certificate, certificate, certificate.KeyPEM, certificate.KeyPEM, certificate.KeyPEM, certificate.KeyPEM),
		fmt.Sprintf("%v %+v %#v %s %x", authority, authority, authority, authority, authority),
		string(encoded),
		logged.String(),
	} {
		for _, secret := range []string{"PRIVATE KEY", "505249564154452", digits} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in %.200q", secret, text)
			}
		}
	}
}

func TestHostNamesThatTheAuthorityMayVouchFor(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"web1.example.com": true, "web-1": true, "4f2a9c": true,
		"dev": false, "xn--p1ai": false, "": false, "a_b.1": false, "a..b": false,
	} {
		if got := ownName(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}
