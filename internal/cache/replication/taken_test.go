package replication

import (
	"net/netip"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// An address that is taken is told of once, and once when it is free.
func TestTakenAddressIsToldOfOnce(t *testing.T) {
	t.Parallel()
	g := &Group{ID: "g", Port: 6379, Status: cache.StatusAvailable, Shards: []Shard{{
		PrimaryEndpoint: netip.MustParseAddrPort("127.80.0.1:6379"), ReaderEndpoint: netip.MustParseAddrPort("127.80.0.2:6379"),
		Nodes: []Node{{ID: "g-001", Address: netip.MustParseAddrPort("127.80.0.3:6379"), Status: cache.StatusAvailable}},
	}}}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	by := cache.Say(cache.FactTakenByProcess, "pid", "4711", "program", "nc")
	taken := func(addresses ...string) (all []TakenAddress) {
		for _, a := range addresses {
			all = append(all, TakenAddress{Address: netip.MustParseAddrPort(a + ":6379"), By: by, Since: now})
		}
		return all
	}
	const after = " is taken by process 4711 (nc): clients cannot reach the cache there; once that program ends, everything continues by itself"
	for i, step := range []struct {
		taken []TakenAddress
		want  []string
	}{
		{nil, nil},
		{taken("127.80.0.3"), []string{"Address 127.80.0.3:6379 of node g-001" + after}},
		{taken("127.80.0.3"), nil},
		{taken("127.80.0.1", "127.80.0.3"), []string{"Address 127.80.0.1:6379 of the primary endpoint" + after}},
		{taken("127.80.0.2"), []string{
			"Address 127.80.0.1:6379 of the primary endpoint is free again", "Address 127.80.0.3:6379 of node g-001 is free again",
			"Address 127.80.0.2:6379 of the reader endpoint" + after,
		}},
		{nil, []string{"Address 127.80.0.2:6379 of the reader endpoint is free again"}},
	} {
		events := g.NoteTaken(step.taken, now)
		if len(events) != len(step.want) {
			t.Fatalf("%d: %+v, want %q", i, events, step.want)
		}
		for _, want := range step.want {
			found := false
			for _, e := range events {
				found = found || e.Message == want
			}
			if !found {
				t.Errorf("%d: no event says %q: %+v", i, want, events)
			}
		}
		if g.Settled() == (len(step.taken) > 0) {
			t.Errorf("%d: settled: %t", i, g.Settled())
		}
	}
}
