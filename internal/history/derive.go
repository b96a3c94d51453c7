package history

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache/metric"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// gap stands for a value that is missing.
var gap = math.NaN()

// nodeMetrics are the metrics of a node as a whole. Each is computed from a sample and the one
// before it of the same process, nil if there is none.
var nodeMetrics = []struct {
	name  metric.Name
	unit  metric.Unit
	value func(before, s *sample) float64
}{
	{metric.MetricConnections, metric.UnitCount, func(_, s *sample) float64 { return float64(s.clients) }},
	{metric.MetricCommands, metric.UnitCountPerSecond, func(before, s *sample) float64 {
		return perSecond(before, s, grown(before, s, func(s *sample) int64 { return s.commands }))
	}},
	{metric.MetricMemory, metric.UnitBytes, func(_, s *sample) float64 { return float64(s.memory) }},
	{metric.MetricHitRate, metric.UnitPercent, hitRate},
	{metric.MetricEngineCPU, metric.UnitPercent, func(before, s *sample) float64 {
		used := grown(before, s, func(s *sample) int64 { return int64(s.cpu) })
		return 100 * perSecond(before, s, used/float64(time.Second))
	}},
	{metric.MetricEvictions, metric.UnitCount, func(before, s *sample) float64 {
		return grown(before, s, func(s *sample) int64 { return s.evictions })
	}},
	{metric.MetricReplicationLag, metric.UnitSeconds, func(_, s *sample) float64 { return known(s.lag) }},
	{metric.MetricReplicationOffset, metric.UnitBytes, func(_, s *sample) float64 { return known(s.offsetLag) }},
}

// derive makes the metrics of the samples after since. Those before it are what the first
// rates are counted from. Samples are of one node, oldest first.
func derive(samples []sample, since time.Time) ([]time.Time, []metric.Series) {
	first := 0
	for first < len(samples) && samples[first].at <= since.UnixMilli() {
		first++
	}
	var times []time.Time
	for _, s := range samples[first:] {
		times = append(times, time.UnixMilli(s.at).UTC())
	}
	var all []metric.Series
	add := func(name metric.Name, unit metric.Unit, credential string, value func(before, s *sample) float64) {
		if values := over(samples, first, value); values != nil {
			all = append(all, metric.Series{Name: name, Unit: unit, Credential: credential, Values: values})
		}
	}
	for _, m := range nodeMetrics {
		add(m.name, m.unit, "", m.value)
	}
	for _, n := range credentials(samples[first:]) {
		add(metric.MetricAuthentications, metric.UnitCountPerSecond, n.Value(), func(before, s *sample) float64 { return authentications(before, s, n) })
		add(metric.MetricCredentialConnections, metric.UnitCount, n.Value(), func(_, s *sample) float64 {
			if c := s.credential(n); c != nil {
				return known(c.connections)
			}
			return gap
		})
	}
	return times, all
}

// over computes a value for each sample from the one of index first on; nil if all are gaps.
func over(samples []sample, first int, value func(before, s *sample) float64) []float64 {
	values := make([]float64, 0, len(samples)-first)
	var before *sample // the last answer
	some := false
	for i := range samples {
		s, v := &samples[i], gap
		if s.answered() {
			if before != nil && before.run != s.run {
				before = nil
			}
			v = value(before, s)
			before = s
		}
		if i >= first {
			values = append(values, v)
			some = some || !math.IsNaN(v)
		}
	}
	if !some {
		return nil
	}
	return values
}

// credentials are those that the samples tell of, NONE first.
func credentials(samples []sample) []name {
	var found []name
	for i := range samples {
		for _, c := range samples[i].credentials {
			if c.name != (name{}) && !slices.Contains(found, c.name) {
				found = append(found, c.name)
			}
		}
	}
	slices.SortFunc(found, func(a, b name) int { return strings.Compare(rank(a.Value()), rank(b.Value())) })
	return found
}

// rank orders NONE before the fingerprints.
func rank(credential string) string {
	if credential == token.None {
		return ""
	}
	return credential
}

// grown is by how much a count has grown; a gap if it fell, or if it is not known from where.
func grown(before, s *sample, count func(*sample) int64) float64 {
	if before == nil || count(s) < count(before) {
		return gap
	}
	return float64(count(s) - count(before))
}

// perSecond divides by the time between the two.
func perSecond(before, s *sample, amount float64) float64 {
	if before == nil || s.at <= before.at {
		return gap
	}
	return amount * 1000 / float64(s.at-before.at)
}

// hitRate is the share of the keys looked up since the sample before that were there; a gap if
// none were looked up.
func hitRate(before, s *sample) float64 {
	hits := grown(before, s, func(s *sample) int64 { return s.hits })
	misses := grown(before, s, func(s *sample) int64 { return s.misses })
	return 100 * hits / (hits + misses) // 0/0 is NaN, too
}

// authentications is the rate of one credential. The count of NONE may fall (see engine.CredentialCounters); then the
// rate is zero.
func authentications(before, s *sample, n name) float64 {
	c := s.credential(n)
	if c == nil || before == nil {
		return gap
	}
	earlier := before.credential(n)
	if earlier == nil {
		return gap
	}
	came := c.authentications - earlier.authentications
	if came < 0 && n.Value() == token.None {
		came = 0
	}
	if came < 0 {
		return gap
	}
	return perSecond(before, s, float64(came))
}

// known is a figure, or a gap if it could not be had.
func known(n int64) float64 {
	if n < 0 {
		return gap
	}
	return float64(n)
}
