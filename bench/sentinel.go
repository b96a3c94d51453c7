package main

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// sentinelSetting is how long sentinels wait before they call a primary lost.
type sentinelSetting struct {
	name            string
	downAfter       time.Duration
	failoverTimeout time.Duration
}

// sentinelDefault is what a configuration has that does not say anything.
// sentinelTuned is as fast as it can be made with a clear conscience: example
// configurations say 5 s, careful production 1 or 2 s; below half a second an engine
// that forks, or runs one slow command, counts as lost. The timeout only bounds the
// phases of a failover that goes wrong; it is kept above a full copy of the data.
func sentinelDefault() sentinelSetting {
	return sentinelSetting{"Sentinel, default settings", 30 * time.Second, 3 * time.Minute}
}
func sentinelTuned() sentinelSetting {
	return sentinelSetting{"Sentinel, down-after 500 ms", 500 * time.Millisecond, 10 * time.Second}
}

// sentinel does to bare engines under three sentinels what failover does to groups.
// The client is go-redis with its defaults, which asks the sentinels for the primary. A
// primary that was struck stays away until it has been replaced: one that came back
// before would be the primary again, without what it had not saved.
func sentinel(ctx context.Context, s *session) error {
	redis.SetLogger(muted{})
	tuned := sentinelRuns{planned: s.samples(6, 1), crashes: s.samples(20, 2), hangs: s.samples(15, 2)}
	if err := s.sentinelContests(ctx, sentinelTuned(), tuned); err != nil || s.quick {
		return err
	}
	return s.sentinelContests(ctx, sentinelDefault(), sentinelRuns{crashes: 2, hangs: 2})
}

type sentinelRuns struct{ planned, crashes, hangs int }

func (s *session) sentinelContests(ctx context.Context, setting sentinelSetting, runs sentinelRuns) error {
	t, err := s.newSentinelTrio(setting)
	if err != nil {
		return err
	}
	for _, part := range []contest{
		{what: "planned failover", runs: runs.planned, strike: hand, gap: true},
		{what: "crash of the primary", runs: runs.crashes, strike: crash},
		{what: "hang of the primary", runs: runs.hangs, strike: hang},
	} {
		part.trios, part.what = []trio{t}, setting.name+": "+part.what
		if part.runs == 0 {
			continue
		}
		if err := s.contest(ctx, part); err != nil {
			return fmt.Errorf("%w\n%s", err, t.logs())
		}
	}
	return nil
}
