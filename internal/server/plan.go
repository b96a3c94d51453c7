package server

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/dns/hostname"
	"github.com/aikagi/aikagi/internal/store"
)

// This file has the address plan: what is asked for, what that leads to on this machine, and what is to be said of it.

// ParseAddressPlan reads a plan for [Options].
func ParseAddressPlan(text string) (cache.AddressPlan, error) {
	plan, err := cache.ParseAddressPlan(text)
	if err != nil {
		return "", fmt.Errorf("--address-plan: %w", err)
	}
	return plan, nil
}

// ParseHostAddresses reads addresses of this machine for [Options].
func ParseHostAddresses(texts []string) ([]netip.Addr, error) {
	var all []netip.Addr
	for _, text := range texts {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("--host-address %q: want an address, like 10.0.0.7 or fd00::7; --advertise takes names", text)
		}
		if a = a.Unmap(); !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all, nil
}

func (o *Options) validatePlan() error {
	if o.Advertise != "" && !hostname.Valid(o.Advertise) {
		return fmt.Errorf("--advertise %q: want a host name or an address", o.Advertise)
	}
	if _, err := netip.ParseAddr(o.Advertise); err != nil && o.Advertise != "" && o.DNSListen != "" {
		return fmt.Errorf("--advertise %s: the names of the built-in DNS server (--dns-listen) are what clients are told then, and names lead to addresses: "+
			"advertise the address that %[1]s has, or serve without --dns-listen", o.Advertise)
	}
	for _, a := range o.HostAddresses {
		if err := o.checkHostAddress(a); err != nil {
			return fmt.Errorf("--host-address %s: %w", a, err)
		}
	}
	return nil
}

func (o *Options) checkHostAddress(a netip.Addr) error {
	switch {
	case a.IsUnspecified():
		return fmt.Errorf("clients have to be told an address that they can connect to, and this one stands for all of this machine's: "+
			"name those that clients use (%s)", candidates())
	case a.Zone() != "" || a.IsLinkLocalUnicast():
		return errors.New("a link-local address means something else on every machine: name one that clients can use")
	case o.AddressRange.Contains(a):
		return fmt.Errorf("it is in %s, where the service has addresses of its own: name another one", o.AddressRange)
	case !address.IsLocal(a):
		return fmt.Errorf("it is not an address of this machine, which has %s. What clients call this machine, where that is something else, goes into --advertise", candidates())
	}
	return nil
}

func candidates() string {
	all, err := address.Candidates()
	if err != nil || len(all) == 0 {
		return "none that other machines could reach"
	}
	return address.Describe(all)
}

// servesHost reports whether caches can have the plan host: new ones do, or they can be moved to it.
func (o *Options) servesHost() bool {
	return o.AddressPlan == cache.PlanHost || len(o.HostAddresses) > 0
}

// findHost completes the settings of the plan host. It is empty for other plans.
func (s *Server) findHost() error {
	o := &s.options
	if o.AddressPlan != cache.PlanHost || len(o.HostAddresses) > 0 {
		s.surelyHere = true
		return nil
	}
	uplink, sure, err := address.Uplink()
	s.surelyHere = sure
	if err != nil {
		return fmt.Errorf("%w; say with --host-address which of its addresses clients use", err)
	}
	o.HostAddresses = []netip.Addr{uplink}
	return nil
}

// ports are those of the plan host, by the network type of their addresses; none for other plans.
func (s *Server) ports() map[cache.NetworkType]*address.Ports {
	hosts, ports := s.options.hostsByNetwork(), map[cache.NetworkType]*address.Ports{}
	for network, addresses := range hosts {
		ports[network] = address.NewPorts(addresses, s.options.PortRange)
	}
	return ports
}

func (o *Options) hostsByNetwork() map[cache.NetworkType][]netip.Addr {
	hosts := map[cache.NetworkType][]netip.Addr{}
	for _, a := range o.HostAddresses {
		network := cache.NetworkTypeOf(a)
		hosts[network] = append(hosts[network], a)
	}
	return hosts
}

// networkTypes are those that new caches can have.
func (o *Options) networkTypes() []cache.NetworkType {
	switch o.AddressPlan {
	case cache.PlanHost:
		types := cache.NetworkTypesOf(o.HostAddresses...)
		if _, err := netip.ParseAddr(o.Advertise); err == nil && len(types) > 1 { // clients are told that address only
			return types[:2]
		}
		return types
	case cache.PlanPool:
		var of []netip.Addr
		for _, r := range o.PoolRanges {
			of = append(of, r.From())
		}
		return cache.NetworkTypesOf(of...)
	}
	return []cache.NetworkType{cache.NetworkIPv4}
}

