package replication

import (
	"net/netip"
	"testing"
	"time"
)

// A crowd is told of once when it comes and once when it has gone, and said with those who have most.
func TestNoteCrowd(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.November, 29, 0, 0, 0, 0, time.UTC)
	g := &Group{ID: "g", Shards: []Shard{{Nodes: []Node{{ID: "g-001"}}}}}
	from := []ClientCount{{netip.MustParseAddr("10.0.0.5"), 9900}, {netip.MustParseAddr("10.0.0.7"), 100}}
	for i, step := range []struct {
		crowd *Crowd
		told  string
	}{
		{nil, ""},
		{&Crowd{Connections: 10004, Limit: 10000, From: from}, "Client connections of node g-001 are full (10000 of 10000), most of them from 10.0.0.5 (9900); 10.0.0.7 (100): " +
			"new clients are refused until some of these close"},
		{&Crowd{Connections: 10000, Limit: 10000}, ""},
		{nil, "Node g-001 has connections for new clients again"},
		{nil, ""},
	} {
		events := g.NoteCrowd("g-001", step.crowd, at.Add(time.Duration(i)*time.Minute))
		if len(events) > 1 || (len(events) == 1) != (step.told != "") || len(events) == 1 && events[0].Message != step.told {
			t.Errorf("%d: told %+v, want %q", i, events, step.told)
		}
		if c := g.Node("g-001").Crowd; c != nil && !c.Since.Equal(at.Add(time.Minute)) {
			t.Errorf("%d: since %s", i, c.Since)
		}
	}
	if events := g.NoteCrowd("gone", nil, at); events != nil {
		t.Errorf("of no node: %+v", events)
	}
}
