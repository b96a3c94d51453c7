package integration

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/redis/go-redis/v9"

	"github.com/aikagi/aikagi/integration/harness"
)

// TestWholeRoad takes an open cache, in plaintext and without a token on one machine, to one that clients on another machine use over
// TLS and with a token. The order has no outage and sends nothing over the network in plaintext: TLS is offered and required first, then a
// token is rotated in, and then the cache is moved. No command of a client fails at any step, but for those that the step is there to end.
func TestWholeRoad(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		n := harness.NewNetwork(t)
		s := n.New("--host-address", n.Address, "--port-range", networkPorts)
		s.Start()
		g := &farGroup{group: newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true), TransitEncryptionEnabled: aws.Bool(false),
		}), network: n}
		g.ca = s.CA()
		old := g.addresses()
		g.checkMoveRefused("aikagi:allow-plaintext", "--to", "host")

		plain := g.steadyBy(g.near(old[0], none, false))
		g.setTransit(preferred)
		overTLS := g.steadyBy(g.near(old[0], none, true))
		g.checkMoveRefused("aikagi:allow-plaintext", "--to", "host")
		plain.progress(20)
		plain.stop(0) // it has changed over; required would end it
		g.setTransit(required)

		overTLS.progress(20)
		g.change(rotate, token1)
		near := g.steadyBy(g.near(old[0], token1, true))
		overTLS.progress(20)
		overTLS.stop(0) // likewise; SET would not end it, but not let it in again
		g.change(set, token1)

		g.moves("--to", "host")
		at := g.addresses()
		g.checkPlaces(at, n.Address)
		far := g.steady(token1)
		g.checkPrograms(token1)
		near.progress(20)
		if failed := near.failures(); failed > 0 {
			t.Errorf("%d writes at the old place failed before the failover: %v", failed, near.failed[0])
		}
		near, far = g.changeBoth(near, far, old[0])
		g.failOver() // ends connections: clients come back by themselves, at both places
		near.progress(20)
		far.progress(20)
		nearBy, farBy := near.failures(), far.failures()
		g.Kill()
		near.progress(20)
		g.Start()
		g.AwaitStatus(g.id, "available")
		g.checkMoveRefused("127.0.0.1 at "+old[0], "--finish")
		if failed := near.failures() - nearBy; failed > 0 {
			t.Errorf("%d writes at the old place failed after the failover", failed)
		}
		near.stop(-1)
		g.moves("--finish", "--quiet", "0s")
		far.progress(20)
		if failed := far.failures() - farBy; failed > 0 {
			t.Errorf("%d writes at the new place failed after the failover", failed)
		}
		far.stop(-1)
		if now := g.addresses(); strings.Join(now, " ") != strings.Join(at, " ") {
			t.Errorf("addresses have changed from %v to %v", at, now)
		}
		g.checkShut(old)
		g.checkOnlyTokens(at[0])
	})
}

// changeBoth changes the token while both places are open, with clients at both that change over. TLS stays required: with a token
// there is no other mode.
func (g *farGroup) changeBoth(near, far *steadyClient, old string) (nearNow, farNow *steadyClient) {
	g.t.Helper()
	_, err := g.API().ModifyReplicationGroup(g.t.Context(), g.transit(preferred, true))
	checkRefusal(g.t, err, invalidCombi, "access control enabled clusters")
	g.change(rotate, token2)
	nearNow, farNow = g.steadyBy(g.near(old, token2, true)), g.steady(token2)
	near.progress(20)
	far.progress(20)
	near.stop(0)
	far.stop(0)
	g.change(set, token2)
	nearNow.progress(20)
	farNow.progress(20)
	if failed := nearNow.failures() + farNow.failures(); failed > 0 {
		g.t.Errorf("%d writes with the new token failed before the failover", failed)
	}
	return nearNow, farNow
}

// near are the options of a client on the server itself.
func (g *farGroup) near(address, token string, secure bool) *redis.Options {
	options := g.options(address, token)
	options.Dialer = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := g.network.DialOnServer(ctx, network, address)
		if err != nil || !secure {
			return conn, err
		}
		config := g.clientTLS()
		config.ServerName, _, _ = net.SplitHostPort(address)
		over := tls.Client(conn, config)
		if err := over.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return over, nil
	}
	return options
}

// moves runs a step of a move that must succeed.
func (g *group) moves(flags ...string) string {
	g.t.Helper()
	out, err := g.Aikagi(append([]string{"move", g.id}, flags...)...)
	if err != nil {
		g.t.Fatalf("aikagi move %v: %v\n%s", flags, err, out)
	}
	return out
}

// checkMoveRefused runs one that must be refused, with a reason.
func (g *group) checkMoveRefused(reason string, flags ...string) {
	g.t.Helper()
	if out, err := g.Aikagi(append([]string{"move", g.id}, flags...)...); err == nil || !strings.Contains(out, reason) {
		g.t.Errorf("aikagi move %v is to be refused with %q: %v\n%s", flags, reason, err, out)
	}
}

// checkShut sees that no client on the server gets in at an address any more; the service itself may use it as a link.
func (g *farGroup) checkShut(addresses []string) {
	g.t.Helper()
	for _, at := range addresses {
		client := redis.NewClient(g.near(at, token2, true))
		if err := client.Ping(g.t.Context()).Err(); err == nil {
			g.t.Errorf("%s still serves", at)
		}
		_ = client.Close()
	}
}

// checkOnlyTokens sees that nobody on the other machine is served in plaintext, or without a token.
func (g *farGroup) checkOnlyTokens(address string) {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), harness.Patience)
	defer cancel()
	conn, err := g.network.Dial(ctx, "tcp", address)
	if err != nil {
		g.t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(harness.Patience))
	_, _ = conn.Write([]byte("PING\r\n"))
	if line, _ := bufio.NewReader(conn).ReadString('\n'); !strings.HasPrefix(line, "-ERR this cache takes connections over TLS only") {
		g.t.Errorf("plaintext is answered with %q", line)
	}
	client := redis.NewClient(g.options(address, none))
	defer client.Close()
	if err := client.Ping(ctx).Err(); err == nil || !strings.HasPrefix(err.Error(), "NOAUTH") {
		g.t.Errorf("without a token: %v", err)
	}
}
