// Command image makes an OCI image of aikagi from this source tree and the packages of this machine's distribution: without a daemon,
// without a registry, without a base image and without root. `make image` calls it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/aikagi/aikagi/deploy/program"
)

func main() {
	source := flag.String("source", "..", "root of the source tree")
	into := flag.String("into", "../dist", "directory that the image is written to")
	cache := flag.String("cache", "../.tools/image", "directory for what can be used again")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *source, *into, *cache); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func say(what string) { fmt.Fprintln(os.Stderr, "image:", what) }

func run(ctx context.Context, source, into, cache string) error {
	cache, err := filepath.Abs(cache)
	if err != nil {
		return err
	}
	say("building the program")
	var missing []string
	note := func(what string) { missing = append(missing, what) }
	builds, err := program.MakeAll(ctx, source, filepath.Join(cache, "program"), note)
	if err != nil {
		return err
	}
	var images []platform
	for _, b := range builds {
		say("taking the engines for " + b.Arch + " from the distribution")
		p, err := makePlatform(ctx, filepath.Join(cache, b.Arch), b, note)
		if err != nil && b.Arch != program.Host() {
			note(fmt.Sprintf("no image for %s: %v", b.Arch, err))
			continue
		}
		if err != nil {
			return err
		}
		images = append(images, p)
	}
	if err := write(into, images); err != nil {
		return err
	}
	// At the end, where it is seen.
	for _, what := range missing {
		say("NOTE: " + what)
	}
	return nil
}
