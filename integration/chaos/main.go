package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/aikagi/aikagi/integration/chaos/trial"
	"github.com/aikagi/aikagi/integration/harness"
)

// options are what the command line says.
type options struct {
	only, engine, results string
	rounds, runs, busy    int
	limit                 time.Duration
	list                  bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	redis.SetLogger(silence{}) // what its errors are is counted
	if err := run(ctx, parse()); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

// silence keeps go-redis from printing each attempt to connect.
type silence struct{}

func (silence) Printf(context.Context, string, ...any) {}

func parse() options {
	var o options
	flag.StringVar(&o.only, "only", "", "faults to run, separated by commas, each the beginning of a name; nothing is written")
	flag.StringVar(&o.engine, "engine", "", "run with one engine, redis or valkey; nothing is written")
	flag.IntVar(&o.rounds, "rounds", 1, "how often each fault is run")
	flag.IntVar(&o.runs, "runs", 0, "run so many faults, one after the other, and write runs.md: what was lost, and who was read too early")
	flag.IntVar(&o.busy, "busy", 0, "keep the machine busy meanwhile with so many loops")
	flag.DurationVar(&o.limit, "limit", time.Hour, "end after this time, whatever is left")
	flag.StringVar(&o.results, "results", filepath.Join("integration", "chaos", "results"), "directory of the report")
	flag.BoolVar(&o.list, "list", false, "print the faults and run none")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "Puts replication groups through faults under load, and judges what became of every acknowledged write.\n\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	return o
}

func run(ctx context.Context, o options) error {
	faults := choose(o.only)
	if o.list {
		for _, f := range faults {
			fmt.Printf("%-34s %s\n", f.Name, f.What)
		}
		return nil
	}
	if len(faults) == 0 {
		return fmt.Errorf("no fault's name begins with %q; -list prints them", o.only)
	}
	ctx, cancel := context.WithTimeout(ctx, o.limit)
	defer cancel()
	engines, err := harness.NewestEngines(ctx, o.engine)
	if err != nil {
		return err
	}
	program, err := harness.Build("faults")
	if err != nil {
		return err
	}
	defer os.RemoveAll(filepath.Dir(program))
	end, err := keepBusy(o.busy)
	if err != nil {
		return err
	}
	defer end()
	report, setups := newReport(engines), []trial.Setup{}
	for _, e := range engines {
		setups = append(setups, trial.Setup{Program: program, Engine: string(e.Engine), Python: trial.Python()})
	}
	if o.runs > 0 {
		repeat(ctx, setups, faults, o.runs, report)
		report.printRuns(os.Stdout, o.busy)
		return errors.Join(report.writeRuns(o.results, o.busy), report.total().err(), ctx.Err())
	}
	for _, setup := range setups {
		runAll(ctx, setup, faults, o.rounds, report)
	}
	report.print(os.Stdout)
	if o.only == "" && o.engine == "" {
		err = report.write(o.results)
	}
	return errors.Join(err, report.verdict(), ctx.Err())
}

func runAll(ctx context.Context, setup trial.Setup, faults []trial.Fault, rounds int, report *report) {
	for round := range rounds {
		for i, f := range faults {
			if ctx.Err() != nil {
				return
			}
			s := &harness.Stage{}
			r := trial.Run(ctx, s, setup, f)
			s.Close()
			report.Results = append(report.Results, r)
			fmt.Fprintf(os.Stderr, "%s  %s %d/%d", time.Now().Format(time.TimeOnly), setup.Engine, round*len(faults)+i+1, rounds*len(faults))
			fmt.Fprintf(os.Stderr, "  %-34s %s\n", f.Name, summary(r))
		}
	}
}

// choose returns the faults whose names begin with one of the list; all for none.
func choose(only string) []trial.Fault {
	var chosen []trial.Fault
	for _, f := range trial.Faults() {
		for prefix := range strings.SplitSeq(only, ",") {
			if strings.HasPrefix(f.Name, prefix) {
				chosen = append(chosen, f)
				break
			}
		}
	}
	return chosen
}
