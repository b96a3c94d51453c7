package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Two commits are compared by all samples of all their turns; only intervals that do not touch say something.
func TestCompare(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(commit string, turn int, measurements ...Measurement) {
		t.Helper()
		r := &Result{Engine: "redis", EngineVersion: "7.0.15", Measurements: measurements}
		if err := r.write(filepath.Join(dir, commit, fmt.Sprint(turn)), nil); err != nil {
			t.Fatal(err)
		}
	}
	samples := func(from float64) (all []float64) {
		for i := range 10 {
			all = append(all, from+float64(i)/10)
		}
		return all
	}
	for turn := range 2 {
		write("before", turn, Measurement{Name: "rotate", Unit: Milliseconds, Samples: samples(10)},
			Measurement{Name: "create", Unit: Milliseconds, Samples: samples(10)}, Measurement{Name: "SET", Unit: Ratio, Samples: samples(1)}, Measurement{Name: "processor time: SET", Unit: Ratio, Samples: samples(1)})
		write("after", turn, Measurement{Name: "rotate", Unit: Milliseconds, Samples: samples(20)},
			Measurement{Name: "create", Unit: Milliseconds, Samples: samples(10.2)}, Measurement{Name: "SET", Unit: Ratio, Samples: samples(3)}, Measurement{Name: "processor time: SET", Unit: Ratio, Samples: samples(3)})
	}
	var out strings.Builder
	if err := compare(&out, filepath.Join(dir, "before"), filepath.Join(dir, "after")); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| redis: rotate | 10.4 [10.2, 10.7] ms of 20 | 20.4 [20.2, 20.7] ms of 20 | 1.96 | **slower** |\n",
		"| redis: create | 10.4 [10.2, 10.7] ms of 20 | 10.6 [10.4, 10.9] ms of 20 | 1.02 |  |\n",
		"| redis: SET | 1.400 [1.200, 1.700] of 20 | 3.400 [3.200, 3.700] of 20 | 2.43 | faster |\n",
		"| redis: processor time: SET | 1.400 [1.200, 1.700] of 20 | 3.400 [3.200, 3.700] of 20 | 2.43 | **slower** |\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %sin\n%s", want, out.String())
		}
	}
	if err := compare(&out, filepath.Join(dir, "none"), filepath.Join(dir, "after")); err == nil {
		t.Error("no results are compared")
	}
}
