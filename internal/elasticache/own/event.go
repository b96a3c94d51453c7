package own

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
)

// DescribeEventFacts tells what DescribeEvents does, in the same order, and what each event says.
const DescribeEventFacts Action[DescribeEventFactsInput, DescribeEventFactsOutput] = "DescribeEventFacts"

// DescribeEventFactsInput has the parameters of DescribeEvents.
type DescribeEventFactsInput struct {
	SourceIdentifier *string
	SourceType       types.SourceType
	StartTime        *time.Time
	EndTime          *time.Time
	Duration         *int32 // minutes
	MaxRecords       *int32
	Marker           *string
}

// DescribeEventFactsOutput is the answer, newest first.
type DescribeEventFactsOutput struct {
	Events []Event
	Marker *string
}

// Event is what happened to a cache, or to a node.
type Event struct {
	Date             time.Time
	SourceIdentifier string
	SourceType       string
	Message          string // as in DescribeEvents
	Fact             *Fact  // absent: the message is in the original's words
}
