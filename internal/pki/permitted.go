package pki

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// Permitted returns those of the names and addresses that the CA's name constraints
// let it vouch for, in the same order: [Authority.Issue] refuses any other.
func (a *Authority) Permitted(names []string, addrs []netip.Addr) ([]string, []netip.Addr) {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !a.permitsName(name) })
	addrs = slices.DeleteFunc(slices.Clone(addrs), func(addr netip.Addr) bool { return !a.permitsAddress(addr) })
	return names, addrs
}

func (a *Authority) permitsName(name string) bool {
	name = strings.ToLower(name)
	return hostName.MatchString(name) && slices.ContainsFunc(a.certificate.PermittedDNSDomains, func(domain string) bool {
		return name == domain || strings.HasSuffix(name, "."+domain)
	})
}

func (a *Authority) permitsAddress(addr netip.Addr) bool {
	return slices.ContainsFunc(a.certificate.PermittedIPRanges, func(r *net.IPNet) bool { return r.Contains(addr.Unmap().AsSlice()) })
}
