package pki

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

const leafLife = 90 * 24 * time.Hour

// Certificate is a server certificate with its key.
type Certificate struct {
	CertPEM []byte
	KeyPEM  PrivateKey
}

// Bundle is certificate and key in one file's content, so that the two cannot
// disagree on disk. It is a secret: write it with mode 0600.
func (c Certificate) Bundle() []byte {
	return append(bytes.Clone(c.CertPEM), c.KeyPEM.Reveal()...)
}

// TLS is the certificate in the form that crypto/tls takes.
func (c Certificate) TLS() (tls.Certificate, error) {
	pair, err := tls.X509KeyPair(c.CertPEM, c.KeyPEM.Reveal())
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("pair certificate and key: %w", err)
	}
	return pair, nil
}

// Issue signs a new certificate with a new key for all of the names and addresses,
// at least one. It is valid for 90 days, but not longer than the CA, for servers
// and for clients, as a replica shows its own to its primary. An error that
// mentions "not permitted" means a name or address outside the CA's name
// constraints: nobody would accept such a certificate, so none is made.
func (a *Authority) Issue(names []string, addrs []netip.Addr) (Certificate, error) {
	if len(names)+len(addrs) == 0 {
		return Certificate{}, errors.New("issue certificate: no name and no address")
	}
	key, keyPEM, err := newKey()
	if err != nil {
		return Certificate{}, fmt.Errorf("issue certificate: %w", err)
	}
	template := a.leafTemplate(names, addrs)
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return Certificate{}, fmt.Errorf("issue certificate: %w", err)
	}
	if err := a.verify(der); err != nil {
		return Certificate{}, fmt.Errorf("issue certificate: %w", err)
	}
	return Certificate{CertPEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), KeyPEM: keyPEM}, nil
}

func (a *Authority) leafTemplate(names []string, addrs []netip.Addr) *x509.Certificate {
	now := a.now()
	end := now.Add(leafLife)
	if a.certificate.NotAfter.Before(end) {
		end = a.certificate.NotAfter
	}
	return &x509.Certificate{
		// Not one of the names: OpenSSL would hold a common name that looks like a
		// host name against the name constraints.
		Subject:               pkix.Name{CommonName: "aikagi server"},
		NotBefore:             now.Add(-backdate),
		NotAfter:              end,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		DNSNames:              names,
		IPAddresses:           netIPs(addrs),
	}
}

// verify looks at a new certificate as a client would, at a time when both it and
// the CA are valid.
func (a *Authority) verify(der []byte) error {
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return fmt.Errorf("parse certificate: %w", err)
	}
	at := leaf.NotBefore
	if a.certificate.NotBefore.After(at) {
		at = a.certificate.NotBefore
	}
	_, err = leaf.Verify(x509.VerifyOptions{Roots: a.CertPool(), CurrentTime: at, KeyUsages: leaf.ExtKeyUsage})
	return err
}

func netIPs(addrs []netip.Addr) []net.IP {
	ips := make([]net.IP, 0, len(addrs))
	for _, addr := range addrs {
		ips = append(ips, addr.Unmap().AsSlice())
	}
	return ips
}
