package integration_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/fault"
)

// long reports whether tests may take their time.
func long() bool { return os.Getenv("AIKAGI_LONG") != "" }

// operation is something that is done to a group, and the points at which the
// control plane is killed meanwhile, as AIKAGI_FAULT has them.
type operation struct {
	name  string
	kills []string
	also  []string // in a long run; other operations of the same life pass these too
	run   func(*life)
}

// on leaves out what a group of one node does not have, and what takes too long:
// where three nodes do the same, a short run tries the second.
func (o operation) on(replicas int) []string {
	kills := o.kills
	if long() {
		kills = slices.Concat(o.kills, o.also)
	}
	return slices.DeleteFunc(slices.Clone(kills), func(kill string) bool {
		_, count, _ := strings.Cut(kill, ":")
		if replicas == 0 {
			return count == "2" || count == "3"
		}
		return !long() && (count == "1" || count == "3")
	})
}

// What touches all three nodes is broken off after the first, the second and the third.
func thrice(point string) []string { return []string{point + ":1", point + ":2", point + ":3"} }

// The points that many operations on a group of three pass.
var (
	called    = []string{fault.StoreBeforeCommit, fault.StoreAfterCommit}
	addressed = []string{fault.AddressesProposed, fault.AddressesGiven}
	settled   = slices.Concat(thrice(fault.Proven), []string{fault.BeforeSettle, fault.AfterSettle})
	changed   = slices.Concat(thrice(fault.AccessWritten), thrice(fault.AccessApplied))
	begun     = slices.Concat(thrice(fault.NodeInstalled), thrice(fault.NodeStarted), thrice(fault.DoorsOpened))
	resumed   = []string{fault.NodeInstalled, fault.NodeStarted, fault.DoorsOpened}
	ended     = slices.Concat(thrice(fault.NodeRemoved), []string{fault.BeforeForget, fault.AfterForget})
)

// operations are for a group of three whose primary stays the same.
var operations = []operation{
	{"create", slices.Concat(addressed, begun, settled), called, (*life).create},
	{"rotate", slices.Concat(called, changed, settled), nil, func(l *life) { l.change(rotate) }},
	{"second rotate", slices.Concat(called, changed, settled), nil, func(l *life) { l.change(rotate) }},
	{"set", slices.Concat(called, changed, settled), nil, func(l *life) { l.change(set) }},
	{
		"reboot replica", slices.Concat(called, []string{fault.NodeStopped}, resumed), settled,
		func(l *life) { l.reboot(1) },
	},
	{
		// The control plane has taken the process over, so it cannot know that it has saved its
		// data: a replica lends its own, and the primary's addresses are opened by its promotion.
		"reboot primary", slices.Concat(called, []string{fault.NodeStopped, fault.NodeInstalled, fault.NodeStarted, fault.Promoted}), settled,
		func(l *life) { l.reboot(0) },
	},
	{
		"crash of replica", slices.Concat([]string{fault.CrashNoted}, resumed, settled), nil,
		func(l *life) { l.crash(1) },
	},
	{
		// The lender is told to stand on its own, and in the end to be a replica again.
		"crash of primary", []string{
			fault.CrashNoted, fault.RoleChanged, fault.NodeInstalled, fault.NodeStarted, fault.Promoted, fault.SwitchNoted, fault.RoleChanged + ":2",
		}, settled, func(l *life) { l.crash(0) },
	},
	{"renew certificates", thrice(fault.CertificateWritten), nil, (*life).renew},
	{"delete", slices.Concat(called, ended), nil, (*life).delete},
}

// creation is for groups of which the points of a creation are all that is new.
var creation = []operation{
	{"create", slices.Concat(called, addressed, begun, settled), nil, (*life).create},
	{"delete", slices.Concat(called, ended), nil, (*life).delete},
}

// modes are for a group of three that comes from plaintext to a token.
var modes = []operation{
	{"create", nil, nil, (*life).create},
	{"offer TLS", slices.Concat(called, thrice(fault.DoorsOpened), settled), nil, func(l *life) { l.encrypt(types.TransitEncryptionModePreferred) }},
	{"require TLS", slices.Concat(called, thrice(fault.DoorsOpened), settled), nil, func(l *life) { l.encrypt(types.TransitEncryptionModeRequired) }},
	{"rotate", nil, nil, func(l *life) { l.change(rotate) }},
	{"delete", nil, nil, (*life).delete},
}

// failovers are for a group of three, and at times four, whose primary changes.
var failovers = []operation{
	{"create", slices.Concat(addressed, begun, settled), called, (*life).create},
	{
		"crash of primary", []string{fault.Elected, fault.Promoted, fault.SwitchNoted, fault.RoleChanged, fault.NodeInstalled, fault.DoorsOpened},
		slices.Concat([]string{fault.NodeStarted}, settled), func(l *life) { l.lose("crash", syscall.SIGKILL, false) },
	},
	{"rotate after failover", changed, slices.Concat(called, settled), func(l *life) { l.change(rotate) }},
	{
		"hang of primary", []string{fault.HangNoted, fault.NodeKilled, fault.Elected, fault.Promoted, fault.SwitchNoted},
		slices.Concat([]string{fault.RoleChanged}, resumed, settled), func(l *life) { l.lose("hang", syscall.SIGSTOP, false) },
	},
	{"scale up", slices.Concat(called, addressed, resumed), settled, (*life).scaleUp},
	{
		"test failover", slices.Concat(called, handedOver), slices.Concat([]string{fault.RoleChanged}, settled),
		(*life).testFailover,
	},
	{
		"unseen crash of primary", []string{fault.Elected, fault.Promoted, fault.SwitchNoted, fault.NodeStarted},
		slices.Concat([]string{fault.RoleChanged, fault.NodeInstalled, fault.DoorsOpened}, settled),
		func(l *life) { l.lose("crash", syscall.SIGKILL, true) },
	},
	{
		"scale down", slices.Concat(called, []string{fault.NodeRemoved, fault.BeforeSettle, fault.AfterSettle}),
		thrice(fault.Proven), (*life).scaleDown,
	},
	{
		"reboot of primary", slices.Concat(handedOver, []string{fault.NodeStopped, fault.NodeStarted}),
		slices.Concat(called, []string{fault.RoleChanged, fault.NodeInstalled, fault.DoorsOpened}, settled), (*life).rebootPrimary,
	},
	{"delete", slices.Concat(called, ended), nil, (*life).delete},
}

// handedOver are the points of a planned failover.
var handedOver = []string{fault.WritesPaused, fault.Demoted, fault.Promoted, fault.SwitchNoted}

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
	add(plan{ops: failovers, replicas: 2, automatic: true})
	add(plan{ops: modes, replicas: 2, plain: true})
	add(plan{ops: creation, replicas: 2, token: tokenOf("first", 0)})
	add(plan{ops: creation})
	return all
}

// plan says what a life is to be.
type plan struct {
	ops       []operation
	n         int // which of its kills each operation gets
	engine    string
	automatic bool   // failover
	replicas  int    // none: without TLS too
	plain     bool   // without TLS at first
	token     string // to create the group with
}

func (p plan) String() string {
	kind := "lasting"
	switch {
	case p.automatic:
		kind = "failovers"
	case p.plain:
		kind = "modes"
	case p.token != "":
		kind = "created-with-token"
	case p.replicas == 0:
		kind = "single"
	}
	return fmt.Sprintf("%s-%s-%d", kind, p.engine, p.n)
}
