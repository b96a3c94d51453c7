package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// throughputTarget is the least share of a bare engine's throughput that a group of
// ours is to have.
const throughputTarget = 0.97

// keys is how many different keys the clients use.
const keys = 10000

// Names of the arms.
const (
	armGroup   = "group"
	armBare    = "bare engine, same settings"
	armDefault = "bare engine, its default settings"
)

// workload is one way to use an engine.
type workload struct {
	command  string
	pipeline int
}

func (w workload) String() string {
	if w.pipeline == 1 {
		return strings.ToUpper(w.command) + ", unpipelined"
	}
	return fmt.Sprintf("%s, %d deep", strings.ToUpper(w.command), w.pipeline)
}

// throughput compares what 50 clients get done: with a group of ours (engine module,
// token, TLS), with a bare engine of the same settings, and with one of default
// settings.
func throughput(ctx context.Context, s *session) error {
	ours, err := s.ours(ctx)
	if err != nil {
		return err
	}
	same, err := s.bare(armBare, bareSettings())
	if err != nil {
		return err
	}
	plain, err := s.bare(armDefault, "")
	if err != nil {
		return err
	}
	for _, a := range []arm{ours, same, plain} {
		// Every key is there from the start, so that no arm answers GET with less.
		if _, err := s.hammer(ctx, a, workload{"set", 16}, 30*keys); err != nil {
			return err
		}
	}
	for _, w := range []workload{{"set", 1}, {"get", 1}, {"set", 16}, {"get", 16}} {
		pairs := s.samples(21, 3)
		if w.pipeline > 1 {
			pairs = s.samples(41, 3) // its turns differ most from each other
		}
		if err := s.compare(ctx, w, ours, same, pairs, &Target{Statistic: "median", AtLeast: throughputTarget}); err != nil {
			return fmt.Errorf("%s: %w", w, err)
		}
	}
	// Only to show that the settings make no difference: without a target.
	for _, w := range []workload{{"set", 16}, {"get", 16}} {
		if err := s.compare(ctx, w, ours, plain, s.samples(9, 3), nil); err != nil {
			return fmt.Errorf("%s: %w", w, err)
		}
	}
	return nil
}

// compare has two arms take turns at a workload.
func (s *session) compare(ctx context.Context, w workload, ours, bare arm, pairs int, target *Target) error {
	// One turn that does not count says how many requests fill a turn.
	warm, err := s.hammer(ctx, ours, w, 20000*w.pipeline)
	if err != nil {
		return err
	}
	requests := int(warm.rate * s.duration(700*time.Millisecond, 300*time.Millisecond).Seconds())
	measured, err := turns(ctx, []arm{ours, bare}, pairs, func(a arm) (sample, error) { return s.hammer(ctx, a, w, requests) })
	if err != nil {
		return err
	}
	s.recordPairs("throughput", "processor time per command", ": "+w.String(), bare.name, measured, target)
	return nil
}

// recordPairs records the ratios of what a group and a bare engine did in
// neighbouring turns.
func (s *session) recordPairs(rate, cost, what, bare string, measured map[string][]sample, target *Target) {
	group, other := measured[armGroup], measured[bare]
	s.record(Measurement{
		Name: rate + ", group / " + bare + what, Unit: Ratio, Target: target, Samples: ratios(rates(group), rates(other)),
		Arms: map[string][]float64{armGroup: rates(group), bare: rates(other)},
	})
	if target == nil {
		return
	}
	s.record(Measurement{
		Name: cost + ", group / " + bare + what, Unit: Ratio, Samples: ratios(costs(group), costs(other)),
		Arms: map[string][]float64{armGroup + ", µs": costs(group), bare + ", µs": costs(other)},
	})
}

// hammer runs the engine's own benchmark program against an arm.
func (s *session) hammer(ctx context.Context, a arm, w workload, requests int) (sample, error) {
	host, port, err := net.SplitHostPort(a.at)
	if err != nil {
		return sample{}, err
	}
	before, err := cpuTime(a.pid)
	if err != nil {
		return sample{}, err
	}
	// The program takes a password only as an argument; this one protects nothing.
	out, err := exec.CommandContext(ctx, string(s.engine.Engine)+"-benchmark",
		"-h", host, "-p", port, "--tls", "--cacert", a.caFile, "-a", a.token, "-t", w.command, "-P", strconv.Itoa(w.pipeline),
		"-c", "50", "-n", strconv.Itoa(requests), "-r", strconv.Itoa(keys), "-d", "64", "--csv").Output()
	if err != nil {
		return sample{}, fmt.Errorf("run %s-benchmark: %w", s.engine.Engine, err)
	}
	after, err := cpuTime(a.pid)
	if err != nil {
		return sample{}, err
	}
	rate, err := parseRate(string(out), w.command)
	return sample{rate: rate, cost: float64((after - before).Microseconds()) / float64(requests)}, err
}

// parseRate finds requests per second in the program's answer: "SET","12345.67",…
func parseRate(out, command string) (float64, error) {
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, `"`+strings.ToUpper(command)+`"`) {
			continue
		}
		fields, err := csv.NewReader(strings.NewReader(line)).Read()
		if err != nil || len(fields) < 2 {
			break
		}
		return strconv.ParseFloat(fields[1], 64)
	}
	return 0, fmt.Errorf("no rate of %s in %q", command, out)
}
