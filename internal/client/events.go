package client

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
)

// Event is something that happened to a group or to one of its nodes.
type Event struct {
	Date       time.Time `json:"date"`
	SourceType string    `json:"source_type"`
	SourceID   string    `json:"source_id"`
	Message    string    `json:"message"`
}

// memberSuffix is what the name of a group's node adds to the group's.
var memberSuffix = regexp.MustCompile(`^-[0-9]{3,4}(-[0-9]{3})?$`)

// Of reports whether the event is of a group or of one of its nodes, also of a node that is gone.
func (e Event) Of(group string) bool {
	suffix, found := strings.CutPrefix(e.SourceID, strings.ToLower(group))
	return found && (suffix == "" || memberSuffix.MatchString(suffix))
}

// Events returns what happened since a time, oldest first, whatever the order in which the
// service tells it; an empty group is all of them.
func (c *Client) Events(ctx context.Context, group string, since time.Time) ([]Event, error) {
	events := []Event{}
	pages := elasticache.NewDescribeEventsPaginator(c.ElastiCache, &elasticache.DescribeEventsInput{StartTime: &since})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Events {
			event := Event{Date: aws.ToTime(e.Date), SourceType: string(e.SourceType), SourceID: aws.ToString(e.SourceIdentifier), Message: aws.ToString(e.Message)}
			if group == "" || event.Of(group) {
				events = append(events, event)
			}
		}
	}
	slices.SortStableFunc(events, func(a, b Event) int { return a.Date.Compare(b.Date) })
	return events, nil
}
