package elasticache

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
)

// DescribeEventFactsInput asks for what DescribeEvents tells, in the same order.
type DescribeEventFactsInput struct {
	SourceIdentifier *string
	SourceType       types.SourceType
	StartTime        *time.Time
	EndTime          *time.Time
	Duration         *int32 // minutes
	MaxRecords       *int32
	Marker           *string
}

// DescribeEventFactsOutput is the answer.
type DescribeEventFactsOutput struct {
	Events []EventFacts
	Marker *string
}

// EventFacts is an event and what it says, for who tells it in another language.
type EventFacts struct {
	Date             *time.Time
	SourceIdentifier *string
	SourceType       *string
	Message          *string // as in DescribeEvents
	Fact             *Fact   // absent: the message is in the original's words
}

func (a *API) describeEventFacts(ctx context.Context, in *DescribeEventFactsInput) (*DescribeEventFactsOutput, error) {
	events, marker, err := a.events(ctx, &sdk.DescribeEventsInput{
		SourceIdentifier: in.SourceIdentifier, SourceType: in.SourceType, StartTime: in.StartTime, EndTime: in.EndTime,
		Duration: in.Duration, MaxRecords: in.MaxRecords, Marker: in.Marker,
	})
	if err != nil {
		return nil, err
	}
	out := &DescribeEventFactsOutput{Marker: marker}
	for _, e := range events {
		out.Events = append(out.Events, EventFacts{
			Date: aws.Time(e.At), SourceIdentifier: aws.String(e.SourceID), SourceType: aws.String(string(e.SourceType)),
			Message: aws.String(e.Message), Fact: renderFact(e.Fact),
		})
	}
	return out, nil
}
