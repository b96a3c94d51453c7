package server

import (
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/aikagi/aikagi/internal/dns"
	"github.com/aikagi/aikagi/internal/dns/hostname"
)

// domain is where this control plane names things; none without a DNS server. The CA
// must be able to vouch for its names, and for whatever else clients connect to, or nobody could connect to them with TLS.
func (s *Server) domain() (hostname.Domain, error) {
	o := &s.options
	if err := s.checkCalled(); err != nil {
		return "", err
	}
	if o.DNSListen == "" {
		return "", nil
	}
	domain, err := hostname.Parse(o.DNSDomain)
	if err != nil {
		return "", fmt.Errorf("--dns-domain: %w", err)
	}
	if names, _ := s.authority.Permitted([]string{string(domain)}, nil); len(names) == 0 {
		return "", fmt.Errorf("--dns-domain %s: the CA in %s may not vouch for names there; choose a domain below one of: %s",
			domain, s.authority.Path(), strings.Join(s.authority.Certificate().PermittedDNSDomains, ", "))
	}
	return domain, nil
}

// listenDNS takes the port of the DNS server, if there is to be one.
func (s *Server) listenDNS(domain hostname.Domain) error {
	o := &s.options
	if domain == "" {
		return nil
	}
	advertise, _ := netip.ParseAddr(o.Advertise) // it is an address, or nothing: see validatePlan
	server, err := dns.New(dns.Options{Listen: o.DNSListen, Domain: domain, Advertise: advertise, Store: s.store, Logger: o.Logger})
	if err != nil {
		return fmt.Errorf("%w; choose another address with --dns-listen", err)
	}
	s.dns = server
	if host, _, _ := net.SplitHostPort(o.DNSListen); !isLoopback(host) { // validated
		o.Logger.Warn("DNS server can be reached from beyond this machine and tells everybody the names of groups", "address", server.Addr())
	}
	return nil
}

// DNS is the address and the domain of the DNS server; both are empty without one.
func (s *Server) DNS() (address, domain string) {
	if s.dns == nil {
		return "", ""
	}
	return s.dns.Addr(), s.dns.Domain()
}
