package ec2

import "net/netip"

// This file has the answers as they are on the wire: the elements that are of use here.
//
// Source: Amazon EC2 API Reference, DescribeSecurityGroups, DescribeSubnets, DescribeNetworkInterfaces and
// GetManagedPrefixListEntries, with the data types that they name.

type nextPage struct {
	Token string `xml:"nextToken"`
}

func (p nextPage) next() string { return p.Token }

type securityGroupsAnswer struct {
	nextPage
	Items []securityGroupItem `xml:"securityGroupInfo>item"`
}

type securityGroupItem struct {
	ID          string           `xml:"groupId"`
	Name        string           `xml:"groupName"`
	Description string           `xml:"groupDescription"`
	VPC         string           `xml:"vpcId"`
	Permissions []permissionItem `xml:"ipPermissions>item"`
}

type permissionItem struct {
	Protocol    string        `xml:"ipProtocol"`
	FromPort    *int          `xml:"fromPort"`
	ToPort      *int          `xml:"toPort"`
	Groups      []string      `xml:"groups>item>groupId"`
	Networks    []networkItem `xml:"ipRanges>item"`
	Networks6   []networkItem `xml:"ipv6Ranges>item"`
	PrefixLists []string      `xml:"prefixListIds>item>prefixListId"`
}

// networkItem is one in any of the places that have some.
type networkItem struct {
	IPv4        string `xml:"cidrIp"`
	IPv6        string `xml:"cidrIpv6"`
	Any         string `xml:"cidr"`
	Description string `xml:"description"`
}

func (i securityGroupItem) group() SecurityGroup {
	g := SecurityGroup{ID: i.ID, Name: i.Name, Description: i.Description, VPC: i.VPC}
	for _, p := range i.Permissions {
		g.Permissions = append(g.Permissions, Permission{
			Protocol: p.Protocol, FromPort: p.FromPort, ToPort: p.ToPort, Groups: p.Groups, PrefixLists: p.PrefixLists,
			Networks: append(networksOf(p.Networks), networksOf(p.Networks6)...),
		})
	}
	return g
}

// networksOf reads networks. What is none lets nobody in.
func networksOf(items []networkItem) (networks []Network) {
	for _, i := range items {
		prefix, err := netip.ParsePrefix(i.IPv4 + i.IPv6 + i.Any)
		if err == nil && !prefix.Addr().Is4In6() {
			networks = append(networks, Network{Prefix: prefix.Masked(), Description: i.Description})
		}
	}
	return networks
}

type subnetsAnswer struct {
	nextPage
	Items []subnetItem `xml:"subnetSet>item"`
}

type subnetItem struct {
	ID   string `xml:"subnetId"`
	VPC  string `xml:"vpcId"`
	Zone string `xml:"availabilityZone"`
	IPv4 string `xml:"cidrBlock"`
}

func (i subnetItem) subnet() Subnet {
	s := Subnet{ID: i.ID, VPC: i.VPC, Zone: i.Zone}
	if network, err := netip.ParsePrefix(i.IPv4); err == nil {
		s.Network = network.Masked()
	}
	return s
}

type interfacesAnswer struct {
	nextPage
	Items []interfaceItem `xml:"networkInterfaceSet>item"`
}

type interfaceItem struct {
	Groups []string `xml:"groupSet>item>groupId"`
	IPv4   string   `xml:"privateIpAddress"`
	All4   []string `xml:"privateIpAddressesSet>item>privateIpAddress"`
	All6   []string `xml:"ipv6AddressesSet>item>ipv6Address"`
}

func (i interfaceItem) networkInterface() Interface {
	n := Interface{Groups: i.Groups}
	for _, text := range append(append([]string{i.IPv4}, i.All4...), i.All6...) {
		if address, err := netip.ParseAddr(text); err == nil && address.Zone() == "" {
			n.Addresses = append(n.Addresses, address.Unmap())
		}
	}
	return n
}

type prefixListAnswer struct {
	nextPage
	Items []networkItem `xml:"entrySet>item"`
}
