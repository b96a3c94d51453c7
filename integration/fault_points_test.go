package integration_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/fault"
)

// long reports whether tests may take their time.
func long() bool { return os.Getenv("AIKAGI_LONG") != "" }

// operation is something that is done to a group, and the points at which the
// control plane is killed meanwhile.
type operation struct {
	name  string
	kills []string // as AIKAGI_FAULT has them
	run   func(*life)
}

// The points that each operation on a group of three passes. What touches all three
// nodes is broken off after the first, the second and the third.
var (
	called  = []string{fault.StoreBeforeCommit, fault.StoreAfterCommit}
	settled = slices.Concat(thrice(fault.Proven), []string{fault.BeforeSettle, fault.AfterSettle})
	changed = slices.Concat(called, thrice(fault.AccessWritten), thrice(fault.AccessApplied), settled)

	operations = []operation{
		{"create", slices.Concat(called, thrice(fault.NodeInstalled), thrice(fault.NodeStarted), settled), (*life).create},
		{"rotate", changed, func(l *life) { l.change(rotate) }},
		{"second rotate", changed, func(l *life) { l.change(rotate) }},
		{"set", changed, func(l *life) { l.change(set) }},
		{"reboot replica", slices.Concat(called, []string{fault.NodeStopped, fault.NodeInstalled, fault.NodeStarted}, settled),
			func(l *life) { l.reboot(1) }},
		{"reboot primary", slices.Concat(called, []string{fault.NodeStopped, fault.NodeInstalled, fault.NodeStarted}, settled),
			func(l *life) { l.reboot(0) }},
		{"crash of replica", slices.Concat([]string{fault.CrashNoted, fault.NodeInstalled, fault.NodeStarted}, settled),
			func(l *life) { l.crash(1) }},
		{"crash of primary", slices.Concat([]string{fault.CrashNoted}, thrice(fault.RoleChanged),
			[]string{fault.NodeInstalled, fault.NodeStarted}, settled), func(l *life) { l.crash(0) }},
		{"renew certificates", thrice(fault.CertificateWritten), (*life).renew},
		{"delete", slices.Concat(called, thrice(fault.NodeRemoved), []string{fault.BeforeForget, fault.AfterForget}), (*life).delete},
	}
	// creation is for groups of which the points of a creation are all that is new.
	creation = []operation{operations[0], operations[len(operations)-1]}
)

func thrice(point string) []string { return []string{point + ":1", point + ":2", point + ":3"} }

// on leaves out the hits that a group of one node does not have.
func (o operation) on(replicas int) []string {
	if replicas > 0 {
		return o.kills
	}
	return slices.DeleteFunc(slices.Clone(o.kills), func(k string) bool { return strings.HasSuffix(k, ":2") || strings.HasSuffix(k, ":3") })
}

// hits is what the whole test has seen: operation by point.
type hits struct {
	mu    sync.Mutex // guards both below
	seen  map[string]map[string]bool
	lives int
}

func (h *hits) begin() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lives++
}

func (h *hits) add(op, kill string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	point, _, _ := strings.Cut(kill, ":")
	if h.seen[point] == nil {
		h.seen[point] = map[string]bool{}
	}
	h.seen[point][op] = true
}

// TestFaultPoints kills the control plane at every point of every operation. A life
// is one group with one kill in each operation; together the lives try all.
func TestFaultPoints(t *testing.T) {
	t.Parallel()
	h := &hits{seen: map[string]map[string]bool{}}
	engines := harness.Engines(t)
	planned := 0
	t.Run("lives", func(t *testing.T) {
		for i, p := range plans(engines) {
			if long() || i%len(engines) == 0 {
				planned++
				p.start(t, h)
			}
		}
	})
	for _, point := range fault.Points {
		ops := slices.Sorted(maps.Keys(h.seen[point]))
		t.Logf("%-20s %s", point, strings.Join(ops, ", "))
		if len(ops) == 0 && h.lives == planned { // not with -run for some lives
			t.Errorf("no operation has reached %s", point)
		}
	}
}

// plans are all the lives that there are to be; the same life on each of the engines
// comes one after the other, so that a short run can let the engines take turns.
func plans(engines []string) []plan {
	var all []plan
	add := func(p plan) {
		most := 0
		for _, op := range p.ops {
			most = max(most, len(op.on(p.replicas)))
		}
		for p.n = range most {
			for i := range engines {
				p.engine = engines[(i+p.n)%len(engines)]
				all = append(all, p)
			}
		}
	}
	add(plan{ops: operations, replicas: 2})
	add(plan{ops: creation, replicas: 2, token: token("first", 0)})
	add(plan{ops: creation})
	return all
}

// plan says what a life is to be.
type plan struct {
	ops      []operation
	n        int // which of its kills each operation gets
	engine   string
	replicas int    // none: without TLS too
	token    string // to create the group with
}

func (p plan) String() string {
	return fmt.Sprintf("%s-%d-nodes-%d-operations-%d", p.engine, p.replicas+1, len(p.ops), p.n)
}
