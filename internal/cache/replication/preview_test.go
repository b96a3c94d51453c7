package replication

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// previewGroups are groups in every state that matters to a token change.
func previewGroups(t *testing.T) map[string]*Group {
	t.Helper()
	groups := map[string]*Group{}
	for _, held := range [][]token.Digest{{none}, {t1}, {none, t1}, {t1, t2}} {
		set := setOf(held...)
		for _, mode := range []cache.GuardMode{cache.GuardRefuse, cache.GuardWarn, cache.GuardOff} {
			groups[fmt.Sprint(set, " ", mode)] = guarded(t, set, cache.TagSetGuard+"="+string(mode))
		}
		busy, open, rotates := guarded(t, set), guarded(t, set), guarded(t, set)
		busy.Status, open.Transit, rotates.Rotation = cache.StatusModifying, cache.TransitNone, &rotation.Rotation{ID: "r", State: rotation.Waiting}
		groups[fmt.Sprint(set, " modifying")], groups[fmt.Sprint(set, " without TLS")], groups[fmt.Sprint(set, " rotates")] = busy, open, rotates
	}
	return groups
}

func previewUpdates() []*token.Update {
	updates := []*token.Update{nil, {Strategy: token.StrategySet}, {Strategy: "MAKE"}}
	for _, digest := range []token.Digest{t1, t2, t3} {
		for _, strategy := range []token.Strategy{"", token.StrategyRotate, token.StrategySet, token.StrategyDelete} {
			updates = append(updates, &token.Update{Digest: &digest, Strategy: strategy})
		}
	}
	return updates
}

// TestPreviewTokenIsWhatModifyDoes compares the two for every group, change and use.
func TestPreviewTokenIsWhatModifyDoes(t *testing.T) {
	t.Parallel()
	accepted, warned, guardRefused := 0, 0, 0
	for name, g := range previewGroups(t) {
		inUse := usageOf(g, usage.Record{Credential: g.Tokens.Credentials()[0].String(), Connections: 3, LastUsed: noon, Clients: []usage.Client{worker}})
		for _, update := range previewUpdates() {
			for _, usage := range []*usage.Group{inUse, usageOf(g), nil} {
				before, after := mustJSON(g), *g
				preview := g.PreviewToken(update, usage, noon)
				if diff := cmp.Diff(before, mustJSON(g)); diff != "" {
					t.Fatalf("%s: the preview changed the group: %s", name, diff)
				}
				events, err := after.Modify(Change{Token: update, Usage: usage, Immediately: true}, noon)
				wantFacts(t, events)
				if fmt.Sprint(preview.Refusal) != fmt.Sprint(err) {
					t.Errorf("%s, %v: preview refuses %v, Modify %v", name, update, preview.Refusal, err)
				}
				if err != nil {
					if preview.Ends != nil {
						guardRefused++
					}
					continue
				}
				accepted++
				warning := ""
				if len(events) > 1 {
					warned++
					warning = events[1].Message
				}
				if preview.After.String() != after.Tokens.String() || preview.Warning.Text != warning {
					t.Errorf("%s, %v: preview %s with %q, Modify %s with %q", name, update, preview.After, preview.Warning, after.Tokens, warning)
				}
			}
		}
	}
	if accepted == 0 || warned == 0 || guardRefused == 0 {
		t.Errorf("%d accepted, %d with a warning, %d refused by the guard", accepted, warned, guardRefused)
	}
}

// TestPreviewTokenNamesWhomItLocksOut also where the group has no guard.
func TestPreviewTokenNamesWhomItLocksOut(t *testing.T) {
	t.Parallel()
	set := &token.Update{Digest: &t1, Strategy: token.StrategySet}
	client := func(name string, connections int, ago time.Duration) usage.Client {
		return usage.Client{Name: name, Connections: connections, LastSeen: noon.Add(-ago)}
	}
	use := usage.Record{Credential: token.None, Connections: 5, LastUsed: noon, Clients: []usage.Client{
		client("here", 2, 0), client("here for long", 3, time.Hour), client("just left", 0, time.Minute), client("long gone", 0, time.Hour),
	}}
	for _, mode := range []cache.GuardMode{cache.GuardRefuse, cache.GuardWarn, cache.GuardOff} {
		g := guarded(t, setOf(none, t1), cache.TagSetGuard+"="+string(mode))
		for _, c := range []struct {
			others usage.Client
			shown  bool
		}{{client("", 3, 0), true}, {usage.Client{Closed: 3, LastSeen: noon}, true}, {usage.Client{Closed: 3, LastSeen: noon.Add(-time.Hour)}, false}} {
			use.OtherClients = c.others
			p := g.PreviewToken(set, usageOf(g, use), noon)
			var names []string
			for _, client := range p.Clients {
				names = append(names, client.Name)
			}
			slices.Sort(names)
			if want := []string{"here", "here for long", "just left"}; !slices.Equal(names, want) || p.Connections != 5 || !p.InUse {
				t.Errorf("%s: locks out %q with %d connections, want %q", mode, names, p.Connections, want)
			}
			if shown := p.OtherClients.Connections > 0 || p.OtherClients.Closed > 0; shown != c.shown {
				t.Errorf("%s: others %+v: %t, want %t", mode, c.others, shown, c.shown)
			}
		}
		if p := g.PreviewToken(set, nil, noon); len(p.Clients) != 0 || p.InUse || p.Ends == nil || !p.Ends.IsNone() {
			t.Errorf("%s: nobody was asked: %+v", mode, p)
		}
	}
}
