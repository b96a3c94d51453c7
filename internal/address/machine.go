package address

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// Candidate is an address of this machine that other machines may reach.
type Candidate struct {
	Address   netip.Addr
	Interface string
}

// Candidates are the addresses of this machine that other machines may reach: those of its interfaces that are up, without
// loopback, and without link-local ones, which mean something else on every machine.
func Candidates() ([]Candidate, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("list addresses of this machine: %w", err)
	}
	var all []Candidate
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			return nil, fmt.Errorf("list addresses of %s: %w", i.Name, err)
		}
		for _, a := range addresses {
			prefix, err := netip.ParsePrefix(a.String())
			if address := prefix.Addr().Unmap(); err == nil && address.IsGlobalUnicast() {
				all = append(all, Candidate{address, i.Name})
			}
		}
	}
	return all, nil
}

// IsLocal reports whether an address is one of this machine's, as its interfaces say. (That it can be bound says nothing: with
// net.ipv4.ip_nonlocal_bind any can.) What is behind an address of the loopback interface is local as a whole.
func IsLocal(address netip.Addr) bool {
	interfaces, err := net.Interfaces()
	if err != nil {
		return false
	}
	for _, i := range interfaces {
		addresses, err := i.Addrs()
		if err != nil {
			continue // it is gone
		}
		for _, a := range addresses {
			prefix, err := netip.ParsePrefix(a.String())
			if err != nil {
				continue
			}
			loopback := i.Flags&net.FlagLoopback != 0 && prefix.Contains(address.Unmap())
			if loopback || prefix.Addr().Unmap() == address.Unmap().WithZone("") {
				return true
			}
		}
	}
	return false
}

// Places that no machine has (RFC 5737, RFC 3849), for the kernel to say from which address it would send there. Nothing is sent.
var elsewhere = []string{"198.51.100.1:9", "[2001:db8::1]:9"}

// Uplink is the address of this machine towards its default route, of IPv4 if there is one. Without such a route it is the one
// candidate that there is, which is not sure to be what other machines reach; the error lists the candidates if there is not one.
func Uplink() (at netip.Addr, sure bool, err error) {
	candidates, err := Candidates()
	if err != nil {
		return netip.Addr{}, false, err
	}
	for _, far := range elsewhere {
		conn, err := net.Dial("udp", far)
		if err != nil {
			continue // no route there
		}
		local, err := netip.ParseAddrPort(conn.LocalAddr().String())
		_ = conn.Close()
		if err == nil && slices.ContainsFunc(candidates, func(c Candidate) bool { return c.Address == local.Addr().Unmap() }) {
			return local.Addr().Unmap(), true, nil
		}
	}
	at, err = only(candidates)
	return at, false, err
}

func only(candidates []Candidate) (netip.Addr, error) {
	switch len(candidates) {
	case 0:
		return netip.Addr{}, fmt.Errorf("this machine has no address that other machines could reach")
	case 1:
		return candidates[0].Address, nil
	}
	return netip.Addr{}, fmt.Errorf("this machine has several addresses and no default route: %s", Describe(candidates))
}

// Describe lists candidates for people.
func Describe(candidates []Candidate) string {
	words := make([]string, len(candidates))
	for i, c := range candidates {
		words[i] = fmt.Sprintf("%s (%s)", c.Address, c.Interface)
	}
	return strings.Join(words, ", ")
}
