package integration_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/smithy-go"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/fault"
)

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
		l.subject = newSubject(harness.Start(t), "life", p.engine, p.replicas, p.replicas > 0 && !p.plain)
		l.automatic = p.automatic
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
	case <-time.After(harness.Patience):
		l.t().Errorf("%s does not reach %s", l.op, l.kill)
		return false
	}
	if !l.Killed() {
		l.t().Errorf("%s ended the control plane before %s", l.op, l.kill)
	}
	l.hits.add(l.op, l.kill)
	l.Start()
	return true
}

// revive starts a control plane that finds something to do, and dies at its point.
func (l *life) revive(done func() (bool, error)) {
	l.t().Helper()
	if l.kill == "" {
		l.Start()
	} else if err := l.TryStart("AIKAGI_FAULT=" + l.kill); err == nil {
		l.die(done)
	} else { // it has died before it could say that it was ready
		if !l.Killed() {
			l.t().Errorf("%s: not killed at %s: %v", l.op, l.kill, err)
		}
		l.hits.add(l.op, l.kill)
		l.Start()
	}
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
	for _, id := range l.nodes {
		l.events[id+": Cache cluster created"] = 1
		l.events[id+": Added cache node 0001 in availability zone us-east-1"] = 1
	}
	l.events["Replication group life created"] = 1
	if l.automatic {
		l.events[l.id+": Automatic failover has been turned on for replication group "+l.id] = 1
	}
	l.awaitSettled()
	l.write("created")
	l.verify()
}

// lost reports whether the call has to be made again, and checks that its answer was
// the truth: only a call that was not made durable may be lost. An answer can be cut
// off by any kill, for reconciling does not wait until it is sent.
func (l *life) lost(err error) bool {
	l.t().Helper()
	var answer smithy.APIError
	unanswered := l.kill == fault.StoreBeforeCommit || l.kill == fault.StoreAfterCommit
	if unanswered && err == nil || err != nil && (l.kill == "" || errors.As(err, &answer)) {
		l.t().Fatalf("%s, killed at %q: %v", l.op, l.kill, err)
	}
	return l.kill == fault.StoreBeforeCommit
}

// key begins the keys of the operation that is going on.
func (l *life) key() string { return strings.ReplaceAll(l.op, " ", "-") }

// change rotates a new token in, or sets the newest.
func (l *life) change(strategy types.AuthTokenUpdateStrategyType) {
	credential := l.newest()
	if strategy == rotate {
		l.made++
		credential = tokenOf("rotated", l.made)
	}
	connections, pids := l.hold(), l.pids()
	refusals, w := l.loginAllTheTime(l.newest()), l.writeAllTheTime(l.key())
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
	if n := w.connections(); n != 1 {
		l.t().Errorf("the writer needed %d connections", n)
	}
	l.keep(w.stop(l.t()))
	l.verify()
	connections.check(l.t())
	l.wantPIDs(pids)
}

// encrypt moves the group to another mode. Its clients use TLS from then on.
func (l *life) encrypt(mode types.TransitEncryptionMode) {
	ask := func() error {
		_, err := l.client().ElastiCache.ModifyReplicationGroup(context.Background(), &elasticache.ModifyReplicationGroupInput{
			ReplicationGroupId: &l.id, TransitEncryptionEnabled: aws.Bool(true), TransitEncryptionMode: mode, ApplyImmediately: aws.Bool(true),
		}, once)
		return err
	}
	connections, pids := l.hold(), l.pids()
	l.arm()
	err := ask()
	l.die(l.isSettled)
	if l.lost(err) {
		l.awaitSettled()
		l.verify() // as it was
		if err := ask(); err != nil {
			l.t().Fatalf("ask again: %v", err)
		}
	}
	l.awaitSettled()
	connections.check(l.t()) // those of offer TLS are in plaintext, the others are not
	l.tls = true
	l.events[l.id+": Change of encryption in transit requested"]++
	if mode == types.TransitEncryptionModePreferred {
		l.events[l.id+": Replication group life accepts TLS and plaintext"]++
	} else {
		l.events[l.id+": TransitEncryptionMode required ends plaintext connections"]++ // it was used lately
		l.events[l.id+": Replication group life accepts TLS connections only"]++
	}
	l.verify()
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
	l.restarts(node, "ended unexpectedly")
	l.verify()
	connections.check(l.t(), node)
	l.wantPIDs(pids, node)
}

// renew takes the certificates away, which the control plane makes anew.
func (l *life) renew() {
	connections, pids := l.hold(), l.pids()
	before := map[string]string{}
	for _, id := range l.nodes {
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
		for _, id := range l.nodes {
			if l.serial(id) == before[id] {
				return false, fmt.Errorf("%s has its old certificate", id)
			}
		}
		return l.isSettled()
	}
	l.Kill()
	l.revive(renewed)
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
