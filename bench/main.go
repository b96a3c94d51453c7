package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/aikagi/aikagi/integration/harness"
)

// benchmarks are all that there are, in the order in which they run.
func benchmarks() []benchmark {
	return []benchmark{
		{"throughput", throughput},
		{"connect", connect},
		{"preferred", preferred},
		{"usage", usage},
		{"rotate", rotate},
		{"modes", modes},
		{"rules", rules},
		{"users", users},
		{"readers", readers},
		{"create", create},
		{"fleet", fleet},
		{"console", console},
		{"load", underLoad},
		{"parameters", parameters},
		{"upgrades", upgrades},
		{"planned", planned},
		{"failover", failover},
		{"sentinel", sentinel},
		{"thousand", thousand},
		{"simulated", simulatedGroups},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var (
		quick   = flag.Bool("quick", false, "fewer samples; nothing is written")
		only    = flag.String("only", "", "run these benchmarks, with commas between them: "+strings.Join(names(), ", "))
		engines = flag.String("engine", "", "run for one engine: redis or valkey")
		program = flag.String("program", "", "measure this binary of aikagi; empty: what this source builds")
		results = flag.String("results", filepath.Join("bench", "results"), "directory of the results")
		against = flag.String("compare", "", "print the results below two directories, with a comma between them, side by side, and measure nothing")
		table   = flag.Bool("table", false, "print the table of the newest results and measure nothing")
	)
	flag.Parse()
	if *table {
		return printTable(os.Stdout, *results)
	}
	if *against != "" {
		before, after, _ := strings.Cut(*against, ",")
		return compare(os.Stdout, before, after)
	}
	var partial []string
	if *only != "" {
		partial = strings.Split(*only, ",")
	}
	if *program != "" {
		return measure(ctx, partial, *engines, *program, *quick, *results)
	}
	built, err := harness.Build("")
	if err != nil {
		return err
	}
	defer os.RemoveAll(filepath.Dir(built))
	return measure(ctx, partial, *engines, built, *quick, *results)
}

// measure runs benchmarks of a binary, without any named all of them, and writes down what they found.
func measure(ctx context.Context, partial []string, engines, program string, quick bool, results string) error {
	chosen := partial
	if len(chosen) == 0 {
		chosen = names()
	}
	for _, name := range chosen {
		if !slices.Contains(names(), name) {
			return fmt.Errorf("no benchmark is called %q; there are %s", name, strings.Join(names(), ", "))
		}
	}
	installed, err := harness.NewestEngines(ctx, engines)
	if err != nil {
		return err
	}
	for _, e := range installed {
		s := &session{engine: e, program: program, quick: quick, result: newResult(e)}
		if err := s.run(ctx, chosen); err != nil {
			return err
		}
		s.result.print(os.Stdout)
		if quick {
			continue
		}
		if err := s.result.write(results, partial); err != nil {
			return err
		}
	}
	if quick {
		return nil
	}
	return writeTable(results)
}

func names() []string {
	var all []string
	for _, b := range benchmarks() {
		all = append(all, b.name)
	}
	return all
}
