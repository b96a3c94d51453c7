package rotation

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// This file decides about those who are refused when the old credential has ended.

// clockSlack is how far the time of a refused login may be off: engines tell its age.
const clockSlack = 2 * time.Second

func planRollBack(r *rotation.Rotation, seen usage.Group) (Decision, bool) {
	refused, culprits := refusedSince(r, seen)
	switch {
	case r.RollBackNow:
		return Decision{Step: StepRollBack}, true
	case r.Spec.RollBackOver >= 0 && refused > r.Spec.RollBackOver:
		return Decision{Step: StepRollBack, Refused: refused, Culprits: culprits}, true
	}
	return Decision{}, false
}

// refusedSince returns how many logins with the old credential were refused since it was
// ended, and by whom. A node that counts from the beginning again is believed from there on.
func refusedSince(r *rotation.Rotation, seen usage.Group) (int64, []usage.Client) {
	u := used(seen, r.Old)
	var refused int64
	for node, count := range u.RefusedBy {
		refused += max(0, count-r.RefusedFrom[node])
	}
	if refused == 0 {
		return 0, nil
	}
	var culprits []usage.Client
	for _, c := range u.Clients {
		if c.Refused == 0 || c.LastSeen.Before(r.RefusedSince.Add(-clockSlack)) {
			continue
		}
		if c.Name == "" {
			c.Formerly = formerly(u.Clients, c.Address)
		}
		culprits = append(culprits, c)
	}
	return refused, culprits
}

// missing says which nodes could not be asked.
func missing(seen usage.Group) cache.Saying {
	var nodes []cache.Saying
	for _, m := range seen.Missing {
		nodes = append(nodes, cache.Say(cache.FactNodeWhy, "node", m.NodeID, "reason", m.Reason))
	}
	return cache.Say(cache.FactUnknownOfNodes, "nodes", nodes)
}

// namesKept is how many former names of a client are told.
const namesKept = 3

// formerly returns the names that clients at an address gave, the last seen first.
func formerly(clients []usage.Client, address string) []string {
	var named []usage.Client
	for _, c := range clients {
		if c.Address == address && c.Name != "" {
			named = append(named, c)
		}
	}
	slices.SortStableFunc(named, func(a, b usage.Client) int { return b.LastSeen.Compare(a.LastSeen) })
	var names []string
	for _, c := range named {
		if len(names) < namesKept && !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}
