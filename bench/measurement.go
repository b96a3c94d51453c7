package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Measurement is one line of the table, with every sample behind it.
type Measurement struct {
	Name    string    `json:"name"`
	Unit    Unit      `json:"unit"`
	Target  *Target   `json:"target,omitempty"`
	Median  float64   `json:"median"`
	P99     float64   `json:"p99"`
	Min     float64   `json:"min"`
	Max     float64   `json:"max"`
	Samples []float64 `json:"samples"`
	// Arms are the absolute figures that the samples of a ratio were made of.
	Arms map[string][]float64 `json:"arms,omitempty"`
}

// Unit says what samples are, and so how they are shown.
type Unit string

// The units.
const (
	Ratio        Unit = "ratio"
	Milliseconds Unit = "ms"
	Seconds      Unit = "s"
	MiB          Unit = "MiB"
	Kilobytes    Unit = "kB"
	CorePercent  Unit = "% of a core"
	Count        Unit = "count"
)

// Target is what a statistic is held to; one of the two limits is set.
type Target struct {
	Statistic string  `json:"statistic"` // median, p99, or max
	AtMost    float64 `json:"at_most,omitempty"`
	AtLeast   float64 `json:"at_least,omitempty"`
}

func (t Target) String() string {
	if t.AtLeast != 0 {
		return fmt.Sprintf("≥ %g", t.AtLeast)
	}
	return fmt.Sprintf("%s ≤ %g", t.Statistic, t.AtMost)
}

// summarize fills the statistics from the samples.
func (m *Measurement) summarize() {
	m.Median, m.P99 = quantile(m.Samples, 0.5), quantile(m.Samples, 0.99)
	m.Min, m.Max = slices.Min(m.Samples), slices.Max(m.Samples)
}

// verdict is what is said of a target, in words for the table: nothing when it is
// met, and for a ratio whose interval reaches the target that it may be chance.
func (m Measurement) verdict() string {
	if m.Target == nil {
		return ""
	}
	value := map[string]float64{"median": m.Median, "p99": m.P99, "max": m.Max}[m.Target.Statistic]
	if m.Target.AtLeast == 0 {
		if value <= m.Target.AtMost {
			return ""
		}
		return " **missed**"
	}
	_, high := m.interval()
	switch {
	case value >= m.Target.AtLeast:
		return ""
	case high >= m.Target.AtLeast:
		return " **missed, within the noise**"
	}
	return " **missed**"
}

// interval is where the true median is with 95 % confidence, from the order of the
// samples alone: between those that lie about √n places beside the middle.
func (m Measurement) interval() (low, high float64) {
	sorted, n := slices.Sorted(slices.Values(m.Samples)), len(m.Samples)
	beside := max(int(float64(n)/2-0.98*math.Sqrt(float64(n))), 0)
	return sorted[beside], sorted[n-1-beside]
}

// String is the measurement as the table shows it.
func (m Measurement) String() string {
	text := ""
	switch {
	case m.Unit == Ratio:
		low, high := m.interval()
		text = fmt.Sprintf("%.3f [%.3f, %.3f]", m.Median, low, high)
	case m.Unit == Milliseconds:
		text = fmt.Sprintf("p50 %s ms, p99 %s ms, max %s ms", short(m.Median), short(m.P99), short(m.Max))
	case m.Unit == Count:
		text = fmt.Sprintf("%.0f", m.Max)
	case len(m.Samples) == 1:
		text = fmt.Sprintf("%s %s", short(m.Median), m.Unit)
	default:
		text = fmt.Sprintf("%s %s (%s–%s)", short(m.Median), m.Unit, short(m.Min), short(m.Max))
	}
	return text + m.verdict()
}

// short shows three digits or so.
func short(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// quantile is the smallest sample that the given share of samples does not exceed.
func quantile(samples []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(samples))
	return sorted[max(int(math.Ceil(share*float64(len(sorted))))-1, 0)]
}

// ratios divides neighbours.
func ratios(over, under []float64) []float64 {
	out := make([]float64, len(over))
	for i := range over {
		out[i] = over[i] / under[i]
	}
	return out
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
