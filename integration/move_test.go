package integration

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/redis/go-redis/v9"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/fault"
)

// TestMoveThereAndBack moves a cache while it is scaled, loses nodes and its control plane, and goes back.
func TestMoveThereAndBack(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t, "--host-address", "127.0.0.1", "--port-range", freePorts(t, 30).String())
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true)})
		old := g.addresses()
		held := dial(t, old[0], g.ca)
		defer held.close()
		g.checkPing(dial(t, old[1], g.ca), true)
		copies := g.fullCopiesOf(dial(t, old[0], g.ca))

		g.moves("--to", "host", "--no-wait")
		s.Kill()
		s.Start()
		g.AwaitStatus(g.id, "available")
		m := g.awaitMove("open")
		g.checkBoth(m)
		if now := g.addresses(); now[0] == old[0] || !strings.HasPrefix(now[0], "127.0.0.1:") {
			t.Errorf("the primary endpoint is shown as %s", now[0])
		}
		if got := g.fullCopiesOf(dial(t, old[0], g.ca)); got != copies {
			t.Errorf("replicas have copied everything anew: %s, then %s", copies, got)
		}

		g.scaleTo(2)
		g.crash(g.primaryNode())
		g.awaitFailover(1)
		m = g.awaitMove("open")
		if g.checkBoth(m); len(m.Places) != 5 {
			t.Errorf("places: %+v", m.Places)
		}
		g.setSecurityGroups(securityGroup(t, s, "here", "127.0.0.0/8"))
		g.checkBoth(g.awaitMove("open"))

		// Back, with a client at a new place.
		held.close()
		held = dial(t, g.primary(), g.ca)
		held.do("PING")
		g.checkMoveRefused("127.0.0.1 at "+g.primary(), "--cancel")
		g.moves("--cancel", "--force")
		g.checkEnded(held)
		if now := g.addresses(); !slices.Equal(now[:2], old[:2]) {
			t.Errorf("%v has become %v", old, now)
		}
		g.checkClosed(m)
		g.checkNotMoving("loopback")

		// There again, and the end comes by itself.
		held = dial(t, g.addresses()[2], g.ca) // at a node, whose address becomes its link
		held.do("PING")
		g.moves("--to", "host", "--close-after", "1ms")
		g.awaitMove("")
		g.checkEnded(held)
		g.checkNotMoving("host")
		g.checkPing(dial(t, g.primary(), g.ca), true)

		// And home: what was the link is an address for clients again.
		m = g.moveTo("loopback")
		g.checkBoth(m)
		held = dial(t, m.Places[0].Other, g.ca)
		held.do("PING")
		g.moves("--finish", "--force")
		g.checkEnded(held)
		g.checkNotMoving("loopback")
		g.checkAccess(none)
		told := strings.Join(messages(t, s, types.SourceTypeReplicationGroup, g.id), "\n")
		for _, want := range []string{"Moving g from the address plan loopback to host", "was cancelled", "g has moved from the address plan host to loopback"} {
			if !strings.Contains(told, want) {
				t.Errorf("no event says %q:\n%s", want, told)
			}
		}
		left := strings.Join(messages(t, s, types.SourceTypeCacheCluster, ""), "\n")
		if !strings.Contains(left, "1 connection of clients there will be closed within 1s") {
			t.Errorf("no event counts who had to leave:\n%s", left)
		}
	})
}

