package elasticache

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// Each reason of a status is told with its fact, and each node has its own: for who tells it in another language.
func TestReasonsAreFacts(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{ReplicationGroupId: aws.String("g"), NumCacheClusters: aws.Int32(2)})
	change := func(how func(g *replication.Group)) {
		t.Helper()
		err := f.store.Update(t.Context(), func(tx store.UpdateTx) error {
			g, err := store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, "g"))
			if err != nil {
				return err
			}
			how(g)
			return store.Put(tx, store.Groups, g)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	answer := func(parts ...string) {
		t.Helper()
		f.asked("DescribeReplicationGroupAccess", http.StatusOK, parts, "ReplicationGroupId", "g")
	}
	at := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
	change(func(g *replication.Group) {
		g.Shards[0].Nodes[1].Status = cache.StatusModifying
		g.NoteFault("g-002", replication.NodeFault{Kind: replication.FaultMemory, End: "exit status 1"}, at)
		g.NoteCrowd("g-001", &replication.Crowd{Connections: 10003, Limit: 10000, From: []replication.ClientCount{{Address: netip.MustParseAddr("10.0.0.5"), Connections: 9900}}}, at)
	})
	answer(
		"<StatusReason>g-002 cannot start: there is not enough memory (exit status 1). ",
		"; Client connections of node g-001 are full (10000 of 10000), most of them from 10.0.0.5 (9900): new clients are refused until some of these close</StatusReason>",
		"<StatusReasons><member><Text>g-002 cannot start: there", "<Fact><Code>node-cannot-start</Code>", "<Code>node-mend-memory</Code>",
		"<member><Text>Client connections of node g-001 are full", "<Fact><Code>clients-full</Code>",
		"<Crowd><Connections>10000</Connections><Limit>10000</Limit><Addresses><member><Address>10.0.0.5</Address><Connections>9900</Connections>",
		"<FixFact><Code>clients-mend</Code>", "<Fact><Code>node-fault</Code>",
	)
	change(func(g *replication.Group) {
		g.StatusReason, g.Shards[0].Nodes[0].Crowd = "no such file", nil
	})
	answer("<StatusReason>no such file</StatusReason><StatusReasons><member><Text>no such file</Text></member></StatusReasons>")
	change(func(g *replication.Group) { g.StatusReason = "" })
	_, text := f.ask("DescribeReplicationGroupAccess", map[string][]string{"ReplicationGroupId": {"g"}})
	if strings.Contains(text, "<StatusReason>") || !strings.Contains(text, "<StatusReasons></StatusReasons>") || strings.Contains(text, "<Crowd>") {
		t.Errorf("nothing is wrong, and yet: %s", text)
	}
}
