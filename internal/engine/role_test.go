package engine

import (
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache/token"
)

func TestRole(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed Installed) {
		primary := startNode(t, installed, token.OpenSet(noon))
		replica := startNode(t, installed, token.OpenSet(noon))
		view, err := primary.admin.Role(t.Context())
		check(t, err)
		if view.Role != RolePrimary || len(view.Replicas) != 0 {
			t.Errorf("primary says of itself %+v, want no replica", view)
		}
		writer := primary.open(t)
		check(t, replica.admin.Replicate(t.Context(), primary.address))
		for deadline := time.Now().Add(60 * time.Second); len(view.Replicas) == 0 || view.Replicas[0].Offset == 0; {
			if time.Now().After(deadline) {
				t.Fatalf("primary says of itself %+v, want a replica that has data", view)
			}
			writer.say(t, "INCR key") // without writes it would take until the engine's next own PING
			time.Sleep(2 * time.Millisecond)
			view, err = primary.admin.Role(t.Context())
			check(t, err)
		}
		if got := view.Replicas[0]; got.Address != replica.address || got.Offset > view.Offset {
			t.Errorf("replica is %+v, want %s and an offset of at most %d", got, replica.address, view.Offset)
		}
		got, err := replica.admin.Role(t.Context())
		check(t, err)
		if got.Role != RoleReplica || got.Offset < view.Replicas[0].Offset || len(got.Replicas) != 0 {
			t.Errorf("replica says of itself %+v, its primary %+v", got, view)
		}
	})
}
