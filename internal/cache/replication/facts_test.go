package cache

import (
	"encoding/json"
	"testing"
	"time"
)

// Whatever happens to groups and nodes is told as a fact, or in the original's words.
func TestEventsAreFacts(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	restored := map[string]Saying{"orders-001": Say(FactKeysLoaded, "n", 3), "orders-002": Say(FactBackInSync)}
	must := func(events []Event, err error) []Event {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return events
	}
	for name, happens := range map[string]func(g *ReplicationGroup) []Event{
		"a crash":     func(g *ReplicationGroup) []Event { return g.NoteCrash("orders-002", Quote("signal: killed"), noon) },
		"a hang":      func(g *ReplicationGroup) []Event { return g.NoteHang(Hang{NodeID: "orders-002"}, noon) },
		"a reboot":    func(g *ReplicationGroup) []Event { return must(g.Reboot("orders-002", noon)) },
		"no snapshot": func(g *ReplicationGroup) []Event { return g.NoteSaving("orders-002", true, noon) },
		"a late replica": func(g *ReplicationGroup) []Event {
			return append(g.NoteBehind("orders-002", Lateness{Age: time.Minute, Bytes: 1}, noon), g.NoteCaughtUp("orders-002", later)...)
		},
		"a new version": func(g *ReplicationGroup) []Event { return g.Succeed(EngineVersion{EngineRedis, "7.2.1"}, noon) },
		"a replica":     func(g *ReplicationGroup) []Event { return must(g.IncreaseReplicas(3, nil, noon)) },
		"none":          func(g *ReplicationGroup) []Event { return must(g.DecreaseReplicas(1, nil, nil, noon)) },
		"the end":       func(g *ReplicationGroup) []Event { return must(g.Delete(noon)) },
		"a test":        func(g *ReplicationGroup) []Event { return must(g.TestFailover("0001", 0, noon)) },
		"a schedule": func(g *ReplicationGroup) []Event {
			events := must(g.SetRotationSchedule(7, rotationSpec(), noon))
			events = append(events, g.FailScheduledRotation(Quote("no disk"), later)...)
			return append(events, must(g.DropRotationSchedule(later))...)
		},
		"a promotion that is given up": func(g *ReplicationGroup) []Event {
			g.AutomaticFailover, g.MultiAZ = false, false
			id := "orders-002"
			events := must(g.Modify(Change{PrimaryID: &id}, noon))
			return append(events, g.AbandonFailover(&g.Shards[0], Say(FactNoReplicaInSync), noon)...)
		},
		"a token": func(g *ReplicationGroup) []Event {
			events := must(g.Modify(Change{Token: &TokenUpdate{Digest: &t1}}, noon))
			return append(events, g.Settle(later, restored)...)
		},
		"a creation that fails": func(g *ReplicationGroup) []Event {
			g.Status = StatusCreating
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
	var old Rotation
	err := json.Unmarshal([]byte(`{"id":"rotation-1","notes":["a note"],"reason":"its owner cancelled it","old":{"added_at":"2026-01-02T03:04:05Z"},"new":{"added_at":"2026-01-02T03:04:05Z"}}`), &old)
	if err != nil || old.Reason != (Saying{Text: "its owner cancelled it"}) || len(old.Notes) != 1 || !old.Problem.Empty() {
		t.Errorf("a rotation of an earlier release is read as %+v: %v", old, err)
	}
}
