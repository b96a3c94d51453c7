package integration_test

import (
	"context"
	"fmt"
	"slices"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
)

// This file has what is done to a life with automatic failover only.

// lose ends or stops the primary's process, and sees a replica take its place. What
// was acknowledged and replicated before must be there, and what the new primary
// has acknowledged. An unseen loss is one while no control plane runs.
func (l *life) lose(cause string, signal syscall.Signal, unseen bool) {
	l.t().Helper()
	from := l.primary
	connections, pids, recovered := l.hold(), l.pids(), l.recovered()
	w := l.writeAllTheTime(l.key())
	if unseen {
		l.Kill()
	} else {
		l.arm()
	}
	safe := w.count()
	l.write(l.key() + "-before")
	lost := w.connections()
	if err := syscall.Kill(pids[from], signal); err != nil {
		l.t().Fatal(err)
	}
	if unseen {
		l.revive(recovered)
	} else {
		l.die(recovered)
	}
	l.await("failover", recovered)
	l.noteFailover(cause)
	l.keepAfter(w.stop(l.t()), safe, lost)
	told := map[string]string{"crash": "ended unexpectedly", "hang": "does not answer and is being restarted"}
	l.events[from+": Cache node "+told[cause]]++
	l.events[from+": Cache node restarted: in sync with its primary"]++
	l.verify() // that there is one process for each node too, so none that hangs
	connections.check(l.t(), from)
	l.wantPIDs(pids, from)
}

// handOver asks for something that makes the primary hand its role over, and sees that
// no write is lost.
func (l *life) handOver(cause string, ask func() error, restarted ...string) {
	l.t().Helper()
	from := l.primary
	connections, pids, recovered := l.hold(), l.pids(), l.recovered()
	w := l.writeAllTheTime(l.key())
	l.arm()
	err := ask()
	l.die(recovered)
	if l.lost(err) {
		if err := ask(); err != nil {
			l.t().Fatalf("%s again: %v", l.op, err)
		}
	}
	l.await("failover", recovered)
	l.noteFailover(cause)
	l.keep(w.stop(l.t()))
	l.verify()
	connections.check(l.t(), from)
	l.wantPIDs(pids, restarted...)
}

func (l *life) testFailover() {
	l.events[l.id+": Test Failover API called for node group 0001"]++
	l.handOver("test", func() error {
		_, err := l.client().ElastiCache.TestFailover(context.Background(), &elasticache.TestFailoverInput{
			ReplicationGroupId: &l.id, NodeGroupId: aws.String("0001"),
		}, once)
		return err
	})
}

func (l *life) rebootPrimary() {
	node := l.primary
	l.events[node+": Cache node is being rebooted"]++
	l.events[node+": Cache node restarted: in sync with its primary"]++
	l.handOver("reboot", func() error { return l.subject.reboot(node) }, node)
}

func (l *life) scaleUp() {
	added := ""
	for n := 1; added == ""; n++ {
		if id := l.member(n); !slices.Contains(l.nodes, id) {
			added = id
		}
	}
	l.events[fmt.Sprintf("Adding %s to replication group %s", added, l.id)]++
	l.events[added+": Cache cluster created"]++
	l.events[added+": Added cache node 0001 in availability zone us-east-1"]++
	l.scale(func() error {
		_, err := l.client().ElastiCache.IncreaseReplicaCount(context.Background(), &elasticache.IncreaseReplicaCountInput{
			ReplicationGroupId: &l.id, NewReplicaCount: aws.Int32(int32(len(l.nodes))), ApplyImmediately: aws.Bool(true),
		}, once)
		return err
	}, added, "")
}

// scaleDown removes the replica that serves the reader endpoint.
func (l *life) scaleDown() {
	removed := l.servedBy(readerEndpoint)
	l.events[fmt.Sprintf("Removing %s from replication group %s", removed, l.id)]++
	l.events[removed+": Cache cluster deleted"]++
	l.scale(func() error {
		_, err := l.client().ElastiCache.DecreaseReplicaCount(context.Background(), &elasticache.DecreaseReplicaCountInput{
			ReplicationGroupId: &l.id, NewReplicaCount: aws.Int32(int32(len(l.nodes) - 2)), ApplyImmediately: aws.Bool(true),
			ReplicasToRemove: []string{removed},
		}, once)
		return err
	}, "", removed)
}

// scale asks for one node more or less, which the others' clients do not notice.
func (l *life) scale(ask func() error, added, removed string) {
	l.t().Helper()
	connections, pids := l.hold(), l.pids()
	w := l.writeAllTheTime(l.key())
	l.arm()
	err := ask()
	l.die(l.isSettled)
	if l.lost(err) {
		if err := ask(); err != nil {
			l.t().Fatalf("%s again: %v", l.op, err)
		}
	}
	l.nodes = slices.DeleteFunc(l.nodes, func(id string) bool { return id == removed })
	if added != "" {
		l.nodes = append(l.nodes, added)
	}
	l.awaitSettled()
	if n := w.connections(); n != 1 {
		l.t().Errorf("the writer needed %d connections", n)
	}
	l.keep(w.stop(l.t()))
	l.verify()
	connections.check(l.t(), removed)
	l.wantPIDs(pids, added)
}
