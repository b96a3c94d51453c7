package pki

import (
	"crypto/x509"
	"net"
	"net/netip"
	"slices"
	"time"
)

// NeedsRenewal says whether a certificate should be replaced by a new one of this
// CA: it cannot be read, another CA signed it, two thirds of its life are over,
// the clock says that it is not valid yet, or it lacks one of the names and
// addresses. It does no I/O and reads no clock.
func (a *Authority) NeedsRenewal(certPEM []byte, now time.Time, names []string, addrs []netip.Addr) bool {
	certificate, err := parseCertificate(certPEM)
	if err != nil || certificate.CheckSignatureFrom(a.certificate) != nil {
		return true
	}
	if now.Before(certificate.NotBefore) || !now.Before(renewal(certificate)) {
		return true
	}
	return !covers(certificate, names, addrs)
}

// RenewAt is when two thirds of the certificate's life are over, or the zero time
// if it cannot be read: the next moment to ask [Authority.NeedsRenewal].
func RenewAt(certPEM []byte) time.Time {
	certificate, err := parseCertificate(certPEM)
	if err != nil {
		return time.Time{}
	}
	return renewal(certificate)
}

func renewal(certificate *x509.Certificate) time.Time {
	life := certificate.NotAfter.Sub(certificate.NotBefore)
	return certificate.NotBefore.Add(life / 3 * 2)
}

func covers(certificate *x509.Certificate, names []string, addrs []netip.Addr) bool {
	for _, name := range names {
		if !slices.Contains(certificate.DNSNames, name) {
			return false
		}
	}
	for _, ip := range netIPs(addrs) {
		if !slices.ContainsFunc(certificate.IPAddresses, func(have net.IP) bool { return have.Equal(ip) }) {
			return false
		}
	}
	return true
}
