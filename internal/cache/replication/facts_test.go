package replication

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// Whatever happens to groups and nodes is told as a fact, or in the original's words.
func TestEventsAreFacts(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	restored := map[string]cache.Saying{"orders-001": cache.Say(cache.FactKeysLoaded, "n", 3), "orders-002": cache.Say(cache.FactBackInSync)}
	must := func(events []cache.Event, err error) []cache.Event {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return events
	}
	for name, happens := range map[string]func(g *Group) []cache.Event{
		"a crash":     func(g *Group) []cache.Event { return g.NoteCrash("orders-002", cache.Quote("signal: killed"), noon) },
		"a hang":      func(g *Group) []cache.Event { return g.NoteHang(Hang{NodeID: "orders-002"}, noon) },
		"a reboot":    func(g *Group) []cache.Event { return must(g.Reboot("orders-002", noon)) },
		"no snapshot": func(g *Group) []cache.Event { return g.NoteSaving("orders-002", true, noon) },
		"a late replica": func(g *Group) []cache.Event {
			return append(g.NoteBehind("orders-002", Lateness{Age: time.Minute, Bytes: 1}, noon), g.NoteCaughtUp("orders-002", later)...)
		},
		"a new version": func(g *Group) []cache.Event {
			return g.Succeed(cache.EngineVersion{Engine: cache.EngineRedis, Version: "7.2.1"}, noon)
		},
		"a replica": func(g *Group) []cache.Event { return must(g.IncreaseReplicas(3, nil, noon)) },
		"none":      func(g *Group) []cache.Event { return must(g.DecreaseReplicas(1, nil, nil, noon)) },
		"the end":   func(g *Group) []cache.Event { return must(g.Delete(noon)) },
		"a test":    func(g *Group) []cache.Event { return must(g.TestFailover("0001", 0, noon)) },
		"a schedule": func(g *Group) []cache.Event {
			events := must(g.SetRotationSchedule(7, rotationSpec(), noon))
			events = append(events, g.FailScheduledRotation(cache.Quote("no disk"), later)...)
			return append(events, must(g.DropRotationSchedule(later))...)
		},
		"a promotion that is given up": func(g *Group) []cache.Event {
			g.AutomaticFailover, g.MultiAZ = false, false
			id := "orders-002"
			events := must(g.Modify(Change{PrimaryID: &id}, noon))
			return append(events, g.AbandonFailover(&g.Shards[0], cache.Say(cache.FactNoReplicaInSync), noon)...)
		},
		"a token": func(g *Group) []cache.Event {
			events := must(g.Modify(Change{Token: &token.Update{Digest: &t1}}, noon))
			return append(events, g.Settle(later, restored)...)
		},
		"a creation that fails": func(g *Group) []cache.Event {
			g.Status = cache.StatusCreating
			return must(g.FailCreate("no disk", noon))
		},
	} {
		g := newGroup(t, func(s *Spec) { s.Replicas, s.AutomaticFailover = 2, true })
		g.Settle(noon, nil)
		events := happens(g)
		events = append(events, g.Settle(later, restored)...)
		if len(events) == 0 {
			t.Errorf("%s: nothing is told", name)
		}
		wantFacts(t, events)
	}
}

// What earlier releases stored of a rotation is read.
func TestRotationOfAnEarlierRelease(t *testing.T) {
	t.Parallel()
	var old rotation.Rotation
	err := json.Unmarshal([]byte(`{"id":"rotation-1","notes":["a note"],"reason":"its owner cancelled it","old":{"added_at":"2026-01-02T03:04:05Z"},"new":{"added_at":"2026-01-02T03:04:05Z"}}`), &old)
	if err != nil || old.Reason != (cache.Saying{Text: "its owner cancelled it"}) || len(old.Notes) != 1 || !old.Problem.Empty() {
		t.Errorf("a rotation of an earlier release is read as %+v: %v", old, err)
	}
}
