package integration_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

const (
	rotate = types.AuthTokenUpdateStrategyTypeRotate
	set    = types.AuthTokenUpdateStrategyTypeSet
)

// newGroup is a settled group with a first token, required.
func newGroup(t *testing.T, engine string, replicas int, args ...string) *subject {
	t.Helper()
	g := newSubject(harness.Start(t, args...), "group", engine, replicas, true)
	g.tokens, g.retired = []string{tokenOf("first", 0)}, []string{""}
	if err := g.create(g.tokens[0]); err != nil {
		t.Fatal(err)
	}
	g.awaitSettled()
	return g
}

// oneEngine lets the engines take turns, test by test.
func oneEngine(t *testing.T, n int) string {
	t.Helper()
	engines := harness.Engines(t)
	return engines[n%len(engines)]
}

func (g *subject) kill(node string, signal syscall.Signal) {
	g.t().Helper()
	pid := g.pids()[node]
	if pid == 0 {
		g.t().Fatalf("%s has no process", node)
	}
	if err := syscall.Kill(pid, signal); err != nil {
		g.t().Fatal(err)
	}
}

// mustModify asks for a token change, which must be accepted.
func (g *subject) mustModify(strategy types.AuthTokenUpdateStrategyType, authToken string) {
	g.t().Helper()
	if err := g.modify(strategy, authToken); err != nil {
		g.t().Fatalf("%s: %v", strategy, err)
	}
	g.note(strategy, authToken)
}

// note keeps in mind what an accepted token change leads to.
func (g *subject) note(strategy types.AuthTokenUpdateStrategyType, authToken string) {
	if len(g.tokens) == 2 {
		g.retired = append(g.retired, g.tokens[0])
		g.tokens = g.tokens[1:]
	}
	if strategy == rotate {
		g.tokens = []string{g.newest(), authToken}
	}
	g.events[fmt.Sprintf("Auth token %s requested", strategy)]++
	g.events[fmt.Sprintf("Auth token %s finished", strategy)]++
}

// A node is killed while a token changes: the others serve whom they should without a
// break, and it comes back with the new set and its data.
func TestNodeDiesDuringTokenChange(t *testing.T) {
	t.Parallel()
	for i, victim := range []int{1, 0} {
		t.Run([]string{"replica", "primary"}[i], func(t *testing.T) {
			t.Parallel()
			g := newGroup(t, oneEngine(t, i), 2)
			for round, strategy := range []types.AuthTokenUpdateStrategyType{rotate, set, rotate, rotate, set} {
				dying := g.node(victim)
				g.write(fmt.Sprint("round-", round))
				before := g.pids()[dying]
				others := *g
				others.but = dying
				refusals := others.loginAllTheTime(g.newest())
				time.AfterFunc(time.Duration(round)*8*time.Millisecond, func() { _ = syscall.Kill(before, syscall.SIGKILL) })
				next := g.newest()
				if strategy == rotate {
					next = tokenOf("rotated", round)
				}
				g.mustModify(strategy, next)
				g.await(dying+" to be back", func() (bool, error) {
					if pid := g.pids()[dying]; pid == 0 || pid == before {
						return false, fmt.Errorf("its process is %d", pid)
					}
					return g.isSettled()
				})
				refusals.stop(t)
				g.restarts(dying, "ended unexpectedly (signal: killed)")
				g.verify()
			}
		})
	}
}

// A replica that cannot start while its group's token is SET never lets the retired
// token in, from the first moment at which its port is open.
func TestNodeDownDuringSet(t *testing.T) {
	t.Parallel()
	g := newGroup(t, oneEngine(t, 0), 2)
	g.mustModify(rotate, tokenOf("second", 0))
	g.awaitSettled()
	retired, down := g.tokens[0], g.node(2)

	// Nobody restarts it before its place is taken.
	g.Kill()
	g.kill(down, syscall.SIGKILL)
	var occupant net.Listener
	harness.Await(t, settleLimit, "the node's address to be free", func() (ok bool, err error) {
		occupant, err = net.Listen("tcp", g.address[down])
		return err == nil, err
	})
	g.Start()
	harness.Await(t, settleLimit, "the crash to be noted", func() (bool, error) {
		return strings.Contains(strings.Join(g.messages(), "\n"), down+": Cache node ended unexpectedly"), nil
	})
	g.mustModify(set, g.newest())
	g.await("the living nodes to refuse the retired token", func() (bool, error) {
		for _, id := range []string{g.node(0), g.node(1)} {
			if ok, err := tryLogin(g.address[id], g.pool(), retired); ok || err != nil {
				return false, fmt.Errorf("%s: %t %w", id, ok, err)
			}
		}
		return true, nil
	})
	if access, _, err := g.access(); access.Status != "modifying" {
		t.Errorf("group is %s although a node does not have the new set (%v)", access.Status, err)
	}

	// A start that was under way before the SET counts as a node that was up. The next
	// one begins with the new rules.
	g.await("a start after the SET", func() (bool, error) {
		rules, err := os.ReadFile(filepath.Join(g.dirOf(down), "users.acl"))
		return !strings.Contains(string(rules), fingerprint(retired)), err
	})
	early := g.refusedAllTheTime(down, retired, "")
	occupant.Close()
	g.awaitSettled()
	early.stop(t)
	g.restarts(down, "ended unexpectedly")
	g.verify()
}

// refusedAllTheTime tries to get into one node with tokens that it must not accept,
// as fast as it can, as soon as it can be reached.
func (g *subject) refusedAllTheTime(node string, tokens ...string) *logins {
	l := &logins{quit: make(chan struct{})}
	address, ca := g.address[node], g.pool()
	l.running.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-l.quit:
				return
			default:
			}
			accepted, err := tryLogin(address, ca, tokens[n%len(tokens)])
			if err != nil {
				continue // not open yet
			}
			l.tries.Add(1)
			if accepted {
				l.note(node, errors.New("let somebody in"))
			}
		}
	})
	return l
}

// A node that hangs during a SET holds the change up: the group is not available
// before the node was replaced by one that has the new set.
func TestNodeHangsDuringSet(t *testing.T) {
	t.Parallel()
	g := newGroup(t, oneEngine(t, 1), 1)
	g.mustModify(rotate, tokenOf("second", 0))
	g.awaitSettled()
	pids, hanging := g.pids(), g.node(1)
	g.kill(hanging, syscall.SIGSTOP)
	g.mustModify(set, g.newest())
	g.await(hanging+" to be replaced", func() (bool, error) {
		access, _, err := g.access()
		if err != nil {
			return false, err
		}
		replaced := g.pids()[hanging] != pids[hanging] // asked for after the status
		if !replaced && access.Status != "modifying" {
			t.Fatalf("group is %s although a node hangs", access.Status)
		}
		return replaced, nil
	})
	g.awaitSettled()
	g.restarts(hanging, "does not answer and is being restarted")
	g.verify()
	g.wantPIDs(pids, hanging)
}
