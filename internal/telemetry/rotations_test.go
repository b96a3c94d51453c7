package telemetry

import (
	"context"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/store"
)

// TestRotationMetrics: what is under way, what holds it up, and schedules that failed.
func TestRotationMetrics(t *testing.T) {
	t.Parallel()
	db := stored(t, "a", "b", "c", "d")
	err := db.Update(t.Context(), func(tx store.UpdateTx) error {
		for id, change := range map[string]func(*replication.Group){
			"a": func(g *replication.Group) {
				g.Rotation = &rotation.Rotation{ID: "rotation-1", GroupID: "a", State: rotation.Waiting, StartedAt: noon, Salt: "pepper"}
				g.RotationSchedule = &rotation.Schedule{Every: 7, SetAt: noon}
			},
			"b": func(g *replication.Group) {
				g.Rotation = &rotation.Rotation{ID: "rotation-2", GroupID: "b", State: rotation.Delivering, StartedAt: noon, Problem: cache.Quote("no space")}
			},
			"c": func(g *replication.Group) {
				g.Rotation = &rotation.Rotation{ID: "rotation-3", GroupID: "c", State: rotation.Failed, StartedAt: noon, Problem: cache.Quote("no space")}
				g.RotationSchedule = &rotation.Schedule{Every: 7, SetAt: noon, Failed: cache.Quote("no space"), FailedAt: noon}
			},
		} {
			g, err := store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, id))
			if err != nil {
				return err
			}
			change(g)
			if err := store.Put(tx, store.Groups, g); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text := scrape(t, Options{Store: db, Usage: func(_ context.Context, g *replication.Group) (usage.Group, error) {
		return g.Usage(nil, nil, noon), nil
	}})
	for _, want := range []string{
		`aikagi_rotations{state="waiting"} 1`, `aikagi_rotations{state="delivering"} 1`, `aikagi_rotations{state="pending"} 0`,
		`aikagi_rotation_schedule_failed{group="a"} 0`, `aikagi_rotation_schedule_failed{group="c"} 1`,
		`aikagi_rotation_held_up{group="a"} 0`, `aikagi_rotation_held_up{group="b"} 1`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	for _, never := range []string{
		"pepper", "no space", `aikagi_rotations{state="failed"}`, `aikagi_rotation_schedule_failed{group="b"}`, `aikagi_rotation_held_up{group="c"}`, `aikagi_rotation_held_up{group="d"}`,
	} {
		if strings.Contains(text, never) {
			t.Errorf("%s is told:\n%s", never, text)
		}
	}
}

// TestStatesUnderWay: none that is final is shown, and each only once.
func TestStatesUnderWay(t *testing.T) {
	t.Parallel()
	seen := map[rotation.State]bool{}
	for _, state := range underWay {
		if state.Final() || seen[state] {
			t.Errorf("%s is in the list", state)
		}
		seen[state] = true
	}
}
