package elasticache

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

func (a *API) addTagsToResource(ctx context.Context, in *sdk.AddTagsToResourceInput) (*sdk.AddTagsToResourceOutput, error) {
	tags, err := a.changeTags(ctx, in.ResourceName, func(t cache.Tags) (cache.Tags, error) { return t.With(tagList(in.Tags)) })
	return &sdk.AddTagsToResourceOutput{TagList: renderTags(tags)}, err
}

func (a *API) removeTagsFromResource(ctx context.Context, in *sdk.RemoveTagsFromResourceInput) (*sdk.RemoveTagsFromResourceOutput, error) {
	tags, err := a.changeTags(ctx, in.ResourceName, func(t cache.Tags) (cache.Tags, error) { return t.Without(in.TagKeys) })
	return &sdk.RemoveTagsFromResourceOutput{TagList: renderTags(tags)}, err
}

func (a *API) listTagsForResource(ctx context.Context, in *sdk.ListTagsForResourceInput) (*sdk.ListTagsForResourceOutput, error) {
	arn, find, err := taggable(in.ResourceName)
	if err != nil {
		return nil, err
	}
	var tags cache.Tags
	err = a.Store.View(ctx, func(tx store.Tx) error {
		g, err := find(tx)
		if err == nil {
			tags = g.TagsOf(arn.ID)
		}
		return err
	})
	return &sdk.ListTagsForResourceOutput{TagList: renderTags(tags)}, err
}

func (a *API) changeTags(ctx context.Context, name *string, change func(cache.Tags) (cache.Tags, error)) (cache.Tags, error) {
	arn, find, err := taggable(name)
	if err != nil {
		return nil, err
	}
	g, err := a.change(ctx, find, nil, func(g *cache.ReplicationGroup) ([]cache.Event, error) {
		return nil, g.ChangeTags(arn.ID, change)
	})
	if err != nil {
		return nil, err
	}
	return g.TagsOf(arn.ID), nil
}

// taggable reads the ARN of something that has tags.
func taggable(name *string) (cache.ARN, finder, error) {
	arn, err := cache.ParseARN(aws.ToString(name))
	if err != nil {
		return arn, nil, err
	}
	switch arn.Resource {
	case cache.ResourceReplicationGroup:
		return arn, byKey(arn.Resource, arn.ID), nil
	case cache.ResourceCacheCluster:
		return arn, byNode(arn.ID), nil
	}
	return arn, nil, cache.Errorf(cache.KindARN, "aikagi has tags on replication groups and cache clusters only, not on %s.", quoteName(string(arn.Resource)))
}

func tagList(tags []types.Tag) []cache.Tag {
	list := make([]cache.Tag, 0, len(tags))
	for _, t := range tags {
		list = append(list, cache.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)})
	}
	return list
}

func renderTags(tags cache.Tags) []types.Tag {
	list := []types.Tag{}
	for _, t := range tags.Sorted() {
		list = append(list, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return list
}