// called is what clients on other machines call this one where they are not given names of the built-in DNS server.
func (o *Options) called() []string {
	if o.DNSListen != "" && o.Advertise == "" {
		return nil
	}
	all := o.calledInPool()
	switch {
	case !o.servesHost():
	case o.Advertise != "":
		all = append(all, o.Advertise)
	default:
		for _, a := range o.HostAddresses {
			all = append(all, a.String())
		}
	}
	return all
}

// checkCalled makes sure that certificates can cover what clients call this machine: else nobody who verifies them could connect.
func (s *Server) checkCalled() error {
	for _, called := range s.options.called() {
		if s.vouchesFor(called) {
			continue
		}
		ca := s.authority.Certificate()
		var ranges []string
		for _, r := range ca.PermittedIPRanges {
			ranges = append(ranges, r.String())
		}
		return fmt.Errorf("clients are to connect to %s, which the CA in %s may not vouch for, so that none which verifies certificates could. It may vouch for names below %s, "+
			"and addresses in %s. Choose one of those with --host-address, --pool-range or --advertise; or move ca.pem and ca-key.pem away and start once with --new-ca: "+
			"the new CA may vouch for %[1]s, and every client must be given it", called, s.authority.Path(),
			strings.Join(ca.PermittedDNSDomains, ", "), strings.Join(ranges, ", "))
	}
	return nil
}

// vouchesFor reports whether the CA may vouch for a name, an address, or all addresses of a network.
func (s *Server) vouchesFor(called string) bool {
	var names []string
	var addresses []netip.Addr
	if p, err := netip.ParsePrefix(called); err == nil {
		addresses = []netip.Addr{p.Addr(), netipx.PrefixLastIP(p)}
	} else if a, err := netip.ParseAddr(called); err == nil {
		addresses = []netip.Addr{a}
	} else {
		names = []string{called}
	}
	permittedNames, permitted := s.authority.Permitted(names, addresses)
	return len(permittedNames) == len(names) && len(permitted) == len(addresses)
}

// hostNames is for [elasticache.Options].
func hostNames(domain hostname.Domain, advertise string) func(*replication.Group, netip.AddrPort) string {
	if domain != "" {
		return domain.Of
	}
	return func(g *replication.Group, at netip.AddrPort) string { return g.Host(at, advertise) }
}

// warnOfExposure logs which groups can be reached from other machines without what should protect them, and which have addresses that
// this machine does not have any more.
func (s *Server) warnOfExposure(ctx context.Context) error {
	return s.store.View(ctx, func(tx store.Tx) error {
		groups, err := store.Page(tx, store.Groups, store.Range{})
		if err != nil {
			return err
		}
		for _, g := range groups {
			accounts, err := store.AccountsFor(tx, g)
			if err != nil {
				return err
			}
			s.warnOfGroup(g, accounts)
		}
		return nil
	})
}

func (s *Server) warnOfGroup(g *replication.Group, accounts []user.Account) {
	for _, what := range g.Exposure(accounts) {
		s.options.Logger.Warn("group is exposed", "group", g.Key(), "what", what)
	}
	if lost := lostAddress(g); lost.IsValid() {
		s.options.Logger.Warn("this machine does not have an address of a group any more: nobody can connect there until it is added again",
			"group", g.Key(), "address", lost)
	}
}

// lostAddress is an address of a group that this machine does not have; invalid if it has all.
func lostAddress(g *replication.Group) netip.Addr {
	for _, at := range g.Addresses() {
		if g.IsShared(at) && !address.IsLocal(at.Addr()) {
			return at.Addr()
		}
	}
	return netip.Addr{}
}

// Plan says in one line what new groups get, and where groups can be moved to besides.
func (s *Server) Plan() string {
	o := &s.options
	line := s.planLine(o.AddressPlan)
	if o.AddressPlan != cache.PlanHost && o.servesHost() {
		line += "; caches can be moved to " + s.planLine(cache.PlanHost)
	}
	if o.AddressPlan != cache.PlanPool && o.servesPool() {
		line += "; caches can be moved to " + s.planLine(cache.PlanPool)
	}
	return line
}

func (s *Server) planLine(plan cache.AddressPlan) string {
	o := &s.options
	switch plan {
	case cache.PlanHost:
		var at []string
		for _, a := range o.HostAddresses {
			at = append(at, a.String())
		}
		line := fmt.Sprintf("%s, ports %s of %s", plan, o.PortRange, strings.Join(at, ", "))
		if o.Advertise != "" {
			line += ", which clients call " + o.Advertise
		}
		return line
	case cache.PlanPool:
		var where []string
		for _, r := range s.poolRanges {
			where = append(where, fmt.Sprintf("%s on %s", r.Within, r.Interface))
		}
		return fmt.Sprintf("%s, addresses in %s", plan, strings.Join(where, ", "))
	}
	return fmt.Sprintf("%s, addresses in %s", plan, o.AddressRange)
}
