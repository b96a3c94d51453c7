package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	source := flag.String("source", "", "a clone of Valkey's repository, of the version that is installed")
	limit := flag.Duration("limit", 10*time.Minute, "end a unit after this time")
	logs := flag.String("logs", "", "a directory for the tests' output")
	flag.Parse()
	if err := run(ctx, *source, *logs, *limit, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "valkeysuite:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, source, logs string, limit time.Duration, units []string) error {
	all, err := findUnits(source)
	if err != nil {
		return err
	}
	if len(units) == 0 {
		units = all
	}
	for _, u := range units {
		if !slices.Contains(all, u) {
			return fmt.Errorf("%s is not one of the units %v", u, all)
		}
	}
	engines, err := harness.NewestEngines(ctx, "valkey")
	if err != nil {
		return err
	}
	program, err := harness.Build("")
	if err != nil {
		return err
	}
	defer os.RemoveAll(filepath.Dir(program))
	fmt.Printf("valkey-server %s, %s\n", engines[0].Version, time.Now().Format(time.DateOnly))

	stage := &harness.Stage{}
	defer stage.Close()
	server := harness.New(stage)
	server.Program = program
	if err := server.TryStart(); err != nil {
		return err
	}
	bare := &side{name: "bare", server: &bareServer{address: addressOf(stage), path: engines[0].Path}, basePort: 21079, logs: logs}
	node := &side{name: "node", server: &nodeServer{control: server}, basePort: 25079, logs: logs}
	done := make(chan error)
	for _, s := range []*side{bare, node} {
		go func() { done <- s.runAll(ctx, source, units, limit) }()
	}
	err = errors.Join(<-done, <-done)
	report(os.Stdout, units, bare.results, node.results)
	return err
}
