package replication

import (
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// asOriginal are the beginnings of the events that are in the original's words.
//
// Source: ElastiCache User Guide, "Event notifications and Amazon SNS"; live answers.
var asOriginal = []string{
	"Cache cluster created", "Cache cluster deleted", "Replication group ", "Test Failover API called", "Failover from primary node",
	"Recovering cache nodes", "Finished recovery for cache nodes", "Automatic failover has been", "Added cache node", "Applying deferred modifications",
}

// reporter is what a test and a random one have in common.
type reporter interface {
	Errorf(format string, args ...any)
}

// wantFacts checks events of the domain: each has a fact that is whole, or is in the original's words.
func wantFacts(t reporter, events []cache.Event) {
	for _, e := range events {
		if e.Fact == nil {
			if !slices.ContainsFunc(asOriginal, func(s string) bool { return strings.HasPrefix(e.Message, s) }) {
				t.Errorf("the event %q is neither a fact nor in the original's words", e.Message)
			}
			continue
		}
		if err := e.Fact.Validate(); err != nil {
			t.Errorf("the event %q: %v", e.Message, err)
		}
	}
}
