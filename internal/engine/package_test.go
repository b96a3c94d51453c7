package engine

import (
	"os/exec"
	"strings"
	"testing"
)

// What dpkg-query itself says of programs, those whose package is called otherwise among them.
func TestPackageVersion(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("dpkg-query"); err != nil {
		t.Skip("this is no Debian")
	}
	if version := PackageVersion(t.Context(), "/nowhere/redis-server"); version != "" {
		t.Errorf("a program that no package has is of version %q", version)
	}
	for program, name := range map[string]string{"/usr/bin/dpkg-query": "dpkg", "/usr/bin/dpkg": "dpkg"} {
		want, err := exec.CommandContext(t.Context(), "dpkg-query", "--show", "--showformat=${Version}", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		if version := PackageVersion(t.Context(), program); version != strings.TrimSpace(string(want)) || version == "" {
			t.Errorf("%s is of version %q, want %q", program, version, want)
		}
	}
}
