package extension

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/elasticache/event"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// DescribeEventFacts is the action [own.DescribeEventFacts].
func (h Handlers) DescribeEventFacts(ctx context.Context, in *own.DescribeEventFactsInput) (*own.DescribeEventFactsOutput, error) {
	events, marker, err := event.Handlers{Deps: h.Deps}.Page(ctx, &sdk.DescribeEventsInput{
		SourceIdentifier: in.SourceIdentifier, SourceType: in.SourceType, StartTime: in.StartTime, EndTime: in.EndTime,
		Duration: in.Duration, MaxRecords: in.MaxRecords, Marker: in.Marker,
	})
	if err != nil {
		return nil, err
	}
	out := &own.DescribeEventFactsOutput{Marker: marker}
	for _, e := range events {
		out.Events = append(out.Events, own.Event{
			Date: e.At, SourceIdentifier: e.SourceID, SourceType: string(e.SourceType), Message: e.Message, Fact: renderFact(e.Fact),
		})
	}
	return out, nil
}
