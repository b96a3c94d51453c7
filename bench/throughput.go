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

// throughput compares what 50 clients get done: with a group of ours (gate, engine module, token, TLS), with a bare engine of the same
// settings, and with one of default settings; then in plaintext, with a group that has neither TLS nor a token.
func throughput(ctx context.Context, s *session) error {
	overTLS, inPlaintext, err := s.besideBare(ctx)
	if err != nil {
		return err
	}
	defaults, err := s.bare(armDefault, "")
	if err != nil {
		return err
	}
	if err := s.fill(ctx, append(overTLS.arms(), defaults)...); err != nil {
		return err
	}
	if err := s.compareThroughput(ctx, overTLS, "throughput", "processor time per command"); err != nil {
		return err
	}
	// Only to show that the settings make no difference: without a target.
	for _, w := range []workload{{"set", 16}, {"get", 16}} {
		if err := s.compare(ctx, w, pair{overTLS.ours, defaults}, s.samples(9, 3), "throughput", "", nil); err != nil {
			return err
		}
	}
	if err := s.fill(ctx, inPlaintext.arms()...); err != nil {
		return err
	}
	return s.compareThroughput(ctx, inPlaintext, "throughput in plaintext", "processor time per command in plaintext")
}

// fill sets every key at each arm, so that none answers GET with less.
func (s *session) fill(ctx context.Context, arms ...arm) error {
	for _, a := range arms {
		if _, err := s.hammer(ctx, a, workload{"set", 16}, 30*keys); err != nil {
			return err
		}
	}
	return nil
}

// compareThroughput has a pair take turns at every workload.
func (s *session) compareThroughput(ctx context.Context, p pair, rate, cost string) error {
	for _, w := range []workload{{"set", 1}, {"get", 1}, {"set", 16}, {"get", 16}} {
		turns := s.samples(21, 3)
		if w.pipeline > 1 {
			turns = s.samples(41, 3) // they differ most from each other
		}
		if err := s.compare(ctx, w, p, turns, rate, cost, &Target{Statistic: "median", AtLeast: throughputTarget}); err != nil {
			return err
		}
	}
	return nil
}

// compare has a pair take turns at a workload.
func (s *session) compare(ctx context.Context, w workload, p pair, rounds int, rate, cost string, target *Target) error {
	// One turn that does not count says how many requests fill a turn.
	warm, err := s.hammer(ctx, p.ours, w, 20000*w.pipeline)
	if err != nil {
		return fmt.Errorf("%s: %w", w, err)
	}
	requests := int(warm.rate * s.duration(700*time.Millisecond, 300*time.Millisecond).Seconds())
	measured, err := turns(ctx, p.arms(), rounds, func(a arm) (sample, error) { return s.hammer(ctx, a, w, requests) })
	if err != nil {
		return fmt.Errorf("%s: %w", w, err)
	}
	s.recordPairs(rate, cost, ": "+w.String(), p, measured, target)
	return nil
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
	args := []string{"-h", host, "-p", port, "-t", w.command, "-P", strconv.Itoa(w.pipeline),
		"-c", "50", "-n", strconv.Itoa(requests), "-r", strconv.Itoa(keys), "-d", "64", "--csv"}
	if a.caFile != "" {
		args = append(args, "--tls", "--cacert", a.caFile)
	}
	if a.token != "" {
		args = append(args, "-a", a.token)
	}
	out, err := exec.CommandContext(ctx, string(s.engine.Engine)+"-benchmark", args...).Output()
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
