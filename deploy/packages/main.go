// Command packages makes the deb and rpm packages of aikagi from this source tree. `make packages` calls it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/deb" // makes itself known to nfpm
	_ "github.com/goreleaser/nfpm/v2/rpm"

	"github.com/aikagi/aikagi/deploy/program"
)

func main() {
	source := flag.String("source", "..", "root of the source tree")
	into := flag.String("into", "../dist", "directory that the packages are written to")
	cache := flag.String("cache", "../.tools/image", "directory for what can be used again")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *source, *into, *cache); err != nil {
		fmt.Fprintln(os.Stderr, "packages:", err)
		os.Exit(1)
	}
}

func say(what string) { fmt.Fprintln(os.Stderr, "packages:", what) }

func run(ctx context.Context, source, into, cache string) error {
	cache, err := filepath.Abs(cache)
	if err != nil {
		return err
	}
	if source, err = filepath.Abs(source); err != nil {
		return err
	}
	say("building the program")
	var missing []string
	builds, err := program.MakeAll(ctx, source, filepath.Join(cache, "program"), func(what string) { missing = append(missing, what) })
	if err != nil {
		return err
	}
	completions, err := makeCompletions(ctx, builds[0].Program, filepath.Join(cache, "completions"))
	if err != nil {
		return err
	}
	if err := removeOlder(into); err != nil {
		return err
	}
	for _, b := range builds {
		for _, format := range []string{"deb", "rpm"} {
			if err := write(into, format, contents{Build: b, source: source, completions: completions}); err != nil {
				return fmt.Errorf("make %s for %s: %w", format, b.Arch, err)
			}
		}
	}
	for _, what := range missing {
		say("NOTE: " + what)
	}
	return nil
}

// removeOlder leaves the directory without packages of another version: "dist/*.deb" is to be what was made last.
func removeOlder(into string) error {
	if err := os.MkdirAll(into, 0o755); err != nil {
		return err
	}
	for _, pattern := range []string{"aikagi_*.deb", "aikagi-*.rpm"} {
		older, err := filepath.Glob(filepath.Join(into, pattern))
		if err != nil {
			return err
		}
		for _, file := range older {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}

func write(into, format string, c contents) error {
	info, err := c.describe(format)
	if err != nil {
		return err
	}
	info = nfpm.WithDefaults(info)
	packager, err := nfpm.Get(format)
	if err != nil {
		return err
	}
	file := filepath.Join(into, packager.ConventionalFileName(info))
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer out.Close()
	info.Target = file
	if err := packager.Package(info, out); err != nil {
		return err
	}
	size, err := out.Stat()
	if err != nil {
		return err
	}
	say(fmt.Sprintf("%s: %.1f MB", file, float64(size.Size())/1e6))
	return out.Close()
}
