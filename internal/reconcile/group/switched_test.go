package group

import (
	"crypto/tls"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/pki"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// until reconciles until something holds.
func (p *plane) until(what string, holds func(*replication.Group) bool) {
	p.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		result, err := p.Reconcile(p.t.Context(), p.key)
		if holds(p.group()) {
			return
		}
		again, _ := result.Wait()
		if err != nil {
			p.t.Logf("reconcile: %v", err)
		}
		time.Sleep(min(again, 20*time.Millisecond) + time.Millisecond)
	}
	p.t.Fatalf("no %s: %+v", what, p.group())
}

// change writes the group as a caller of the API does.
func (p *plane) change(change func(store.UpdateTx, *replication.Group) error) {
	p.t.Helper()
	must(p.t, p.Store.Update(p.t.Context(), func(tx store.UpdateTx) error {
		g, err := store.Get(tx, store.Groups, p.key)
		if err != nil {
			return err
		}
		if err := change(tx, g); err != nil {
			return err
		}
		return store.PutGroup(tx, g)
	}))
}

func (p *plane) testFailover(g *replication.Group) error {
	_, err := g.RequestFailover(&g.Shards[0], replication.CauseTest, "", p.now())
	return err
}

// Rules that come into force with a handover end connections, and that is told.
func TestHandOverTellsOfEnds(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed engine.Installed) {
		p := newPlane(t, installed, 1)
		endpoint := p.group().Shards[0].PrimaryEndpoint
		p.Network = netip.PrefixFrom(endpoint.Addr(), 24).Masked() // all others are clients
		p.settle()
		dialer := &tls.Dialer{
			NetDialer: &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}},
			Config:    &tls.Config{RootCAs: p.Authority.CertPool(), MinVersion: tls.VersionTLS12, Time: p.now},
		}
		node := p.group().Shards[0].Primary()
		client, err := dialer.DialContext(t.Context(), "tcp", node.Address.String()) // not the endpoint, which is left
		must(t, err)
		defer client.Close()
		p.change(func(tx store.UpdateTx, g *replication.Group) error {
			rules, err := security.New(security.Spec{ID: "sg-1", Name: "web", Sources: []string{"10.0.0.0/8"}}, p.now())
			if err != nil {
				return err
			}
			g.SecurityGroupIDs = []string{"sg-1"}
			if err := store.Put(tx, store.SecurityGroups, rules); err != nil {
				return err
			}
			return p.testFailover(g)
		})
		p.until("handover", func(g *replication.Group) bool { return !g.IsPrimary(node.ID) })
		if told := p.told(); !slices.Contains(told, "Connections that the security groups no longer allow were closed: 1") {
			t.Errorf("told was %q", told)
		}
		p.settle()
		for _, n := range p.group().Nodes() {
			if !strings.HasPrefix(n.Rules, "networks-") {
				t.Errorf("%s enforces %q", n.ID, n.Rules)
			}
		}
	})
}

func (p *plane) told() (all []string) {
	p.t.Helper()
	must(p.t, p.Store.View(p.t.Context(), func(tx store.Tx) error {
		events, err := store.Read(tx, store.Events, store.EntryQuery{})
		for _, e := range events {
			all = append(all, e.Message)
		}
		return err
	}))
	return all
}

// Another program has the primary's own address. That is said, and a handover takes place all the same: nothing is lost, and the
// new primary takes writes.
func TestHandOverBesideTakenAddress(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, installed engine.Installed) {
		p := newPlane(t, installed, 1)
		p.write(10, "before")
		old := p.group().Shards[0].Primary()
		s := newSession(p.Reconciler)
		must(t, s.withAdmin(t.Context(), old, func(admin *engine.Admin) error {
			_, err := admin.Listen(t.Context(), s.doors(p.group(), p.group().Shards[0].PrimaryEndpoint))
			return err
		}))
		s.close()
		stranger, err := net.Listen("tcp", old.Address.String())
		must(t, err)
		defer stranger.Close()
		p.change(func(_ store.UpdateTx, g *replication.Group) error { return p.testFailover(g) }) // before it is known that it is taken
		p.until("handover", func(g *replication.Group) bool {
			return !g.IsPrimary(old.ID) && !g.Shards[0].Failover.PromotedAt.IsZero()
		})
		c := p.endpoint()
		for _, key := range []string{"before0", "before9"} {
			if answer, err := c.do("EXISTS", key); answer != ":1" {
				t.Errorf("%s is lost: %q, %v", key, answer, err)
			}
		}
		if answer, err := c.do("SET", "after", "v"); answer != "+OK" {
			t.Errorf("a write to the new primary: %q, %v", answer, err)
		}
		p.until("word of the taken address", func(g *replication.Group) bool { return g.IsTaken(old.Address) })
		must(t, stranger.Close())
		p.settle()
	})
}

// storedPlane has a group without nodes.
func storedPlane(t *testing.T, plan cache.AddressPlan) *plane {
	t.Helper()
	dir := t.TempDir()
	authority, err := pki.Open(dir, time.Now)
	must(t, err)
	database, err := sqlite.Open(t.Context(), filepath.Join(dir, "store.db"), sqlite.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, database.Close()) })
	g, err := replication.NewGroup(replication.Spec{
		ID: "g", EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}, Transit: cache.TransitRequired, AddressPlan: plan,
	}, time.Now())
	must(t, err)
	next := netip.MustParseAddr("127.1.0.0")
	must(t, g.AssignAddresses(func() (netip.Addr, error) { next = next.Next(); return next, nil }))
	must(t, database.Update(t.Context(), func(tx store.UpdateTx) error { return store.Put(tx, store.Groups, g) }))
	return &plane{t: t, key: g.Key(), Reconciler: New(Options{Store: database, Authority: authority, Now: time.Now})}
}

// What clients call a group is in certificates also when it is served without saying so; where it is said otherwise, that holds.
func TestAdvertisedNameIsKept(t *testing.T) {
	t.Parallel()
	p := storedPlane(t, cache.PlanHost)
	for _, c := range []struct {
		plan      cache.AddressPlan
		advertise string
		want      []string
	}{
		{cache.PlanHost, "cache.internal", []string{"cache.internal"}},
		{cache.PlanLoopback, "", []string{"cache.internal"}},
		{cache.PlanHost, "other.internal", []string{"other.internal"}},
		{cache.PlanHost, "", nil},
		{cache.PlanLoopback, "", nil},
	} {
		p.Plan, p.Advertise = c.plan, c.advertise
		s := newSession(p.Reconciler)
		g, err := s.load(t.Context(), p.key)
		must(t, err)
		names, _ := s.certificateNames(g, g.Nodes()[0])
		if !slices.Equal(names, c.want) {
			t.Errorf("with the plan %s and %q certificates have %q, want %q", c.plan, c.advertise, names, c.want)
		}
		if shown := g.Host(g.Nodes()[0].Address, c.advertise); len(c.want) > 0 && shown != c.want[0] {
			t.Errorf("with the plan %s and %q the endpoint is %s", c.plan, c.advertise, shown)
		}
		s.close()
	}
}
