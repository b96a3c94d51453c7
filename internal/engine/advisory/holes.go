package advisory

import (
	"slices"
	"strings"
)

// Verdict says how certain a hole is.
type Verdict string

// The verdicts.
const (
	// Open: this build has the hole.
	Open Verdict = "open"
	// Unclear: its release has the hole, but a distribution packaged it and may have
	// mended it; the package's changelog tells.
	Unclear Verdict = "unclear"
)

// Hole is a known vulnerability of an engine that was asked about.
type Hole struct {
	ID      string   // "CVE-2025-49844"
	Title   string   // who can do what, in a sentence without a full stop
	FixedIn []string // releases that mend it, oldest first
	Verdict Verdict
}

// KnownHoles returns the holes of an engine ("redis" or "valkey"), worst first, by
// the version that it prints ("7.0.15") and the version of the Debian package that
// it came in ("5:7.0.15-1~deb12u10"), which is empty for any other build. An
// unknown engine or an unreadable version has none.
func KnownHoles(engine, version, debianVersion string) []Hole {
	v, ok := parseVersion(version)
	if !ok {
		return nil
	}
	var holes []Hole
	for _, a := range advisories() {
		fixed := a.fixed[engine]
		if len(fixed) == 0 || !affects(fixed, v) {
			continue
		}
		verdict := judge(a.debian[engine], debianVersion)
		if verdict == "" {
			continue
		}
		holes = append(holes, Hole{ID: a.id[engine], Title: a.title, FixedIn: fixed, Verdict: verdict})
	}
	return holes
}

// affects says whether a version is older than the fix of its release line. A line
// that got no fix is affected if a newer line needed one; the lines after the last
// that needed one never had the hole.
func affects(fixed []string, v version) bool {
	for _, text := range fixed {
		fix, ok := parseVersion(text)
		if !ok {
			continue
		}
		if fix.line() == v.line() {
			return v.less(fix)
		}
	}
	last, _ := parseVersion(fixed[len(fixed)-1])
	return v.less(last)
}

// judge looks at the package. A backport (~bpo) is a newer suite's package as it
// was on one day and gets no fixes by itself.
func judge(fixed []string, debianVersion string) Verdict {
	if debianVersion == "" || strings.Contains(debianVersion, "~bpo") {
		return Open
	}
	series := debianSeries(debianVersion)
	i := slices.IndexFunc(fixed, func(fix string) bool { return debianSeries(fix) == series })
	if i < 0 {
		return Unclear
	}
	if debianRevision(debianVersion) >= debianRevision(fixed[i]) {
		return ""
	}
	return Open
}
