package trial

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"time"
)

// nodeFaults befall the primary.
func nodeFaults() []Fault {
	return []Fault{
		{
			Name: "primary-killed", What: "SIGKILL of the primary",
			Causes: []string{"crash"}, Loss: LossTail, Errors: true, Short: true,
			inject: func(_ context.Context, r *run) error { return r.kill(r.before.primary) },
		},
		{
			Name: "primary-stopped", What: "SIGSTOP of the primary, SIGCONT after the failover",
			Causes: []string{"hang"}, Loss: LossTail, Errors: true,
			inject: stopPrimary,
		},
		{
			Name: "primary-hiccup", What: "SIGSTOP of the primary, SIGCONT after 200 ms: no failover",
			Loss: LossNone,
			inject: func(_ context.Context, r *run) error {
				if err := r.signal(r.before.primary, syscall.SIGSTOP); err != nil {
					return err
				}
				time.Sleep(200 * time.Millisecond) // the fault itself
				return r.signal(r.before.primary, syscall.SIGCONT)
			},
		},
		{
			Name: "primary-and-replica-killed", What: "SIGKILL of the primary and of a replica at once",
			Causes: []string{"crash"}, Loss: LossTail, Errors: true,
			inject: func(_ context.Context, r *run) error {
				return r.kill(r.before.primary, r.group.replicaIDs(r.before.primary)[0])
			},
		},
		{
			Name: "all-killed", What: "SIGKILL of both replicas, then of the primary: nobody is left, the snapshot is loaded",
			Loss: LossSnapshot, Errors: true,
			inject: func(_ context.Context, r *run) error {
				return r.kill(append(r.group.replicaIDs(r.before.primary), r.before.primary)...)
			},
		},
		{
			Name: "disk-of-nodes-full", What: "no space left for the nodes (snapshots fail, AOF is not used), a replica killed, then the primary; space again after 2 s",
			SmallDisk: "nodes", Causes: []string{"crash"}, Loss: LossTail, Errors: true,
			inject: func(ctx context.Context, r *run) error { return fillAndKill(ctx, r, "nodes") },
		},
		{
			Name: "disk-of-store-full", What: "no space left for the store and the nodes, then the primary killed; space again after 2 s",
			SmallDisk: ".", Causes: []string{"crash"}, Loss: LossTail, Errors: true,
			inject: func(ctx context.Context, r *run) error { return fillAndKill(ctx, r, ".") },
		},
		{
			Name: "planned", What: "TestFailover", Causes: []string{"test"}, Loss: LossNone, Errors: true, Short: true,
			inject: func(ctx context.Context, r *run) error { return r.testFailover(ctx) },
		},
		{
			Name: "planned-then-killed", What: "TestFailover, and SIGKILL of the old primary at the same time: whichever comes first",
			Causes: []string{"test or crash"}, Loss: LossTail, Errors: true,
			inject: func(ctx context.Context, r *run) error {
				if err := r.testFailover(ctx); err != nil {
					return err
				}
				return r.kill(r.before.primary)
			},
		},
	}
}

// stopPrimary stops the primary, and lets it go on when another one took its place. It
// must be dead by then: writes that wait in its sockets would be acknowledged.
func stopPrimary(ctx context.Context, r *run) error {
	old := r.before.primary
	if err := r.signal(old, syscall.SIGSTOP); err != nil {
		return err
	}
	err := await(ctx, func() error {
		if primary, err := r.group.primary(ctx); err != nil || primary == old {
			return fmt.Errorf("%s still is the primary (%w)", old, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	died := r.process(old).died.Load()
	_ = r.process(old).signal(syscall.SIGCONT) // it may be there still, as a zombie
	if died == 0 {
		r.wrong("%s lived when SIGCONT was sent, after another node had taken over", old)
	} else {
		r.note("the stopped primary was dead %.1f ms after it was stopped, before SIGCONT was sent", milliseconds(Instant(died).Sub(r.at)))
	}
	return nil
}

func fillAndKill(ctx context.Context, r *run, where string) error {
	free, err := fill(filepath.Join(r.group.plane.Dir, where))
	if err != nil {
		return err
	}
	defer free()
	victims := []string{r.before.primary}
	if where == "nodes" {
		victims = append(r.group.replicaIDs(r.before.primary)[:1], victims...)
	}
	for _, victim := range victims {
		if err := r.kill(victim); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second): // the disk stays full for that long
		}
	}
	took := r.endpointAnswered()
	r.note("writes were acknowledged again while the disk was full: %t", took)
	return nil
}
