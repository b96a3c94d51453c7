package ec2

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
)

// How much is asked for at a time. EC2 allows 200 values of a filter and pages of 1000 items, of prefix lists 100.
const (
	batchSize      = 50
	pageSize       = 500
	prefixPageSize = 100
)

// SecurityGroup is a security group as EC2 has it.
type SecurityGroup struct {
	ID, Name, Description, VPC string
	Permissions                []Permission // inbound
}

// Permission is a group of inbound rules, which differ in their sources only.
type Permission struct {
	Protocol         string // "tcp", "-1" for all, or another
	FromPort, ToPort *int   // nil: all
	Networks         []Network
	Groups           []string // ids of security groups
	PrefixLists      []string // ids
}

// Network is a source of a rule.
type Network struct {
	Prefix      netip.Prefix
	Description string
}

// SecurityGroups returns which of these groups there are, in no particular order.
func (c *Client) SecurityGroups(ctx context.Context, ids []string) (groups []SecurityGroup, err error) {
	for batch := range slices.Chunk(ids, batchSize) {
		// By a filter: a call that names groups fails if one of them is not there.
		err := each(ctx, c, "DescribeSecurityGroups", filtered("group-id", batch), func(page *securityGroupsAnswer) {
			for _, item := range page.Items {
				groups = append(groups, item.group())
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return groups, nil
}

// Subnet is a subnet as EC2 has it.
type Subnet struct {
	ID, VPC, Zone string
	Network       netip.Prefix // of IPv4; zero: it has none
}

// Subnets returns which of these subnets there are, in no particular order.
func (c *Client) Subnets(ctx context.Context, ids []string) (subnets []Subnet, err error) {
	for batch := range slices.Chunk(ids, batchSize) {
		err := each(ctx, c, "DescribeSubnets", filtered("subnet-id", batch), func(page *subnetsAnswer) {
			for _, item := range page.Items {
				subnets = append(subnets, item.subnet())
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return subnets, nil
}

// Interface is a network interface: the groups that it is in, and its private addresses.
type Interface struct {
	Groups    []string
	Addresses []netip.Addr
}

// Interfaces returns the network interfaces that are in one of these security groups. One that is in several may be there twice.
func (c *Client) Interfaces(ctx context.Context, groups []string) (interfaces []Interface, err error) {
	for batch := range slices.Chunk(groups, batchSize) {
		err := each(ctx, c, "DescribeNetworkInterfaces", filtered("group-id", batch), func(page *interfacesAnswer) {
			for _, item := range page.Items {
				interfaces = append(interfaces, item.networkInterface())
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return interfaces, nil
}

// PrefixList returns the networks of a prefix list; none, if it is not there.
func (c *Client) PrefixList(ctx context.Context, id string) (networks []Network, err error) {
	parameters := url.Values{"PrefixListId": {id}, "MaxResults": {strconv.Itoa(prefixPageSize)}}
	err = each(ctx, c, "GetManagedPrefixListEntries", parameters, func(page *prefixListAnswer) {
		networks = append(networks, networksOf(page.Items)...)
	})
	if isCode(err, codePrefixListGone) {
		return nil, nil
	}
	return networks, err
}
