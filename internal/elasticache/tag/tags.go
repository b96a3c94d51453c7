package tag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Add is AddTagsToResource.
func (h Handlers) Add(ctx context.Context, in *sdk.AddTagsToResourceInput) (*sdk.AddTagsToResourceOutput, error) {
	tags, err := h.change(ctx, in.ResourceName, func(t cache.Tags) (cache.Tags, error) { return t.With(act.Tags(in.Tags)) })
	return &sdk.AddTagsToResourceOutput{TagList: act.RenderTags(tags)}, err
}

// Remove is RemoveTagsFromResource.
func (h Handlers) Remove(ctx context.Context, in *sdk.RemoveTagsFromResourceInput) (*sdk.RemoveTagsFromResourceOutput, error) {
	tags, err := h.change(ctx, in.ResourceName, func(t cache.Tags) (cache.Tags, error) { return t.Without(in.TagKeys) })
	return &sdk.RemoveTagsFromResourceOutput{TagList: act.RenderTags(tags)}, err
}

// List is ListTagsForResource.
func (h Handlers) List(ctx context.Context, in *sdk.ListTagsForResourceInput) (*sdk.ListTagsForResourceOutput, error) {
	arn, err := cache.ParseARN(aws.ToString(in.ResourceName))
	if err != nil {
		return nil, err
	}
	var tags cache.Tags
	err = h.Store.View(ctx, func(tx store.Tx) error {
		switch arn.Resource {
		case cache.ResourceUser:
			u, err := store.Get(tx, store.Users, arn.ID)
			if err == nil {
				tags = u.Tags
			}
			return err
		case cache.ResourceUserGroup:
			g, err := store.Get(tx, store.UserGroups, arn.ID)
			if err == nil {
				tags = g.Tags
			}
			return err
		case cache.ResourceSubnetGroup:
			g, err := store.Get(tx, store.SubnetGroups, arn.ID)
			if err == nil {
				tags = g.Tags
			}
			return err
		case cache.ResourceParameterGroup:
			g, err := store.ParameterGroup(tx, arn.ID)
			if err == nil {
				tags = g.Tags
			}
			return err
		}
		find, err := taggedGroup(arn)
		if err != nil {
			return err
		}
		g, err := find(tx)
		if err == nil {
			tags = g.TagsOf(arn.ID)
		}
		return err
	})
	return &sdk.ListTagsForResourceOutput{TagList: act.RenderTags(tags)}, err
}

func (h Handlers) change(ctx context.Context, name *string, change func(cache.Tags) (cache.Tags, error)) (cache.Tags, error) {
	arn, err := cache.ParseARN(aws.ToString(name))
	if err != nil {
		return nil, err
	}
	switch arn.Resource {
	case cache.ResourceParameterGroup:
		return h.changeParameterGroup(ctx, arn.ID, change)
	case cache.ResourceSubnetGroup:
		g, err := act.Change(ctx, h.Deps, store.SubnetGroups, arn.ID, func(_ store.Tx, g *subnet.Group) error { return g.ChangeTags(change) })
		if err != nil {
			return nil, err
		}
		return g.Tags, nil
	case cache.ResourceUser:
		u, err := act.Change(ctx, h.Deps, store.Users, arn.ID, func(_ store.Tx, u *user.User) error { return u.ChangeTags(change) })
		if err != nil {
			return nil, err
		}
		return u.Tags, nil
	case cache.ResourceUserGroup:
		g, err := act.Change(ctx, h.Deps, store.UserGroups, arn.ID, func(_ store.Tx, g *user.Group) error { return g.ChangeTags(change) })
		if err != nil {
			return nil, err
		}
		return g.Tags, nil
	}
	find, err := taggedGroup(arn)
	if err != nil {
		return nil, err
	}
	g, err := act.ChangeGroup(ctx, h.Groups, find, func(g *replication.Group) ([]cache.Event, error) {
		return nil, g.ChangeTags(arn.ID, change)
	})
	if err != nil {
		return nil, err
	}
	return g.TagsOf(arn.ID), nil
}

func (h Handlers) changeParameterGroup(ctx context.Context, name string, change func(cache.Tags) (cache.Tags, error)) (cache.Tags, error) {
	if g := parameter.Default(name); g != nil {
		return nil, g.ChangeTags(change)
	}
	g, err := act.Change(ctx, h.Deps, store.ParameterGroups, name, func(_ store.Tx, g *parameter.Group) error { return g.ChangeTags(change) })
	if err != nil {
		return nil, err
	}
	return g.Tags, nil
}

// taggedGroup returns how to find the group that an ARN names, or whose node it names.
func taggedGroup(arn cache.ARN) (act.Find, error) {
	switch arn.Resource {
	case cache.ResourceReplicationGroup:
		return act.Keyed(arn.Resource, arn.ID), nil
	case cache.ResourceCacheCluster:
		return act.GroupOf(arn.ID), nil
	}
	return nil, cache.Errorf(cache.KindARN, "aikagi has tags on replication groups, cache clusters, cache subnet groups, parameter groups, users and user groups only, not on %s.", cache.QuoteName(string(arn.Resource)))
}
