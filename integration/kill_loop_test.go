package integration

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// killWords are what a client can name the connections of the service by, without ending its own.
var killWords = []string{
	"USER aikagi:admin", "USER aikagi:replication", "USER aikagi:probe", "TYPE normal SKIPME yes", "TYPE replica", "TYPE master", "SKIPME yes", "USER default SKIPME yes",
	"ID 4", "ID 5", "ID 6", "ID 7", "ID 8", "ID 9", "ID 10", "TYPE normal USER default SKIPME yes",
}

// holdUp ends connections in a loop, as a client at an address, until ctx ends. It connects anew when it was
// ended itself, and counts what it sends.
func holdUp(ctx context.Context, g *group, address, token string, sent *atomic.Int64) {
	for ctx.Err() == nil {
		func() {
			dialer := net.Dialer{Timeout: time.Second}
			conn, err := dialer.DialContext(ctx, "tcp", address)
			if err != nil {
				return
			}
			defer conn.Close()
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			host, _, _ := net.SplitHostPort(address)
			secure := tls.Client(conn, &tls.Config{RootCAs: g.ca, ServerName: host, MinVersion: tls.VersionTLS12})
			in := bufio.NewReader(secure)
			_ = secure.SetDeadline(time.Now().Add(time.Minute))
			if token != none {
				if _, err := secure.Write([]byte("AUTH " + token + "\r\n")); err != nil {
					return
				}
				_, _ = in.ReadString('\n')
			}
			round := "CLIENT KILL " + strings.Join(killWords, "\r\nCLIENT KILL ") + "\r\n"
			for ctx.Err() == nil {
				if _, err := secure.Write([]byte(round)); err != nil {
					return
				}
				for range killWords {
					if _, err := in.ReadString('\n'); err != nil {
						return
					}
				}
				sent.Add(int64(len(killWords)))
			}
		}()
	}
}

// TestKillLoopHoldsNothingUp changes tokens and fails over while clients that may log in end all connections that
// they can, on every node, as fast as they can.
func TestKillLoopHoldsNothingUp(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(3), AutomaticFailoverEnabled: aws.Bool(true), MultiAZEnabled: aws.Bool(true),
		})
		timed := func(what string, do func()) {
			began := time.Now()
			do()
			t.Logf("%s took %s", what, time.Since(began).Round(time.Millisecond))
		}
		timed("ROTATE alone", func() { g.change(rotate, token1) })
		timed("SET alone", func() { g.change(set, token1) })

		ctx, stop := context.WithCancel(t.Context())
		var attackers sync.WaitGroup
		defer attackers.Wait()
		defer stop()
		var sent atomic.Int64
		for _, address := range g.addresses() {
			attackers.Go(func() { holdUp(ctx, g, address, token1, &sent) })
		}
		harness.Await(t, harness.Patience, "the attack", func() (bool, error) { return sent.Load() > 1000, nil })
		timed("ROTATE under attack", func() { g.change(rotate, token2) })
		timed("TestFailover under attack", func() {
			if _, err := s.API().TestFailover(t.Context(), &elasticache.TestFailoverInput{ReplicationGroupId: &g.id, NodeGroupId: aws.String("0001")}); err != nil {
				t.Fatal(err)
			}
			g.awaitFailover(1)
		})
		before := sent.Load()
		harness.Await(t, harness.Patience, "the attack goes on", func() (bool, error) { return sent.Load() > before+1000, nil })
		timed("ROTATE under attack", func() { g.change(rotate, token1) })
		timed("SET under attack", func() { g.change(set, token1) })
		t.Logf("%d commands of the attack", sent.Load())
	})
}
