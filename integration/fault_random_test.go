package integration_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
)

// killWithin is the time after the beginning of an operation within which the
// control plane is killed; most operations end within it.
const killWithin = 120 * time.Millisecond

// TestRandomKills kills the control plane at any moment of any operation. The
// environment variable AIKAGI_SEED repeats a run's choices, though not its timing.
func TestRandomKills(t *testing.T) {
	t.Parallel()
	seed, err := strconv.ParseUint(os.Getenv("AIKAGI_SEED"), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Logf("AIKAGI_SEED=%d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	rounds := 20
	if long() {
		rounds = 200
	}
	g := newGroup(t, oneEngine(t, int(seed%2)), 2)
	r := &randomKills{subject: g, extra: newSubject(g.Server, "extra", g.engine, 1, true), chance: chance}
	for round := range rounds {
		r.round = round
		ops := []func(){r.change, r.change, r.change, r.crash, r.reboot, r.createOrDelete}
		ops[chance.IntN(len(ops))]()
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
}

// randomKills is a group, and at times another one, of a control plane with bad luck.
type randomKills struct {
	*subject
	extra   *subject
	created bool // extra is there
	chance  *rand.Rand
	round   int
}

// strike begins something, kills the control plane meanwhile, and starts it again.
func (r *randomKills) strike(begin func() error) {
	r.t().Helper()
	delay := time.Duration(r.chance.Int64N(int64(killWithin)))
	begun := make(chan struct{})
	go func() {
		defer close(begun)
		_ = begin() // the store tells what came of it
	}()
	time.Sleep(delay)
	r.Kill()
	<-begun
	r.Start()
}

// change moves the token set on, by a SET where that is possible, half of the time.
func (r *randomKills) change() {
	strategy, next := rotate, tokenOf("random", r.round)
	if len(r.tokens) == 2 && r.chance.IntN(2) == 0 {
		strategy, next = set, r.newest()
	}
	connections, pids := r.hold(), r.pids()
	refusals := r.loginAllTheTime(r.newest())
	r.client() // a goroutine uses it
	r.strike(func() error { return r.modify(strategy, next) })
	if r.took(strategy, next) {
		r.note(strategy, next)
	} else {
		r.awaitSettled()
		r.mustModify(strategy, next)
	}
	r.awaitSettled()
	refusals.stop(r.t())
	r.verifyAll()
	connections.check(r.t())
	r.wantPIDs(pids)
}

// took reports whether a change is in the store.
func (r *randomKills) took(strategy types.AuthTokenUpdateStrategyType, next string) bool {
	r.t().Helper()
	access, ok, err := r.access()
	if !ok {
		r.t().Fatal(err)
	}
	if strategy == set {
		return len(access.Credentials) == 1
	}
	return access.Credentials[len(access.Credentials)-1].Fingerprint == fingerprint(next)
}

func (r *randomKills) crash() {
	victim := r.node(r.chance.IntN(3))
	before := r.pids()[victim]
	r.write(fmt.Sprint("round-", r.round))
	r.strike(func() error { return syscall.Kill(before, syscall.SIGKILL) })
	r.await(victim+" to be back", func() (bool, error) {
		if pid := r.pids()[victim]; pid == 0 || pid == before {
			return false, fmt.Errorf("its process is %d", pid)
		}
		return r.isSettled()
	})
	r.restarts(victim, "ended unexpectedly")
	r.verifyAll()
}

func (r *randomKills) reboot() {
	victim := r.node(r.chance.IntN(3))
	asked := victim + ": Cache node is being rebooted"
	r.client()
	r.strike(func() error { return r.subject.reboot(victim) })
	r.awaitSettled()
	r.events[asked]++
	r.events[victim+": Cache node restarted"]++
	if strings.Count(strings.Join(r.messages(), "\n"), asked) < r.events[asked] {
		if err := r.subject.reboot(victim); err != nil {
			r.t().Fatal(err)
		}
		r.awaitSettled()
	}
	r.verifyAll()
}

func (r *randomKills) createOrDelete() {
	r.extra.client()
	if r.created {
		r.strike(r.extra.delete)
		if access, ok, _ := r.extra.access(); ok && access.Status != "deleting" {
			if err := r.extra.delete(); err != nil {
				r.t().Fatal(err)
			}
		}
		r.extra.awaitGone()
	} else {
		r.strike(func() error { return r.extra.create("") })
		if _, ok, _ := r.extra.access(); !ok {
			if err := r.extra.create(""); err != nil {
				r.t().Fatal(err)
			}
		}
		r.extra.awaitSettled()
	}
	r.created = !r.created
	r.verifyAll()
}

func (r *randomKills) verifyAll() {
	r.t().Helper()
	r.others = 0
	if r.created {
		r.others = len(r.extra.nodes)
		r.extra.others = len(r.nodes)
		r.extra.verify()
	}
	r.verify()
}
