package integration

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/cache"
)

// restoreItself is a script that makes a key of what DUMP says of another one.
const restoreItself = "return redis.call('RESTORE', ARGV[1], 0, redis.call('DUMP', 'from'), 'REPLACE')"

// TestTagAllowsRestore has the owner allow RESTORE and take it back: all nodes follow, with the connections that are
// open, and nobody's status changes.
func TestTagAllowsRestore(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), CacheParameterGroupName: lenient(t, s, engine)})
		owner := tagged{t, g.Server, g.describe().ARN}
		var nodes []*wire
		for _, address := range g.addresses() {
			nodes = append(nodes, dial(t, address, g.ca))
		}
		primary, replica := nodes[0], nodes[len(nodes)-1]
		refused := func(w *wire) bool {
			reply := w.do("RESTORE", "k", "0", "x")
			return strings.HasPrefix(reply, "-NOPERM") && strings.Contains(reply, cache.TagAllowRestore)
		}
		for i, w := range nodes {
			if !refused(w) {
				t.Errorf("RESTORE at address %d of a group without the tag: %s", i, w.do("RESTORE", "k", "0", "x"))
			}
		}
		if err := owner.add(cache.TagAllowRestore, "perhaps"); err == nil {
			t.Error("the tag takes any value")
		}
		if err := owner.add(cache.TagAllowRestore, "true"); err != nil {
			t.Fatal(err)
		}
		for i, w := range nodes {
			await(t, "RESTORE is let through", func() bool { return !refused(w) })
			if status := aws.ToString(g.describe().Status); status != "available" {
				t.Errorf("after address %d the group is %s", i, status)
			}
		}
		primary.do("SET", "from", "v")
		if reply := primary.do("EVAL", restoreItself, "0", "k"); reply != "OK" {
			t.Errorf("RESTORE where it is allowed: %s", reply)
		}
		await(t, "the replica has the key", func() bool { return replica.do("EXISTS", "k") == "1" })
		if err := owner.remove(cache.TagAllowRestore); err != nil {
			t.Fatal(err)
		}
		for _, w := range nodes {
			await(t, "RESTORE is refused again", func() bool { return refused(w) })
		}
	})
}

// lenient makes a parameter group whose caches leave the connections of those open who write to a replica, and returns its name.
func lenient(t *testing.T, s *harness.Server, engine string) *string {
	t.Helper()
	const name = "lenient"
	if err := load.CreateParameters(t.Context(), s.API(), name, engine, map[string]string{"close-on-replica-write": "no"}); err != nil {
		t.Fatal(err)
	}
	return aws.String(name)
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("timed out waiting until %s", what)
		}
	}
}
