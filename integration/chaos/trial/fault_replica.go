package trial

import (
	"context"
	"fmt"
	"syscall"
	"time"
)

// replicaFaults befall replicas, and the primary when they are not at their best.
func replicaFaults() []Fault {
	return []Fault{
		{
			Name: "replica-stopped", What: "SIGSTOP of a replica for 3 s: writers notice nothing",
			Loss: LossNone,
			inject: func(ctx context.Context, r *run) error {
				replica := r.group.replicaIDs(r.before.primary)[0]
				if err := r.signal(replica, syscall.SIGSTOP); err != nil {
					return err
				}
				wait(ctx, 3*time.Second)
				if err := r.process(replica).signal(syscall.SIGCONT); err != nil {
					r.note("the stopped replica was replaced meanwhile (%v)", err)
				}
				return nil
			},
		},
		{
			Name: "replica-behind", What: "SIGSTOP of a replica, 300 ms later SIGKILL of the primary: the other replica must be chosen",
			Causes: []string{"crash"}, Loss: LossTail, Errors: true,
			inject: func(ctx context.Context, r *run) error {
				replicas := r.group.replicaIDs(r.before.primary)
				if err := r.signal(replicas[0], syscall.SIGSTOP); err != nil {
					return err
				}
				wait(ctx, 300*time.Millisecond)
				r.wanted = replicas[1]
				return r.kill(r.before.primary)
			},
		},
		{
			Name: "replica-busy", What: "a script keeps a replica busy for 3 s, after 1 s the primary is killed",
			Causes: []string{"crash"}, Loss: LossTail, Errors: true,
			inject: func(ctx context.Context, r *run) error {
				go r.busy(r.group.replicaIDs(r.before.primary)[0], 3*time.Second)
				wait(ctx, time.Second)
				return r.kill(r.before.primary)
			},
		},
		{
			Name: "replica-cannot-sync", What: "a replica is killed and every replication link is cut for 3 s, then the primary is killed, and the links stay cut for 1 s",
			Causes: []string{"crash"}, Loss: LossTail, Errors: true,
			inject: cutLinks,
		},
	}
}

// busy keeps a node from doing anything else. The node may be killed meanwhile.
func (r *run) busy(node string, d time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	err := r.group.ask(ctx, r.group.nodes[node], func(c *conn) error {
		_, err := c.do("EVAL", `local t = redis.call('TIME'); local stop = t[1] * 1000 + t[2] / 1000 + `+fmt.Sprint(d.Milliseconds())+`
			while true do t = redis.call('TIME'); if t[1] * 1000 + t[2] / 1000 > stop then return 1 end end`, "0")
		return err
	})
	if err != nil && ctx.Err() == nil {
		r.note("the script that keeps %s busy: %v", node, err)
	}
}

// cutLinks ends every replication link as often as it is made.
func cutLinks(ctx context.Context, r *run) error {
	cutting, stop := context.WithCancel(ctx)
	defer stop()
	cuts := 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		for cutting.Err() == nil {
			_ = r.group.ask(cutting, r.group.primaryEndpoint, func(c *conn) error {
				for cutting.Err() == nil {
					n, err := c.do("CLIENT", "KILL", "TYPE", "replica")
					if err != nil {
						return err
					}
					if n != "0" {
						cuts++
					}
					wait(cutting, 2*time.Millisecond)
				}
				return nil
			})
			wait(cutting, 2*time.Millisecond)
		}
	}()
	if err := r.kill(r.group.replicaIDs(r.before.primary)[0]); err != nil {
		return err
	}
	wait(ctx, 3*time.Second)
	err := r.kill(r.before.primary)
	wait(ctx, time.Second)
	stop()
	<-done
	r.note("replication links were cut %d times", cuts)
	return err
}

// wait is a part of a fault that takes its time.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
