package history

import (
	"context"
	"net/netip"
	"testing"
	"time"
	"unique"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/store"
)

// TestNodeAddedDuringARound: a group that was listed before is asked as it is when its turn comes, and
// the nodes that it got since are not forgotten.
func TestNodeAddedDuringARound(t *testing.T) {
	eachEngine(t, func(t *testing.T, p *plane, _ token.Token) {
		first, err := replication.NewGroup(replication.Spec{ID: "first", EngineVersion: p.group.Version()}, time.Now())
		check(t, err)
		host := netip.MustParseAddr("127.90.0.0")
		check(t, first.AssignAddresses(func() (netip.Addr, error) { host = host.Next(); return host, nil }))
		check(t, p.store.Update(t.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, first) }))
		options := p.Options
		options.Interval = 4 * time.Second // so that the turn of the other group comes after 2
		h := New(options)
		p.run(func(ctx context.Context) error { return h.Run(ctx) })
		ring := func(uid, node string) *ring {
			h.mu.Lock()
			defer h.mu.Unlock()
			if h.groups[uid] == nil {
				return nil
			}
			return h.groups[uid].nodes[node]
		}
		p.eventually("the first group's turn", func() bool {
			h.mu.Lock()
			defer h.mu.Unlock()
			return h.groups[first.UID] != nil
		})
		changed := p.group.Clone()
		changed.Shards[0].Nodes[1].UID = "new"
		p.put(changed)
		sampled := sample{at: time.Now().UnixMilli(), run: unique.Make("run")}
		h.keep(changed, []sample{sampled, sampled}) // as of one who watched it for a moment
		p.eventually("the other group's turn", func() bool {
			asked := ring(p.group.UID, p.group.Shards[0].Nodes[0].UID)
			h.mu.Lock()
			defer h.mu.Unlock()
			return asked != nil && len(asked.samples()) > 1
		})
		if ring(p.group.UID, "new") == nil {
			t.Error("the new node is forgotten")
		}
	})
}
