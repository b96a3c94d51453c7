// Package pkitest makes the certificates of nodes that tests start without a service.
package pkitest

import (
	"net/netip"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/pki"
)

// Node makes an authority and a certificate of it, with its key, for a node at an address. Both are PEM.
func Node(t testing.TB, at netip.Addr) (authority, node []byte) {
	t.Helper()
	a, err := pki.Open(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := a.Issue(nil, []netip.Addr{at})
	if err != nil {
		t.Fatal(err)
	}
	return a.CertPEM(), certificate.Bundle()
}
