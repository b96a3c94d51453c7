package parameter

import (
	"slices"
	"strings"
	"testing"
)

// A node of cache.t4g.small holds 1,097 of its 1,463 MiB when a quarter is reserved.
func TestResizes(t *testing.T) {
	t.Parallel()
	g := Default("default.redis7")
	up, down := g.Resizes("cache.t4g.medium", 0)
	if !slices.IsSorted(up) || !slices.IsSorted(down) || !slices.Contains(up, "cache.r7g.large") || !slices.Contains(down, "cache.t4g.small") || !slices.Contains(down, "cache.t4g.micro") {
		t.Errorf("up %v, down %v", up, down)
	}
	for _, each := range slices.Concat(up, down) {
		if strings.Contains(each, "r6gd") || each == "cache.t4g.medium" {
			t.Errorf("it can become %s", each)
		}
	}
	for used, fits := range map[int64]bool{g.MaxMemory("cache.t4g.small") - 1: true, g.MaxMemory("cache.t4g.small"): false} {
		_, down := g.Resizes("cache.t4g.medium", used)
		if slices.Contains(down, "cache.t4g.small") != fits || (g.CheckResize("cache.t4g.medium", "cache.t4g.small", used) == nil) != fits || slices.Contains(down, "cache.t4g.micro") {
			t.Errorf("with %d bytes it can become %v", used, down)
		}
		if err := g.CheckResize("cache.t4g.medium", "cache.r7g.large", used); err != nil {
			t.Error(err)
		}
	}
	if up, down := g.Resizes("cache.r6gd.xlarge", 0); len(down) != 0 || len(up) == 0 || slices.ContainsFunc(up, func(to string) bool { return !strings.Contains(to, "r6gd") }) {
		t.Errorf("up %v, down %v", up, down)
	}
	for _, c := range [][2]string{{"cache.r6gd.xlarge", "cache.r7g.large"}, {"cache.r7g.large", "cache.r6gd.xlarge"}} {
		if err := g.CheckResize(c[0], c[1], 0); err == nil || !strings.Contains(err.Error(), "r6gd") {
			t.Errorf("from %s to %s: %v", c[0], c[1], err)
		}
	}
}
