package client

import (
	"context"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// Access says which credentials a group accepts, and how it is reached.
func (c *Client) Access(ctx context.Context, group string) (own.Access, error) {
	return ask(ctx, c, own.DescribeReplicationGroupAccess, own.GroupInput{ReplicationGroupId: &group})
}

// allAccess says it of every group, by id.
func (c *Client) allAccess(ctx context.Context) (map[string]own.Access, error) {
	groups, err := askAll(ctx, c, own.ListReplicationGroupAccess,
		func(marker *string) own.ListReplicationGroupAccessInput {
			return own.ListReplicationGroupAccessInput{Marker: marker}
		},
		func(out own.ListReplicationGroupAccessOutput) ([]own.Access, *string) {
			return out.ReplicationGroups, out.Marker
		})
	if err != nil {
		return nil, err
	}
	all := map[string]own.Access{}
	for _, a := range groups {
		all[a.ReplicationGroupId] = a
	}
	return all, nil
}

// TokenUsage says who uses the credentials of a group.
func (c *Client) TokenUsage(ctx context.Context, group string) (own.Usage, error) {
	return ask(ctx, c, own.DescribeAuthTokenUsage, own.GroupInput{ReplicationGroupId: &group})
}

// TransitUsage says who connects to a group without TLS.
func (c *Client) TransitUsage(ctx context.Context, group string) (own.TransitUsage, error) {
	return ask(ctx, c, own.DescribeTransitEncryptionUsage, own.GroupInput{ReplicationGroupId: &group})
}
