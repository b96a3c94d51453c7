package usage

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache/token"
)

func TestMergeUsage(t *testing.T) {
	t.Parallel()
	client := func(node string, connections int, seen time.Time) Client {
		return Client{Address: "10.0.0.7", Name: "worker-1", Nodes: []string{node}, Connections: connections, FirstSeen: noon, LastSeen: seen}
	}
	later := noon.Add(time.Minute)
	first := []Record{
		{Credential: "b", Connections: 1, Authentications: 2, FirstUsed: later, LastUsed: later, Clients: []Client{client("g-002", 1, noon)}},
		{Credential: "a", Refused: 3, FirstRefused: noon, LastRefused: noon},
	}
	second := []Record{
		{Credential: token.None, Connections: 9},
		{Credential: "b", Connections: 4, Authentications: 5, LastMinute: 1, FirstUsed: noon, LastUsed: noon, Clients: []Client{client("g-001", 4, later)}},
	}
	want := []Record{
		{Credential: token.None, Connections: 9},
		{Credential: "a", Refused: 3, FirstRefused: noon, LastRefused: noon},
		{Credential: "b", Connections: 5, Authentications: 7, LastMinute: 1, FirstUsed: noon, LastUsed: later, Clients: []Client{
			{Address: "10.0.0.7", Name: "worker-1", Nodes: []string{"g-001", "g-002"}, Connections: 5, FirstSeen: noon, LastSeen: later},
		}},
	}
	if diff := cmp.Diff(want, Merge(first, second)); diff != "" {
		t.Error(diff)
	}
	if first[0].Clients[0].Nodes[0] != "g-002" || len(first[0].Clients[0].Nodes) != 1 {
		t.Error("merging changed what was merged")
	}
}

// Nothing is lost by summing up: connections of listed and other clients add up, in
// whatever order nodes come.
func TestMergeUsageKeepsSums(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var nodes [][]Record
		connections, closed := 0, int64(0)
		for n := range rapid.IntRange(1, 6).Draw(t, "nodes") {
			u := Record{Credential: "a"}
			for range rapid.IntRange(0, 60).Draw(t, "clients") {
				c := Client{
					Address: fmt.Sprintf("10.0.0.%d", rapid.IntRange(0, 90).Draw(t, "address")), Nodes: []string{fmt.Sprint(n)},
					Connections: rapid.IntRange(0, 3).Draw(t, "connections"), Closed: 1,
				}
				connections, closed = connections+c.Connections, closed+c.Closed
				u.Connections += c.Connections
				u.Clients = append(u.Clients, c)
			}
			nodes = append(nodes, []Record{u})
		}
		merged := Merge(nodes...)
		sum := merged[0].OtherClients
		for _, c := range merged[0].Clients {
			sum.add(c)
		}
		if sum.Connections != connections || merged[0].Connections != connections || sum.Closed != closed || len(merged[0].Clients) > ClientsKept {
			t.Fatalf("%d and %d connections of %d, %d closed of %d, %d clients", sum.Connections, merged[0].Connections, connections, sum.Closed, closed, len(merged[0].Clients))
		}
		shuffled := rapid.Permutation(nodes).Draw(t, "order")
		if again := Merge(shuffled...); cmp.Diff(merged, again) != "" {
			t.Fatal(cmp.Diff(merged, again))
		}
	})
}

func TestClientName(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]Client{
		"worker-3 (10.0.0.7, redis-py 5.0.1)": {Address: "10.0.0.7", Name: "worker-3", Library: "redis-py", LibraryVersion: "5.0.1"},
		"10.0.0.7":                            {Address: "10.0.0.7"},
		"10.0.0.7, ioredis":                   {Address: "10.0.0.7", Library: "ioredis"},
		"?[31m (10.0.0.7)":                    {Address: "10.0.0.7", Name: "\x1b[31m"},
		strings.Repeat("x", 64) + "… (::1)":   {Address: "::1", Name: strings.Repeat("x", 5000)},
	} {
		if got := c.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
