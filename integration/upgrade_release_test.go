package integration_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// TestUpgradeFromRelease takes over from each earlier release, while its engines run: their processes stay, clients see
// nothing, and what was written down is all there. Then everything goes on: a token change, a failover, a guided
// rotation, the end.
func TestUpgradeFromRelease(t *testing.T) {
	t.Parallel()
	for name, commit := range harness.Releases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			old, err := harness.BuildRelease(commit)
			if err != nil {
				t.Skipf("the release %s cannot be built: %v", commit, err)
			}
			t.Run("stopped", func(t *testing.T) {
				t.Parallel()
				upgradeFrom(t, old, (*harness.Server).Stop, oneEngine(t, 0))
			})
			t.Run("killed", func(t *testing.T) {
				t.Parallel()
				upgradeFrom(t, old, (*harness.Server).Kill, oneEngine(t, 1))
			})
		})
	}
}

func upgradeFrom(t *testing.T, old string, end func(*harness.Server), engine string) {
	keys := t.TempDir()
	s := harness.New(t, "--delivery-files", keys)
	s.Program = old
	s.Start()
	g := newSubject(s, "group", engine, 2, true)
	g.automatic = true
	g.tokens, g.retired = []string{tokenOf("first", 0)}, []string{""}
	if err := g.create(g.tokens[0]); err != nil {
		t.Fatal(err)
	}
	g.awaitSettled()
	live(t, g, "before", keys)
	connections, pids := g.hold(), g.pids()
	past := history(t, g)
	refusals := g.loginAllTheTime(g.newest())

	end(s)
	s.Program = ""
	s.Start()
	g.awaitSettled()
	refusals.stop(t)
	connections.check(t)
	g.wantPIDs(pids)
	for what, entries := range history(t, g) {
		for _, entry := range past[what] {
			if !slices.Contains(entries, entry) {
				t.Errorf("the %s %s is gone", what, entry)
			}
		}
	}
	g.verify()
	live(t, g, "after", keys)
	g.verify()
	if err := g.delete(); err != nil {
		t.Fatal(err)
	}
	g.await("the group to be gone", func() (bool, error) {
		_, ok, err := g.access()
		return err == nil && !ok, err
	})
}

// live has something of everything that is written down come to pass: a token change, a failover, a guided rotation.
func live(t *testing.T, g *subject, when, keys string) {
	t.Helper()
	g.write(when)
	g.mustModify(rotate, tokenOf(when, 0))
	g.awaitSettled()
	g.mustModify(set, tokenOf(when, 0))
	g.awaitSettled()

	recovered := g.recovered()
	if _, err := g.API().TestFailover(t.Context(), &elasticache.TestFailoverInput{ReplicationGroupId: &g.id, NodeGroupId: aws.String("0001")}); err != nil {
		t.Fatal(err)
	}
	g.await("failover", recovered)
	g.noteFailover("test")

	file := filepath.Join(keys, when)
	spec := own.StartAuthTokenRotationInput{Delivery: new("file:" + file), Finish: new("quiet=200ms"), Brownout: new("0s"), Grace: new("200ms")}
	begun, err := g.client().StartRotation(t.Context(), g.id, spec)
	if err != nil {
		t.Fatal(err)
	}
	g.await("rotation", func() (bool, error) {
		r, found, err := g.client().Rotation(t.Context(), g.id, begun.RotationId)
		if err != nil || !found {
			return false, err
		}
		return r.State == "done", fmt.Errorf("it is %s", r.State)
	})
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g.retired, g.tokens = append(g.retired, g.tokens...), []string{strings.TrimSpace(string(text))}
	clear(g.events) // a rotation tells of the same in other numbers
}

// history is what the service tells of the past, as it tells it, by what it is of.
func history(t *testing.T, g *subject) map[string][]string {
	t.Helper()
	c := g.client()
	events, err := c.Events(t.Context(), g.id, time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	failovers, err := c.Failovers(t.Context(), g.id)
	if err != nil {
		t.Fatal(err)
	}
	rotations, err := c.Rotations(t.Context(), g.id)
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]string{"event": lines(t, events), "failover": lines(t, failovers), "rotation": lines(t, rotations)}
}

func lines[T client.Event | own.Failover | own.Rotation](t *testing.T, entries []T) []string {
	t.Helper()
	if len(entries) == 0 {
		t.Errorf("nothing of %T was written down", entries)
	}
	var all []string
	for _, e := range entries {
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(line))
	}
	return all
}
