package main

import (
	"strings"

	"golang.org/x/mod/semver"
)

// version is one of Go in the parts that packages sort by: 0.0.0, before which come all of its prereleases.
type version struct{ base, pre, meta string }

// versionOf takes v0.0.0-20261129213149-c08e9ee12345+dirty apart. What is no version, as that of a build outside of a git clone, comes before all others.
func versionOf(v string) version {
	if !semver.IsValid(v) {
		return version{base: "0.0.0", pre: "0devel"}
	}
	meta := strings.TrimPrefix(semver.Build(v), "+")
	pre := strings.TrimPrefix(semver.Prerelease(v), "-")
	base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(v, "v"), semver.Build(v)), semver.Prerelease(v))
	// A hyphen would begin the revision of the package.
	return version{base: base, pre: strings.ReplaceAll(pre, "-", "."), meta: meta}
}
