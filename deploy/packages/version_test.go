package main

import "testing"

func TestVersionOf(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]version{
		"v0.0.0-20261129213149-c08e9ee12345":       {"0.0.0", "20261129213149.c08e9ee12345", ""},
		"v0.0.0-20261129213149-c08e9ee12345+dirty": {"0.0.0", "20261129213149.c08e9ee12345", "dirty"},
		"v1.2.3":      {"1.2.3", "", ""},
		"v1.2.3-rc.1": {"1.2.3", "rc.1", ""},
		"(devel)":     {"0.0.0", "0devel", ""},
		"(unknown)":   {"0.0.0", "0devel", ""},
	} {
		if got := versionOf(in); got != want {
			t.Errorf("versionOf(%q) = %+v, want %+v", in, got, want)
		}
	}
}
