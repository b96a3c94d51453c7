package cache

import (
	"net/netip"
	"slices"
)

// NetworkType is the family of the addresses that a cache has, in the words of the API.
type NetworkType string

// The network types.
const (
	NetworkIPv4 NetworkType = "ipv4"
	NetworkIPv6 NetworkType = "ipv6"
	// NetworkDualStack: each place has an address of IPv4 and one of IPv6, at the same port.
	NetworkDualStack NetworkType = "dual_stack"
)

// NetworkTypeOf is the network type of what has the address.
func NetworkTypeOf(a netip.Addr) NetworkType {
	if a.Unmap().Is4() {
		return NetworkIPv4
	}
	return NetworkIPv6
}

// NetworkTypesOf are the network types that can be had of addresses: ipv4 and ipv6 first.
func NetworkTypesOf(all ...netip.Addr) (types []NetworkType) {
	for _, a := range all {
		if t := NetworkTypeOf(a); !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	slices.Sort(types)
	if len(types) == 2 {
		types = append(types, NetworkDualStack)
	}
	return types
}

// ParseNetworkType reads a network type by its name in the API. The error is of [KindInvalid].
func ParseNetworkType(text string) (NetworkType, error) {
	switch t := NetworkType(text); t {
	case NetworkIPv4, NetworkIPv6, NetworkDualStack:
		return t, nil
	}
	return "", Errorf(KindInvalid, "The parameter NetworkType must be one of: ipv4, ipv6, dual_stack.")
}

// HasIPv6 reports whether a cache of the network type has addresses of IPv6.
func (t NetworkType) HasIPv6() bool { return t == NetworkIPv6 || t == NetworkDualStack }

// CheckDiscovery refuses an IpDiscovery, the family of the addresses that answers show, which a cache of the network type has no addresses
// of; empty is none, and never refused. Errors are of [KindInvalid] and [KindCombination].
func (t NetworkType) CheckDiscovery(text string) error {
	switch discovery := NetworkType(text); {
	case text == "":
		return nil
	case discovery != NetworkIPv4 && discovery != NetworkIPv6:
		return Errorf(KindInvalid, "The parameter IpDiscovery must be one of: ipv4, ipv6.")
	case discovery == t, t == NetworkDualStack:
		return nil
	}
	return Errorf(KindCombination, "IpDiscovery %s needs addresses of that family, and all addresses of a cache with NetworkType %s are of the other one.", text, t)
}

// CheckNetworkType refuses a network type that the engine version does not have in the original.
//
// Source: User guide, "Choosing a network type in ElastiCache": IPv6 is for Redis 6.2 and newer, and Valkey 7.2 and newer.
func (v EngineVersion) CheckNetworkType(t NetworkType) error {
	if t.HasIPv6() && v.Engine == EngineRedis && v.Compare(EngineVersion{EngineRedis, "6.2"}) < 0 {
		return Errorf(KindCombination, "NetworkType %s is not supported by Redis %s: it needs 6.2 or newer.", t, v.Version)
	}
	return nil
}
