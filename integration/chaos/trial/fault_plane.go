package trial

import (
	"context"
	"time"

	"github.com/aikagi/aikagi/internal/fault"
)

// planeFaults befall the control plane.
func planeFaults() []Fault {
	return []Fault{
		{
			Name: "control-plane-killed", What: "SIGKILL of the control plane, three times, down for half a second each",
			Loss: LossNone, Short: true,
			inject: func(ctx context.Context, r *run) error {
				for range 3 {
					r.group.plane.kill(func() { wait(ctx, 500*time.Millisecond) })
					wait(ctx, 500*time.Millisecond)
				}
				return nil
			},
		},
		{
			Name: "control-plane-and-primary-killed", What: "SIGKILL of the control plane, then of the primary; the control plane is back after half a second",
			Causes: []string{"crash"}, Loss: LossTail, Errors: true,
			inject: func(ctx context.Context, r *run) (err error) {
				r.group.plane.kill(func() {
					err = r.kill(r.before.primary)
					wait(ctx, 500*time.Millisecond)
				})
				return err
			},
		},
		{
			Name: "clock-ahead", What: "the clock of the control plane jumps two days ahead as the primary is killed",
			Clock: true, Causes: []string{"crash"}, Loss: LossTail, Errors: true,
			inject: func(_ context.Context, r *run) error { return jump(r, 48*time.Hour) },
		},
		{
			Name: "clock-back", What: "the clock of the control plane jumps two days back as the primary is killed",
			Clock: true, Causes: []string{"crash"}, Loss: LossTail, Errors: true,
			inject: func(_ context.Context, r *run) error { return jump(r, -48*time.Hour) },
		},
	}
}

func jump(r *run, by time.Duration) error {
	r.group.plane.inside.offset.Store(int64(by))
	return r.kill(r.before.primary)
}

// pointFaults kill the control plane at each step of a failover; it is started again
// at once.
func pointFaults() []Fault {
	var all []Fault
	for _, kind := range []struct {
		name, cause string
		loss        Loss
		points      []string
		begin       func(context.Context, *run) error
	}{
		{"planned", "test", LossNone,
			[]string{fault.StoreAfterCommit, fault.WritesPaused, fault.Demoted, fault.Promoted, fault.SwitchNoted, fault.RoleChanged, fault.Proven, fault.BeforeSettle, fault.AfterSettle},
			func(ctx context.Context, r *run) error { return r.testFailover(ctx) }},
		{"crash", "crash", LossTail,
			[]string{fault.Elected, fault.Promoted, fault.SwitchNoted, fault.RoleChanged, fault.NodeInstalled, fault.NodeStarted, fault.DoorsOpened, fault.Proven, fault.BeforeSettle, fault.AfterSettle},
			func(_ context.Context, r *run) error { return r.kill(r.before.primary) }},
		{"hang", "hang", LossTail,
			[]string{fault.HangNoted, fault.NodeKilled, fault.Elected, fault.Promoted, fault.SwitchNoted},
			stopPrimary},
	} {
		for _, point := range kind.points {
			all = append(all, Fault{
				Name: kind.name + "-dies-at-" + point, What: "the control plane is killed at " + point + " of a failover (" + kind.cause + ")",
				Point: point, Causes: []string{kind.cause}, Loss: kind.loss, Errors: true,
				Short: kind.name == "crash" && point == fault.Elected, inject: kind.begin,
			})
		}
	}
	return all
}
