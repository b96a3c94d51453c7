package act

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
)

// Tags are those of a request.
func Tags(tags []types.Tag) []cache.Tag {
	list := make([]cache.Tag, 0, len(tags))
	for _, t := range tags {
		list = append(list, cache.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)})
	}
	return list
}

// RenderTags are those of an answer, in the order of their keys.
func RenderTags(tags cache.Tags) []types.Tag {
	list := []types.Tag{}
	for _, t := range tags.Sorted() {
		list = append(list, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return list
}
