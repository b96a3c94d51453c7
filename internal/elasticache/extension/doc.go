// Package extension has the actions that only aikagi has. Package own says what is asked and answered.
package extension

import (
	"context"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/metric"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Handlers are our own actions.
type Handlers struct {
	act.Groups
	Metrics  Metrics  // nil: nothing is remembered
	Refusals Refusals // nil: nobody was refused
	Guests   Guests   // nil: it is not known who came through which place
	// CheckDelivery reports whether a guided rotation may and could deliver its token there. The error's text is shown to the
	// client. Nil: everything is accepted.
	CheckDelivery func(context.Context, rotation.Target) error
	// Trouble says what keeps the whole service from doing its work; empty: nothing does. Nil: nothing ever does.
	Trouble func() cache.Saying
	// Refusal is what a client would be answered with an error: its code and message. It returns false for a failure
	// inside the service, of which clients are not told.
	Refusal func(error) (code, message string, ok bool)
}

// Metrics returns what is remembered of a group's nodes after since. To ask has the group
// sampled more often for a while.
type Metrics func(g *replication.Group, since time.Time) metric.Group
