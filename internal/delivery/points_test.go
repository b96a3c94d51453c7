package delivery_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/delivery"
)

// Points names every point there is, and no other: whoever kills at all of them
// has killed everywhere.
func TestPoints(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	reached := map[string]bool{}
	made := []receiver{newFile(t), newCommand(t)}
	for _, create := range []bool{false, true} {
		_, endpoint := startStandIn(t)
		r := newSecret(t, endpoint, "")
		if create {
			r.target.SecretsManager.Secret, r.target.SecretsManager.Create = "new", true
		}
		made = append(made, r)
	}
	for _, r := range made {
		r.options.Point = func(name string) {
			mu.Lock()
			defer mu.Unlock()
			reached[name] = true
		}
		must(t, r.open(t), changeOf("r1", token.Generate()), "stage", "deliver", "finish")
	}
	var got []string
	for name := range reached {
		got = append(got, name)
	}
	want := slices.Clone(delivery.Points[:])
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
}
