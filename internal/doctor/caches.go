package doctor

import (
	"cmp"
	"context"
)

// Cache is a replication group or a cache cluster, as the control plane tells.
type Cache struct {
	ID, Status string
	Reason     string // what keeps it from being as it should be; empty: nothing
	Fix        string // what to do about it; empty: look closer
	// Beyond: clients on other machines can reach it. Exposure is in what ways they can without what should protect it; empty: in none.
	Beyond   bool
	Exposure string
	// Version is what its owner has asked for; ServedBy what serves it, if an alias has another one do so.
	Version, ServedBy string
	LostAddress       string // one that it has and this machine does not; empty: none
}

// serving and failed are statuses in which nothing is waited for.
const (
	serving = "available"
	failed  = "create-failed"
)

// checkCaches tells what the control plane knows of caches that something is wrong with.
func checkCaches(_ context.Context, in Input) []Finding {
	const name = "caches"
	if in.Caches == nil {
		return ok(name, "no control plane answers, so nothing is known of caches")
	}
	var findings []Finding
	for _, c := range in.Caches {
		if c.ServedBy != "" {
			findings = append(findings, ok(name, "%s has asked for %s, and is served by %s", c.ID, c.Version, c.ServedBy)...)
		}
	}
	told := len(findings)
	for _, c := range in.Caches {
		if c.Reason == "" {
			continue
		}
		level := Fail
		if c.Status == serving || c.Status == failed {
			level = Warn
		}
		findings = append(findings, bad(name, level, cmp.Or(c.Fix, "aikagi status "+c.ID), "%s is %s: %s", c.ID, c.Status, c.Reason)...)
	}
	if len(findings) == told {
		return append(findings, ok(name, "none of %d is held up", len(in.Caches))...)
	}
	return findings
}
