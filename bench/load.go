package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aikagi/aikagi/integration/load"
)

// underLoad changes tokens under clients that reconnect all the time. Each group
// begins without a token, so that clients without one are there more than once.
func underLoad(ctx context.Context, s *session) error {
	server := s.server()
	var sum load.Report
	for i := range s.samples(5, 1) {
		group, err := s.group(ctx, server, fmt.Sprintf("load-%d", i), 2, "")
		if err != nil {
			return err
		}
		report, err := load.Run(ctx, group, load.Options{
			Clients: 210, Rounds: s.samples(10, 2), Commands: 6, Pause: 10 * time.Millisecond, Logins: s.samples(1, 0),
			Progress: func(text string) { s.progress("  group %d: %s", i+1, text) },
		})
		if err != nil {
			return err
		}
		sum.Add(report)
		if err := group.Delete(ctx); err != nil {
			return err
		}
	}
	s.progress("  %s", sum)
	s.recordLoad(sum)
	if n := sum.FailedLogins() + sum.FailedCommands; n != 0 {
		return fmt.Errorf("%d failures under load:\n%s", n, strings.Join(sum.Failures, "\n"))
	}
	return nil
}

func (s *session) recordLoad(sum load.Report) {
	tried, refused := sum.Control()
	prefix := fmt.Sprintf("%d ROTATE and SET under %d clients: ", len(sum.Rotates), sum.Clients)
	count := func(name string, n int64, target *Target) {
		s.record(Measurement{Name: prefix + name, Unit: Count, Target: target, Samples: []float64{float64(n)}})
	}
	none := &Target{Statistic: "max", AtMost: 0}
	count("logins", sum.Logins(), nil)
	count("logins that failed", sum.FailedLogins(), none)
	count("commands", sum.Commands, nil)
	count("commands that failed", sum.FailedCommands, none)
	count("control: logins with a wrong, retired or no token", tried, nil)
	count("control: of these not refused", tried-refused, none)
	s.record(Measurement{Name: prefix + "ROTATE, call → available", Unit: Milliseconds, Samples: sum.Rotates})
	s.record(Measurement{Name: prefix + "SET, call → available", Unit: Milliseconds, Samples: sum.Sets})
}
