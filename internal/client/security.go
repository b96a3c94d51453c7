package client

import (
	"context"
	"fmt"
	"strings"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// SecurityGroups returns all security groups that are known here.
func (c *Client) SecurityGroups(ctx context.Context) ([]own.SecurityGroup, error) {
	return askAll(ctx, c, own.DescribeSecurityGroups,
		func(marker *string) own.DescribeSecurityGroupsInput {
			return own.DescribeSecurityGroupsInput{Marker: marker}
		},
		func(out own.DescribeSecurityGroupsOutput) ([]own.SecurityGroup, *string) {
			return out.SecurityGroups, out.Marker
		})
}

// EC2 says how it goes with the EC2 API that security groups are read from; nil: there is none.
func (c *Client) EC2(ctx context.Context) (*own.EC2Link, error) {
	out, err := ask(ctx, c, own.DescribeSecurityGroups, own.DescribeSecurityGroupsInput{})
	return out.EC2, err
}

// SecurityGroupID returns the id of a security group that is named by its id, or by a name that only one has.
func (c *Client) SecurityGroupID(ctx context.Context, name string) (string, error) {
	if strings.HasPrefix(name, "sg-") {
		return name, nil
	}
	groups, err := c.SecurityGroups(ctx)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, g := range groups {
		if g.GroupName == name {
			ids = append(ids, g.SecurityGroupId)
		}
	}
	switch len(ids) {
	case 0:
		return "", fmt.Errorf("there is no security group %s; aikagi security-group list shows those that there are", name)
	case 1:
		return ids[0], nil
	}
	return "", fmt.Errorf("several security groups are called %s: %s; give the id", name, strings.Join(ids, ", "))
}

// SecurityGroupIDs is the same for several.
func (c *Client) SecurityGroupIDs(ctx context.Context, names []string) (ids []string, err error) {
	for _, name := range names {
		id, err := c.SecurityGroupID(ctx, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// CreateSecurityGroup makes a security group without rules.
func (c *Client) CreateSecurityGroup(ctx context.Context, in own.CreateSecurityGroupInput) (own.SecurityGroup, error) {
	out, err := ask(ctx, c, own.CreateSecurityGroup, in)
	return out.SecurityGroup, err
}

// AllowIngress adds a rule.
func (c *Client) AllowIngress(ctx context.Context, rule own.SecurityGroupIngressInput) (own.SecurityGroup, error) {
	out, err := ask(ctx, c, own.AuthorizeSecurityGroupIngress, rule)
	return out.SecurityGroup, err
}

// RevokeIngress removes a rule.
func (c *Client) RevokeIngress(ctx context.Context, rule own.SecurityGroupIngressInput) (own.SecurityGroup, error) {
	out, err := ask(ctx, c, own.RevokeSecurityGroupIngress, rule)
	return out.SecurityGroup, err
}

// DeleteSecurityGroup removes a security group that no cache names.
func (c *Client) DeleteSecurityGroup(ctx context.Context, id string) error {
	_, err := ask(ctx, c, own.DeleteSecurityGroup, own.SecurityGroupInput{SecurityGroupId: &id})
	return err
}

// Refused says whom a group's nodes did not let in.
func (c *Client) Refused(ctx context.Context, group string) (own.RefusedConnections, error) {
	return ask(ctx, c, own.DescribeRefusedConnections, own.GroupInput{ReplicationGroupId: &group})
}
