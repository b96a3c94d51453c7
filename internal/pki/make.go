package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	authorityLife = 10 * 365 * 24 * time.Hour
	backdate      = 24 * time.Hour
	// A CA that is made while the clock is ahead must still be valid when it is set
	// right: a certificate is renewed then, a CA is not.
	authorityBackdate = 365 * 24 * time.Hour
)

// reachable are the addresses that the CA may vouch for: loopback, private,
// link-local and carrier-grade ranges, none of which is routed on the Internet.
func reachable(more []netip.Prefix) []*net.IPNet {
	var ranges []*net.IPNet
	for _, text := range []string{
		"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
		"::1/128", "fc00::/7", "fe80::/10",
	} {
		ranges = append(ranges, network(netip.MustParsePrefix(text)))
	}
	for _, prefix := range more {
		ranges = append(ranges, network(prefix))
	}
	return ranges
}

func network(prefix netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen())}
}

// privateDomains are not in the public DNS (RFC 2606, 6762, 8375, and ICANN's
// reservation of .internal); .lan is what home routers use.
var privateDomains = [...]string{"localhost", "internal", "local", "lan", "home.arpa", "test"}

func makeKey(path string) ([]byte, error) {
	_, keyPEM, err := newKey()
	if err != nil {
		return nil, err
	}
	return keyPEM.Reveal(), writeFile(path, keyPEM.Reveal(), 0o600)
}

func makeCertificate(path string, key *ecdsa.PrivateKey, now time.Time, more []string) ([]byte, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("read host name: %w", err)
	}
	template := authorityTemplate(host, key, now, more)
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sign certificate: %w", err)
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return certPEM, writeFile(path, certPEM, 0o644)
}

// authorityTemplate leaves the serial number out: the standard library then takes
// a random one, as it does for every certificate here.
func authorityTemplate(host string, key *ecdsa.PrivateKey, now time.Time, more []string) *x509.Certificate {
	domains, networks := sorted(more)
	return &x509.Certificate{
		Subject:                     pkix.Name{CommonName: commonName(host, key)},
		NotBefore:                   now.Add(-authorityBackdate),
		NotAfter:                    now.Add(authorityLife),
		IsCA:                        true,
		BasicConstraintsValid:       true,
		MaxPathLenZero:              true,
		KeyUsage:                    x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         permittedDomains(host, domains),
		PermittedIPRanges:           reachable(networks),
	}
}

// sorted tells addresses and networks from names. A name that would open a public domain is left out, see ownName.
func sorted(more []string) (domains []string, networks []netip.Prefix) {
	for _, text := range more {
		if address, err := netip.ParseAddr(text); err == nil {
			networks = append(networks, netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()))
		} else if prefix, err := netip.ParsePrefix(text); err == nil {
			networks = append(networks, prefix.Masked())
		} else if ownName(strings.Trim(text, ".")) {
			domains = append(domains, text)
		}
	}
	return domains, networks
}

func permittedDomains(host string, domains []string) []string {
	all := append(slices.Clone(privateDomains[:]), domains...)
	if ownName(host) {
		all = append(all, host)
	}
	for i, domain := range all {
		all[i] = strings.ToLower(strings.Trim(domain, "."))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

// ownName says whether the CA may vouch for the host's name. A constraint covers
// all names below it as well, so a host called "dev" would open all of that public
// domain; no public top-level domain has a digit or a hyphen, but for the encoded
// ones ("xn--").
func ownName(host string) bool {
	if !hostName.MatchString(host) {
		return false
	}
	return strings.ContainsAny(host, ".0123456789-") && !strings.HasPrefix(host, "xn--")
}

// commonName tells CAs apart in a list of trusted ones. X.520 ends a common name
// at 64 characters.
func commonName(host string, key *ecdsa.PrivateKey) string {
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		public = nil // cannot be: the key is one that this package made or parsed
	}
	sum := sha256.Sum256(public)
	const fixed = len("aikagi CA  12345678")
	host = host[:min(len(host), 64-fixed)]
	return fmt.Sprintf("aikagi CA %s %s", host, hex.EncodeToString(sum[:4]))
}

func newKey() (*ecdsa.PrivateKey, PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, PrivateKey{}, fmt.Errorf("generate key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, PrivateKey{}, fmt.Errorf("encode key: %w", err)
	}
	return key, PrivateKey{pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})}, nil
}