// TestMoveOfALoneCluster has a cache cluster that stands alone, which has no TLS, moved with its owner's word, and refused without the plan.
func TestMoveOfALoneCluster(t *testing.T) {
	t.Parallel()
	engine := clusterEngine(t)
	s := harness.Start(t)
	_, err := s.API().CreateCacheCluster(t.Context(), &elasticache.CreateCacheClusterInput{
		CacheClusterId: aws.String("alone"), Engine: &engine, CacheNodeType: aws.String("cache.t4g.micro"), NumCacheNodes: aws.Int32(1),
	})
	if err != nil {
		t.Fatal(err)
	}
	g := &group{Server: s, t: t, id: "alone"}
	await := func(m own.CacheMove) bool { return m.Status == "available" }
	g.awaitMoved(await)
	g.checkMoveRefused("aikagi:allow-plaintext", "--to", "host")
	_, err = s.API().AddTagsToResource(t.Context(), &elasticache.AddTagsToResourceInput{
		ResourceName: aws.String("arn:aws:elasticache:us-east-1:000000000000:cluster:alone"), Tags: []types.Tag{{Key: aws.String("aikagi:allow-plaintext"), Value: aws.String("true")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	g.checkMoveRefused("--host-address", "--to", "host")
	s.Stop()
	s.Args = append(s.Args, "--host-address", "127.0.0.1", "--port-range", freePorts(t, 9).String())
	s.Start()
	g.awaitMoved(await)
	m := g.moveTo("host")
	for _, at := range []string{m.Places[0].Shown, m.Places[0].Other} {
		g.checkPing(dial(t, at, nil), true)
	}
	g.moves("--finish", "--quiet", "0s")
	g.checkNotMoving("host")
	g.checkPing(dial(t, m.Places[0].Shown, nil), true)
}

// TestKilledAtTheEndOfAMove kills the control plane while a move is closing. The next start finishes it.
func TestKilledAtTheEndOfAMove(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t, "--host-address", "127.0.0.1", "--port-range", freePorts(t, 30).String())
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true), AuthToken: aws.String(token1),
		})
		for _, point := range fault.MovePoints {
			plan := "host"
			if g.awaitMove("").AddressPlan == plan {
				plan = "loopback"
			}
			m := g.moveTo(plan)
			held := dial(t, m.Places[0].Other, g.ca)
			held.do("AUTH", token1)
			if reply := held.do("SET", "k", point); reply != "OK" {
				t.Errorf("a write at the old place is answered with %s", reply)
			}
			s.Stop()
			s.Start("AIKAGI_FAULT=" + point)
			g.awaitMove("open")
			_, _ = g.Aikagi("move", g.id, "--finish", "--force", "--no-wait") // whether it hears of success depends on the kill
			select {
			case <-s.Exited():
			case <-time.After(harness.Patience):
				t.Fatalf("%s: it was not killed", point)
			}
			if !s.Killed() {
				t.Fatalf("%s: it ended in another way:\n%s", point, s.Output())
			}
			s.Start()
			g.awaitMove("")
			g.checkEnded(held)
			g.checkNotMoving(plan)
			g.checkLeft(m)
			g.checkAccess(token1)
			g.checkCopies(token1, "k", point)
		}
	})
}

// checkLeft sees that no client is served at the places that a move has left. Some are links: the service itself comes there.
func (g *group) checkLeft(m own.CacheMove) {
	g.t.Helper()
	for _, p := range m.Places {
		client := redis.NewClient(&redis.Options{Addr: p.Other, Password: token1, TLSConfig: &tls.Config{RootCAs: g.ca}, MaxRetries: -1})
		if err := client.Ping(g.t.Context()).Err(); err == nil {
			g.t.Errorf("%s still serves", p.Other)
		}
		_ = client.Close()
	}
}

// moveTo begins a move, and returns when both serve.
func (g *group) moveTo(plan string) own.CacheMove {
	g.t.Helper()
	g.moves("--to", plan)
	return g.awaitMove("open")
}

// awaitMove waits until a move has come so far; empty: until it is over.
func (g *group) awaitMove(state string) own.CacheMove {
	g.t.Helper()
	return g.awaitMoved(func(m own.CacheMove) bool {
		return m.Status == "available" && (m.Move == nil && state == "" || m.Move != nil && m.Move.State == state)
	})
}

func (g *group) awaitMoved(is func(own.CacheMove) bool) (m own.CacheMove) {
	g.t.Helper()
	in := own.CacheInput{ReplicationGroupId: &g.id}
	if g.id == "alone" {
		in = own.CacheInput{CacheClusterId: &g.id}
	}
	harness.Await(g.t, harness.Patience, "a move", func() (bool, error) {
		var err error
		m, err = g.Client().DescribeMove(context.Background(), in)
		return err == nil && is(m), err
	})
	return m
}

// checkBoth has every place serve at both of its addresses.
func (g *group) checkBoth(m own.CacheMove) {
	g.t.Helper()
	for _, p := range m.Places {
		for _, at := range []string{p.Shown, p.Other} {
			g.checkPing(dial(g.t, at, g.ca), true)
		}
	}
}

// checkClosed sees that nobody listens where a move had shown places.
func (g *group) checkClosed(m own.CacheMove) {
	g.t.Helper()
	for _, p := range m.Places {
		if conn, err := net.DialTimeout("tcp", p.Shown, time.Second); err == nil {
			_ = conn.Close()
			g.t.Errorf("somebody listens at %s", p.Shown)
		}
	}
}

// checkEnded sees that a connection has come to its end.
func (g *group) checkEnded(w *wire) {
	g.t.Helper()
	_ = w.conn.SetReadDeadline(time.Now().Add(harness.Patience))
	if n, err := w.conn.Read(make([]byte, 1)); err == nil || strings.Contains(err.Error(), "timeout") {
		g.t.Errorf("a connection at a place that was left goes on: %d bytes, %v", n, err)
	}
	w.close()
}

// checkNotMoving checks the plan of a cache that is where it is to be.
func (g *group) checkNotMoving(plan string) {
	g.t.Helper()
	m := g.awaitMove("")
	if m.AddressPlan != plan || slices.ContainsFunc(m.Places, func(p own.MovedPlace) bool { return p.Other != "" }) {
		g.t.Errorf("it is at %+v", m)
	}
	if out := g.moves(); !strings.Contains(out, "has the address plan "+plan) {
		g.t.Errorf("aikagi move says:\n%s", out)
	}
}
