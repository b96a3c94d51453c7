package trial

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// Times of a trial.
const (
	trialLimit  = 2 * time.Minute
	wholeLimit  = 60 * time.Second
	warmUpLimit = 30 * time.Second
	warmUp      = 200 // writes of each writer
	restFor     = time.Second
)

// Setup is what trials have in common.
type Setup struct {
	Program string // the binary, with fault points
	Engine  string
	Python  string // one that has redis-py; empty: without that writer
}

// run is one trial under way.
type run struct {
	fault     Fault
	group     *group
	writers   *ledger
	referee   *referee
	pulse     pulse
	names     []string // of the writers
	before    state
	processes map[string]*process      // of the nodes, as it began
	killed    []string                 // nodes
	wanted    string                   // the node that must be the primary; empty: another one
	at        Instant                  // of the fault
	wall      time.Time                // of the fault
	late      map[string]time.Duration // of each replica, when the group was whole

	mu       sync.Mutex // guards both below
	notes    []string
	problems []string
}

// Run puts a group through a fault. tb is what the control plane is cleaned up with.
func Run(ctx context.Context, tb testing.TB, setup Setup, f Fault) Result {
	ctx, cancel := context.WithTimeout(ctx, trialLimit)
	defer cancel()
	result := Result{Fault: f.Name, What: f.What, Engine: setup.Engine, AllowedLoss: f.Loss}
	began := now()
	err := try(ctx, tb, setup, f, &result)
	result.Took = milliseconds(now().Sub(began))
	switch {
	case errors.Is(err, errNotAllowed):
		result.Notes = append(result.Notes, err.Error())
		result.Verdict = Skipped
		return result
	case err != nil:
		result.problem("%v", err)
	}
	result.Verdict = Passed
	if len(result.Problems) > 0 {
		result.Verdict = Failed
	}
	return result
}

func try(ctx context.Context, tb testing.TB, setup Setup, f Fault, result *Result) error {
	held := map[string]*process{}
	tb.Cleanup(func() { // after the harness's own, which ends them all
		for _, p := range held {
			p.close()
		}
	})
	p, err := newPlane(tb, setup.Program, f)
	if err != nil {
		return fmt.Errorf("start control plane: %w", err)
	}
	g, err := createGroup(ctx, p, spec{groupID, rand.Text(), setup.Engine, replicas, true})
	if err != nil {
		return err
	}
	r := &run{fault: f, group: g, writers: &ledger{}, processes: held, late: map[string]time.Duration{}}
	if err := r.prepare(ctx); err != nil {
		return err
	}
	supervised, release := context.WithCancel(ctx)
	defer release()
	var keeper sync.WaitGroup
	keeper.Go(func() {
		if err := p.keepAlive(supervised); err != nil {
			r.wrong("%v", err)
		}
	})
	after, err := r.underLoad(ctx, setup)
	release()
	keeper.Wait()
	r.sum(result)
	if err != nil {
		return errors.Join(err, r.judge(ctx, result, after, false))
	}
	return r.judge(ctx, result, after, true)
}

// prepare waits for the group to be whole and takes hold of its processes.
func (r *run) prepare(ctx context.Context) error {
	if env := r.fault.environment(); env != nil {
		r.group.plane.kill(func() {})
		if err := r.group.plane.TryStart(env...); err != nil {
			return fmt.Errorf("start control plane with %v: %w", env, err)
		}
	}
	err := await(ctx, func() (err error) {
		r.before, err = r.group.whole(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("group is not whole to begin with: %w", err)
	}
	for node := range r.before.process {
		if r.processes[node], err = openProcess(r.group.pid(node)); err != nil {
			return err
		}
	}
	return nil
}

// underLoad runs the load, and the fault in it. It returns the state of the group when
// it was whole again.
func (r *run) underLoad(ctx context.Context, setup Setup) (state, error) {
	load, stop := context.WithCancel(ctx)
	defer stop()
	var clients sync.WaitGroup
	r.launch(load, &clients, setup)
	after, err := r.throughFault(ctx)
	stop()
	clients.Wait()
	return after, err
}

func (r *run) launch(ctx context.Context, clients *sync.WaitGroup, setup Setup) {
	for name, open := range map[string]func(*group) (library, error){"go-redis": openGoRedis, "valkey-go": openValkeyGo} {
		w := &writer{name: name, ledger: r.writers, open: func() (library, error) { return open(r.group) }}
		r.names = append(r.names, name)
		clients.Go(func() { w.run(ctx) })
	}
	if setup.Python != "" {
		p := &python{program: setup.Python, name: "redis-py", group: r.group, ledger: r.writers}
		r.names = append(r.names, p.name)
		clients.Go(func() {
			if err := p.run(ctx); err != nil {
				r.wrong("%v", err)
			}
		})
	}
	r.referee = newReferee(r.group)
	clients.Go(func() { r.referee.run(ctx) })
	clients.Go(func() { r.pulse.run(ctx) })
}

func (r *run) throughFault(ctx context.Context) (state, error) {
	if err := r.awaitWrites(ctx, warmUp, 0); err != nil {
		return state{}, fmt.Errorf("warm up: %w", err)
	}
	r.at, r.wall = now(), time.Now()
	if err := r.fault.inject(ctx, r); err != nil {
		return state{}, fmt.Errorf("inject: %w", err)
	}
	after, err := r.awaitWhole(ctx)
	if err != nil {
		return after, err
	}
	if err := r.measureLate(ctx, after); err != nil {
		return after, err
	}
	wait(ctx, restFor)
	if err := r.awaitWrites(ctx, 1, now()); err != nil {
		return after, fmt.Errorf("after the fault: %w", err)
	}
	return after, nil
}

// awaitWrites waits until every writer has so many acknowledged writes that were sent
// after an instant.
func (r *run) awaitWrites(ctx context.Context, count int, after Instant) error {
	ctx, cancel := context.WithTimeout(ctx, warmUpLimit)
	defer cancel()
	return await(ctx, func() error {
		writes, failures := r.writers.read()
		have := map[string]int{}
		for _, w := range writes {
			if w.Sent > after {
				have[w.Client]++
			}
		}
		for _, name := range r.names {
			if have[name] < count {
				return fmt.Errorf("%s has %d acknowledged writes, want %d; %d errors of all writers", name, have[name], count, len(failures))
			}
		}
		return nil
	})
}

// awaitWhole waits until the group is whole, what was killed is back, and every
// failover that there must be is over.
func (r *run) awaitWhole(ctx context.Context) (after state, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, wholeLimit, fmt.Errorf("group is not whole after %s", wholeLimit))
	defer cancel()
	err = await(ctx, func() error {
		for _, node := range r.killed {
			if pid := r.group.pid(node); pid == 0 || pid == r.processes[node].pid {
				return fmt.Errorf("%s is not back", node)
			}
		}
		receipts, err := r.group.receipts(ctx)
		if err != nil && (len(r.fault.Causes) > 0 || !strings.Contains(err.Error(), "InvalidAction")) {
			return err
		}
		if len(receipts) < len(r.fault.Causes) {
			return fmt.Errorf("%d failovers are on record, want %d", len(receipts), len(r.fault.Causes))
		}
		for _, f := range receipts {
			if f.Status == "pending" || f.Status == "recovering" {
				return fmt.Errorf("failover to %s is %s", f.To, f.Status)
			}
		}
		after, err = r.group.whole(ctx)
		return err
	})
	return after, err
}

// note keeps something for the report.
func (r *run) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// wrong keeps something that must not be.
func (r *run) wrong(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}
