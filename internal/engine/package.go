package engine

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// packagesTime bounds the questions about one program: a busy machine takes seconds for what takes 20 ms else.
const packagesTime = 30 * time.Second

// PackageVersion is the version of the Debian package that a program is from, or ""
// if it is from none: distributions mend holes without changing the version that
// the program prints.
func PackageVersion(ctx context.Context, program string) string {
	ctx, cancel := context.WithTimeout(ctx, packagesTime)
	defer cancel()
	// To ask the package that is called as the program, as those of engines are, takes a tenth of a search, which reads what all have.
	if version := versionIn(ctx, filepath.Base(program), program); version != "" {
		return version
	}
	owner, err := exec.CommandContext(ctx, "dpkg-query", "--search", program).Output()
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(string(owner), ":")
	return versionIn(ctx, name, program)
}

// versionIn is the version of a package, or "" if there is none of that name, or the program is not in it.
func versionIn(ctx context.Context, name, program string) string {
	answer, err := exec.CommandContext(ctx, "dpkg-query", "--show", "--showformat=${Version}\n${db-fsys:Files}", name).Output()
	if err != nil {
		return ""
	}
	version, files, _ := strings.Cut(string(answer), "\n")
	for line := range strings.SplitSeq(files, "\n") {
		if strings.TrimSpace(line) == program {
			return version
		}
	}
	return ""
}
