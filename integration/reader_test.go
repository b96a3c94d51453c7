package integration

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// The system spreads the connections to the reader endpoint over the replicas; one that is lost gets none, and one that is back gets its part again.
func TestReaderEndpointSpreads(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(3), AutomaticFailoverEnabled: aws.Bool(true)})
		reader := g.addresses()[1]
		// Of 100 fair choices of two, fewer than 20 of one come once in ten million times.
		all := g.readers(reader, 100)
		if len(all) != 2 {
			t.Fatalf("the reader endpoint is served by %v", all)
		}
		for id, n := range all {
			if n < 20 {
				t.Errorf("replica %s has %d of 100 connections", id, n)
			}
		}
		g.crash("g-002")
		s.AwaitStatus(g.id, "available")
		harness.Await(t, harness.Patience, "both replicas to serve readers", func() (bool, error) { return len(g.readers(reader, 50)) == 2, nil })
	})
}

// process is the id of a node's process; 0: it has none.
func (g *group) process(node string) int {
	for name, pid := range g.Nodes() {
		if strings.HasPrefix(name, node+".") {
			return pid
		}
	}
	return 0
}

// readers connects to an address so many times, and counts the nodes that answer by what they call themselves.
func (g *group) readers(address string, connections int) map[string]int {
	g.t.Helper()
	found := map[string]int{}
	for range connections {
		w := dial(g.t, address, g.ca)
		for line := range strings.Lines(w.do("INFO", "server")) {
			if id, ok := strings.CutPrefix(strings.TrimSpace(line), "run_id:"); ok {
				found[id]++
			}
		}
		w.close()
	}
	return found
}
