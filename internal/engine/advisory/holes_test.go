package advisory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	lua      = "CVE-2025-49844"
	redisTLS = "CVE-2026-81934"
	kill     = "CVE-2026-56684"
	rdbRedis = "CVE-2026-66373"
	rdb      = "CVE-2026-63639"
)

func TestKnownHoles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                    string
		engine, version, debian string
		want                    string // the ids; ? marks what is unclear
	}{
		{"Debian 12, all updates", "redis", "7.0.15", "5:7.0.15-1~deb12u10", ""},
		{"Debian 12, last week's", "redis", "7.0.15", "5:7.0.15-1~deb12u9", redisTLS},
		{"Debian 12, before the summer", "redis", "7.0.15", "5:7.0.15-1~deb12u7", redisTLS + " " + rdbRedis},
		{"Debian 12, never updated", "redis", "7.0.15", "5:7.0.15-1~deb12u5", redisTLS + " " + lua + " " + rdbRedis},
		{"a later update than the table knows", "redis", "7.0.15", "5:7.0.15-1~deb12u31", ""},
		{"own build of a line without fixes", "redis", "7.0.15", "", redisTLS + " " + lua + " " + rdbRedis},
		{"another distribution's package", "redis", "7.0.15", "5:7.0.15-1ubuntu0.24.04.2", "?" + redisTLS + " ?" + lua + " ?" + rdbRedis},
		{"bookworm-backports", "valkey", "8.0.1", "8.0.1+dfsg1-1~bpo12+1", lua + " " + kill + " " + rdb},
		{"Debian 13", "valkey", "8.1.1", "8.1.1+dfsg1-3+deb13u1", "?" + lua + " ?" + kill + " ?" + rdb},
		{"one release short", "valkey", "8.1.8", "", kill + " " + rdb},
		{"mended release", "valkey", "8.1.9", "", ""},
		{"mended release of another line is no excuse", "valkey", "8.0.9", "", kill + " " + rdb},
		{"newest line", "valkey", "9.1.1", "", ""},
		{"a line after the last that needed a fix", "valkey", "9.2.0", "", ""},
		{"candidate", "valkey", "9.1.0-rc1", "", kill + " " + rdb},
		{"last of an ended line", "redis", "8.0.6", "", redisTLS + " " + rdbRedis},
		{"mended in the snapshot reader only", "redis", "8.8.1", "", redisTLS},
		{"mended release of redis", "redis", "7.2.16", "", ""},
		{"unreadable version", "redis", "unstable", "", ""},
		{"unknown engine", "memcached", "1.6.0", "", ""},
	}
	for _, test := range tests {
		var got []string
		for _, hole := range KnownHoles(test.engine, test.version, test.debian) {
			if hole.Verdict == Unclear {
				hole.ID = "?" + hole.ID
			}
			got = append(got, hole.ID)
		}
		if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
	}
}

// The rules above read the table's order and need every version to be readable.
func TestTableIsWellFormed(t *testing.T) {
	t.Parallel()
	for _, a := range advisories() {
		for engine, fixed := range a.fixed {
			if !strings.HasPrefix(a.id[engine], "CVE-") {
				t.Errorf("%q has no id for %s", a.title, engine)
			}
			var previous version
			for _, text := range fixed {
				v, ok := parseVersion(text)
				if !ok || !previous.less(v) || v.line() == previous.line() {
					t.Errorf("%s, %s: %q is unreadable, out of order, or of a line named before", a.id[engine], engine, text)
				}
				previous = v
			}
		}
		for engine, fixed := range a.debian {
			for _, text := range fixed {
				if debianRevision(text) == 0 || len(a.fixed[engine]) == 0 {
					t.Errorf("%s, %s: package %q", a.id[engine], engine, text)
				}
			}
		}
	}
}
