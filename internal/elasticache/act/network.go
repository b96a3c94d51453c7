package act

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// ChooseNetwork is the network type of a new group, which the plan of new groups has. Errors say what is wrong with the request, or with what
// the service is served with that there are no such addresses.
func (d Groups) ChooseNetwork(asked types.NetworkType, discovery types.IpDiscovery) (cache.NetworkType, error) {
	network := d.NetworkTypes[0]
	if asked != "" {
		var err error
		if network, err = cache.ParseNetworkType(string(asked)); err != nil {
			return "", err
		}
	}
	if !slices.Contains(d.NetworkTypes, network) {
		return "", cache.Errorf(cache.KindCombination, "The service has no addresses of NetworkType %s for new caches. %s", network, d.lackingNetwork())
	}
	return network, network.CheckDiscovery(string(discovery))
}

// lackingNetwork says what to do.
func (d Groups) lackingNetwork() string {
	switch d.AddressPlan {
	case cache.PlanHost:
		return "Serve with one more --host-address, so that there are some of IPv4 and of IPv6; for dual_stack --advertise must not be an address."
	case cache.PlanPool:
		return "Serve with one more --pool-range, so that there are some of IPv4 and of IPv6."
	}
	return "With the address plan loopback, addresses are of 127.0.0.0/8. Serve with --address-plan host and a --host-address of IPv6 (::1 for this machine alone), " +
		"or with --address-plan pool and a --pool-range of IPv6."
}

// NetworkType is the network type of a group, for an answer: ipv4 for one of an earlier release that has no address yet.
func NetworkType(g *replication.Group) types.NetworkType {
	return types.NetworkType(cmp.Or(g.Network(), cache.NetworkIPv4))
}

// Discovery is of which family the addresses are that answers show.
func Discovery(g *replication.Group) types.IpDiscovery {
	return types.IpDiscovery(cmp.Or(g.IPDiscovery(), cache.NetworkIPv4))
}
