package integration_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

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

// life is one group from creation to deletion.
type life struct {
	*subject
	hits     *hits
	token    string // to create the group with
	made     int    // tokens since then
	op, kill string // what is going on
}

func (p plan) start(t *testing.T, h *hits) {
	t.Run(p.String(), func(t *testing.T) {
		t.Parallel()
		h.begin()
		l := life{hits: h, token: p.token}
		l.subject = newSubject(harness.Start(t), "life", p.engine, p.replicas, p.replicas > 0)
		for _, op := range p.ops {
			kills := op.on(p.replicas)
			l.op, l.kill = op.name, ""
			if p.n < len(kills) {
				l.kill = kills[p.n]
			}
			began := time.Now()
			op.run(&l)
			t.Logf("%s, killed at %q: %s", op.name, l.kill, time.Since(began).Round(time.Millisecond))
			if t.Failed() {
				t.Fatalf("after %s, killed at %q", l.op, l.kill)
			}
		}
	})
}

// arm starts the control plane anew so that it dies at the operation's point.
func (l *life) arm() {
	l.t().Helper()
	if l.kill == "" {
		return
	}
	l.Kill()
	l.Start("AIKAGI_FAULT=" + l.kill)
}

// die waits until the control plane has died at its point, or done says that it has
// finished without, and starts a healthy one. It reports whether it died.
func (l *life) die(done func() (bool, error)) bool {
	l.t().Helper()
	if l.kill == "" {
		return false
	}
	finished := false
	l.await(l.op+" to finish or to die at "+l.kill, func() (bool, error) {
		select {
		case <-l.Exited():
			return true, nil
		default:
		}
		var err error
		finished, err = done()
		return finished, err
	})
	// AfterSettle and AfterForget come when all can be seen to be done.
	select {
	case <-l.Exited():
	case <-time.After(time.Second):
		l.t().Errorf("%s does not reach %s", l.op, l.kill)
		return false
	}
	l.hits.add(l.op, l.kill)
	l.Start()
	return true
}

func (l *life) create() {
	l.arm()
	err := l.subject.create(l.token)
	l.die(l.isSettled)
	if l.lost(err) {
		if err := l.subject.create(l.token); err != nil {
			l.t().Fatalf("create again: %v", err)
		}
	}
	if l.token != "" {
		l.tokens, l.retired = []string{l.token}, []string{""}
	}
	for _, id := range l.nodeIDs() {
		l.events[id+": Cache cluster created"] = 1
	}
	l.events["Replication group life created"] = 1
	l.awaitSettled()
	l.write("created")
	l.verify()
}

// lost reports whether the call has to be made again, and checks that its answer was
// the truth: only a call that was not made durable may be lost.
func (l *life) lost(err error) bool {
	l.t().Helper()
	cut := l.kill == fault.StoreBeforeCommit || l.kill == fault.StoreAfterCommit
	if (err != nil) != cut {
		l.t().Fatalf("%s, killed at %q: %v", l.op, l.kill, err)
	}
	return l.kill == fault.StoreBeforeCommit
}

// change rotates a new token in, or sets the newest.
func (l *life) change(strategy types.AuthTokenUpdateStrategyType) {
	credential := l.newest()
	if strategy == rotate {
		l.made++
		credential = token("rotated", l.made)
	}
	connections, pids := l.hold(), l.pids()
	refusals := l.loginAllTheTime(l.newest())
	l.arm()
	err := l.modify(strategy, credential)
	l.die(l.isSettled)
	if l.lost(err) {
		l.awaitSettled()
		l.verify() // as it was
		l.mustModify(strategy, credential)
	} else {
		l.note(strategy, credential)
	}
	l.awaitSettled()
	refusals.stop(l.t())
	l.write(strings.ReplaceAll(l.op, " ", "-"))
	l.verify()
	connections.check(l.t())
	l.wantPIDs(pids)
}

func (l *life) reboot(n int) {
	node := l.node(n)
	connections, pids := l.hold(), l.pids()
	l.arm()
	err := l.subject.reboot(node)
	l.die(l.isSettled)
	if l.lost(err) {
		if err := l.subject.reboot(node); err != nil {
			l.t().Fatalf("reboot again: %v", err)
		}
	}
	l.awaitSettled()
	l.events[node+": Cache node is being rebooted"]++
	l.events[node+": Cache node restarted"]++
	l.verify()
	connections.check(l.t(), node)
	l.wantPIDs(pids, node)
}

func (l *life) crash(n int) {
	node := l.node(n)
	l.write(fmt.Sprintf("before-crash-of-%d", n))
	connections, pids := l.hold(), l.pids()
	back := func() (bool, error) {
		if pid := l.pids()[node]; pid == 0 || pid == pids[node] {
			return false, fmt.Errorf("%s has process %d", node, pid)
		}
		return l.isSettled()
	}
	l.arm()
	if err := syscall.Kill(pids[node], syscall.SIGKILL); err != nil {
		l.t().Fatal(err)
	}
	l.die(back)
	l.await(node+" to be back", back)
	l.events[node+": Cache node ended unexpectedly"]++
	l.events[node+": Cache node restarted"]++
	l.verify()
	connections.check(l.t(), node)
	l.wantPIDs(pids, node)
}

// renew takes the certificates away, which the control plane makes anew.
func (l *life) renew() {
	connections, pids := l.hold(), l.pids()
	before := map[string]string{}
	for _, id := range l.nodeIDs() {
		before[id] = l.serial(id)
		files, err := filepath.Glob(filepath.Join(l.dirOf(id), "tls", "node-?.pem"))
		if err != nil || len(files) == 0 {
			l.t().Fatalf("%s has no certificate (%v)", id, err)
		}
		for _, f := range files {
			if err := os.Remove(f); err != nil {
				l.t().Fatal(err)
			}
		}
	}
	renewed := func() (bool, error) {
		for _, id := range l.nodeIDs() {
			if l.serial(id) == before[id] {
				return false, fmt.Errorf("%s has its old certificate", id)
			}
		}
		return l.isSettled()
	}
	l.Kill()
	if l.kill == "" {
		l.Start()
	} else if err := l.TryStart("AIKAGI_FAULT=" + l.kill); err == nil {
		l.die(renewed)
	} else { // it has died before it could say that it was ready
		l.hits.add(l.op, l.kill)
		l.Start()
	}
	l.await("new certificates", renewed)
	l.verify()
	connections.check(l.t())
	l.wantPIDs(pids)
}

func (l *life) delete() {
	l.arm()
	err := l.subject.delete()
	l.die(func() (bool, error) { _, ok, err := l.access(); return !ok && err == nil, err })
	if l.lost(err) {
		l.verify()
		if err := l.subject.delete(); err != nil {
			l.t().Fatalf("delete again: %v", err)
		}
	}
	l.events["Replication group life is being deleted"] = 1
	l.events["Replication group life deleted"] = 1
	l.awaitGone()
	l.verifyGone()
}
