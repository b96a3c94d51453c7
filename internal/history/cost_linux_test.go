package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/reach"
	"github.com/aikagi/aikagi/internal/store"
)

// crowd is a store whose every group has the same real node, which can be dialled under many names.
type crowd struct {
	store.Store
	provider.Provider
	real *replication.Node
}

func (c crowd) Dial(ctx context.Context, _ provider.NodeName) (net.Conn, error) {
	return c.Provider.Dial(ctx, provider.NameOf(c.real))
}

func (c crowd) View(ctx context.Context, fn func(store.Tx) error) error {
	return c.Store.View(ctx, func(tx store.Tx) error { return fn(crowdTx{tx, c.real}) })
}

type crowdTx struct {
	store.Tx
	real *replication.Node
}

func (c crowdTx) Scan(kind string, r store.Range) ([]store.Row, error) {
	rows, err := c.Tx.Scan(kind, r)
	return rows, errors.Join(err, c.change(rows))
}

func (c crowdTx) Rows(kind string, ids ...string) ([]store.Row, error) {
	rows, err := c.Tx.Rows(kind, ids...)
	return rows, errors.Join(err, c.change(rows))
}

func (c crowdTx) change(rows []store.Row) error {
	for i := range rows {
		var g replication.Group
		if err := json.Unmarshal(rows[i].Body, &g); err != nil {
			return err
		}
		g.Shards[0].Nodes[0].UID = c.real.UID
		var err error
		if rows[i].Body, err = json.Marshal(&g); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkCost reports how much of a core a thousand nodes take that nobody watches, and a
// node that is watched. The latter is asked faster than it should be, and the figure is what it would be.
func BenchmarkCost(b *testing.B) {
	found, err := engine.Find(b.Context(), nil)
	if err != nil || len(found) == 0 {
		b.Fatalf("no engine: %v", err)
	}
	p := start(b, found[0], token.Generate())
	const many = 1000
	b.Run("1000 nodes", func(b *testing.B) {
		p.crowd(b, many)
		c := crowd{p.store, p.nodes, &p.group.Shards[0].Nodes[0]}
		h := New(Options{Store: c, Nodes: reach.Nodes{Provider: c, Keyring: p.keyring}, Logger: p.Logger, Now: time.Now})
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- h.Run(ctx) }()
		b.ReportMetric(spend(b), "%core")
		stop()
		<-ended
	})
	b.Run("a watched node", func(b *testing.B) {
		p.all(0) // of two nodes, every 50 ms
		share := spend(b)
		p.all(0)
		b.ReportMetric(share/2*float64(p.WatchedInterval)/float64(WatchedInterval), "%core")
	})
}

// crowd stores groups of one node each.
func (p *plane) crowd(b *testing.B, many int) {
	b.Helper()
	host := netip.MustParseAddr("127.90.0.0")
	check(b, p.store.Update(b.Context(), func(tx store.UpdateTx) error {
		for i := range many {
			g, err := replication.NewGroup(replication.Spec{ID: fmt.Sprintf("crowd-%04d", i), EngineVersion: p.group.Version()}, time.Now())
			if err != nil {
				return err
			}
			if err := g.AssignAddresses(func() (netip.Addr, error) { host = host.Next(); return host, nil }); err != nil {
				return err
			}
			if err := store.Put(tx, store.Groups, g); err != nil {
				return err
			}
		}
		return nil
	}))
}

// spend lets seconds pass, and returns how much of a core was used here meanwhile, in percent.
func spend(b *testing.B) float64 {
	b.Helper()
	used, began := ownTime(b), time.Now()
	for b.Loop() {
		<-time.After(time.Second)
	}
	return 100 * float64(ownTime(b)-used) / float64(time.Since(began))
}

func ownTime(b *testing.B) time.Duration {
	b.Helper()
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
