package cache

import (
	"strings"
	"testing"
)

// TestEveryNodeTypeHasItsMemory looks at what every generation has in common, and at one type of
// each end.
func TestEveryNodeTypeHasItsMemory(t *testing.T) {
	t.Parallel()
	types := NodeTypes()
	if len(types) != 112 {
		t.Errorf("%d node types, want 112", len(types))
	}
	for _, name := range types {
		if got, err := ParseNodeType(name); err != nil || got != name {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if vcpus := NodeVCPUs(name); vcpus < 1 || vcpus > 96 {
			t.Errorf("%s: %d vCPUs", name, vcpus)
		}
		if memory := MaxMemory(name); memory < 100<<20 || memory > 500<<30 {
			t.Errorf("%s: maxmemory %d", name, memory)
		}
	}
	for name, want := range map[string]int64{ // three quarters of the original's maxmemory
		"cache.t1.micro": 106954752, "cache.t4g.micro": 402653184, "cache.m3.medium": 2241331200,
		"cache.r6g.16xlarge": 337500562842, "cache.r6gd.xlarge": 21196387276, "cache.c8gn.16xlarge": 100378607616,
	} {
		if got := MaxMemory(name); got != want {
			t.Errorf("%s: maxmemory %d, want %d", name, got, want)
		}
	}
	if MaxMemory("cache.r6g.xlarge") != MaxMemory("CACHE.R6G.XLARGE") {
		t.Error("memory depends on the case of the name")
	}
}

func TestVCPUsOfNodeTypes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{
		"cache.t1.micro": 1, "cache.t2.medium": 2, "cache.t4g.micro": 2, "cache.m2.xlarge": 2, "cache.R7G.xlarge": 4, "cache.c1.xlarge": 8, "cache.r6gd.2xlarge": 8,
		"cache.m4.10xlarge": 40, "cache.r5.24xlarge": 96, "cache.z9.large": 0, "large": 0,
	} {
		if got := NodeVCPUs(name); got != want {
			t.Errorf("%s: %d vCPUs, want %d", name, got, want)
		}
	}
}

func TestUnknownNodeTypesAreRefused(t *testing.T) {
	t.Parallel()
	for name, part := range map[string]string{
		"cache.r7g.medium": "cache.r7g.large", "cache.z9.large": "not known", "db.r7g.large": "cache.FAMILY.SIZE", "large": "cache.FAMILY.SIZE", "cache.r7g.large ": "cache.FAMILY.SIZE",
	} {
		if _, err := ParseNodeType(name); !IsKind(err, KindInvalid) || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
