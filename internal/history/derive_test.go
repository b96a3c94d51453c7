package history

import (
	"math"
	"testing"
	"time"
	"unique"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aikagi/aikagi/internal/cache/metric"
	"github.com/aikagi/aikagi/internal/cache/token"
)

var (
	runA, runB = unique.Make("a"), unique.Make("b")
	none       = unique.Make(token.None)
	someToken  = unique.Make("6ceaac09e150")
)

// said is an answer of process a, seconds after 1970, without lag, changed by what is given.
func said(second int64, change func(*sample)) sample {
	s := sample{at: second * 1000, run: runA, lag: unknown, offsetLag: unknown}
	if change != nil {
		change(&s)
	}
	return s
}

func silent(second int64) sample { return sample{at: second * 1000} }

func TestDeriveOneMetric(t *testing.T) {
	t.Parallel()
	commands := func(n int64) func(*sample) { return func(s *sample) { s.commands = n } }
	lookups := func(hits, misses int64) func(*sample) { return func(s *sample) { s.hits, s.misses = hits, misses } }
	used := func(d time.Duration) func(*sample) { return func(s *sample) { s.cpu = d } }
	logins := func(n unique.Handle[string], count int64) func(*sample) {
		return func(s *sample) { s.credentials[1] = credentialSample{n, count, 1} }
	}
	for name, c := range map[string]struct {
		metric  metric.Name
		samples []sample
		want    []float64 // nil: the metric is left out
	}{
		"a rate is by the time between": {metric.MetricCommands, []sample{said(10, commands(100)), said(12, commands(300)), said(72, commands(900))}, []float64{gap, 100, 10}},
		"a count that fell":             {metric.MetricCommands, []sample{said(10, commands(100)), said(12, commands(40)), said(14, commands(60))}, []float64{gap, gap, 10}},
		"another process, whatever it counted": {metric.MetricCommands, []sample{said(10, commands(1)), said(12, commands(3)), said(14, func(s *sample) { s.commands, s.run = 900, runB }),
			said(16, func(s *sample) { s.commands, s.run = 902, runB })}, []float64{gap, 1, gap, 1}},
		"over a gap":               {metric.MetricCommands, []sample{said(10, commands(0)), silent(12), said(14, commands(40))}, []float64{gap, gap, 10}},
		"one sample makes no rate": {metric.MetricCommands, []sample{said(10, commands(100))}, nil},
		"hit rate":                 {metric.MetricHitRate, []sample{said(10, lookups(5, 5)), said(12, lookups(8, 6)), said(14, lookups(8, 6)), said(16, lookups(8, 7))}, []float64{gap, 75, gap, 0}},
		"no lookups":               {metric.MetricHitRate, []sample{said(10, lookups(5, 5)), said(12, lookups(5, 5))}, nil},
		"processor":                {metric.MetricEngineCPU, []sample{said(10, used(time.Second)), said(12, used(1500*time.Millisecond))}, []float64{gap, 25}},
		"evictions":                {metric.MetricEvictions, []sample{said(10, func(s *sample) { s.evictions = 3 }), said(12, func(s *sample) { s.evictions = 7 })}, []float64{gap, 4}},
		"a gauge needs one sample": {metric.MetricConnections, []sample{said(10, func(s *sample) { s.clients = 4 }), silent(12)}, []float64{4, gap}},
		"memory":                   {metric.MetricMemory, []sample{said(10, func(s *sample) { s.memory = 1 << 40 })}, []float64{1 << 40}},
		"lag of a primary":         {metric.MetricReplicationLag, []sample{said(10, nil)}, nil},
		"lag of a replica":         {metric.MetricReplicationLag, []sample{said(10, func(s *sample) { s.lag = 0 }), said(12, nil)}, []float64{0, gap}},
		"bytes behind":             {metric.MetricReplicationOffset, []sample{said(10, func(s *sample) { s.offsetLag = 77 })}, []float64{77}},
		"logins":                   {metric.MetricAuthentications, []sample{said(10, logins(someToken, 5)), said(12, logins(someToken, 9)), said(14, logins(someToken, 8))}, []float64{gap, 2, gap}},
		"silent ones of NONE end":  {metric.MetricAuthentications, []sample{said(10, logins(none, 5)), said(12, logins(none, 4)), said(14, logins(none, 6))}, []float64{gap, 0, 1}},
		"a credential that is new": {metric.MetricAuthentications, []sample{said(10, nil), said(12, logins(someToken, 9)), said(14, logins(someToken, 11))}, []float64{gap, gap, 1}},
		"connections, not known":   {metric.MetricCredentialConnections, []sample{said(10, func(s *sample) { s.credentials[0] = credentialSample{someToken, 1, unknown} })}, nil},
		"connections":              {metric.MetricCredentialConnections, []sample{said(10, logins(someToken, 1)), said(12, nil)}, []float64{1, gap}},
	} {
		times, series := derive(c.samples, time.Time{})
		var got []float64
		for _, s := range series {
			if s.Name == c.metric {
				got = s.Values
			}
			if len(s.Values) != len(times) || len(times) != len(c.samples) {
				t.Errorf("%s: %d values of %s at %d times", name, len(s.Values), s.Name, len(times))
			}
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What is asked for after a time has its first rate from the sample before.
func TestDeriveSince(t *testing.T) {
	t.Parallel()
	samples := []sample{said(10, nil), said(12, func(s *sample) { s.commands = 10 }), said(14, func(s *sample) {
		s.commands = 40
		s.credentials = [credentialsKept]credentialSample{{someToken, 1, 2}, {none, 1, 3}}
	})}
	times, series := derive(samples, time.UnixMilli(12_000))
	if want := []time.Time{time.UnixMilli(14_000).UTC()}; !cmp.Equal(want, times) {
		t.Errorf("times %v", times)
	}
	var credentials []string
	for _, s := range series {
		if s.Name == metric.MetricCommands && s.Values[0] != 15 {
			t.Errorf("rate %v", s.Values)
		}
		if s.Name == metric.MetricCredentialConnections {
			credentials = append(credentials, s.Credential)
		}
		if len(s.Values) != 1 || math.IsNaN(s.Values[0]) {
			t.Errorf("%s: %v", s.Name, s.Values)
		}
	}
	if diff := cmp.Diff([]string{"NONE", "6ceaac09e150"}, credentials); diff != "" {
		t.Error(diff)
	}
	if times, series := derive(samples, time.UnixMilli(14_000)); len(times) != 0 || len(series) != 0 {
		t.Errorf("nothing new is %v, %v", times, series)
	}
}
