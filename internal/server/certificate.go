package server

import (
	"crypto/tls"
	"net/netip"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/pki"
)

// ownCertificate is the API's certificate by the built-in CA. It is made anew in
// time, so that a control plane may run for years.
type ownCertificate struct {
	authority *pki.Authority
	names     []string
	addresses []netip.Addr
	now       func() time.Time

	mu      sync.Mutex // guards both below
	current pki.Certificate
	pair    *tls.Certificate
}

// get is for [tls.Config.GetCertificate].
func (c *ownCertificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pair != nil && !c.authority.NeedsRenewal(c.current.CertPEM, c.now(), c.names, c.addresses) {
		return c.pair, nil
	}
	next, err := c.authority.Issue(c.names, c.addresses)
	if err != nil {
		return nil, err
	}
	pair, err := next.TLS()
	if err != nil {
		return nil, err
	}
	c.current, c.pair = next, &pair
	return c.pair, nil
}
