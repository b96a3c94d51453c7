package history

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine"
)

func TestLag(t *testing.T) {
	t.Parallel()
	here := netip.MustParseAddrPort("127.7.0.3:6379")
	replica := func(change func(*engine.Counters)) *engine.Counters {
		c := &engine.Counters{Info: engine.Info{Role: engine.RoleReplica, LinkUp: true, Synced: true, Offset: 900}}
		if change != nil {
			change(c)
		}
		return c
	}
	primary := func(offset int64, replicas ...engine.ReplicaLag) *engine.Counters {
		return &engine.Counters{Info: engine.Info{Role: engine.RolePrimary, Offset: offset, Replicas: replicas}}
	}
	other := netip.MustParseAddrPort("127.7.0.4:6379")
	for name, c := range map[string]struct {
		replica, primary *engine.Counters
		seconds, bytes   int64
	}{
		"in step":                 {replica(nil), primary(900, engine.ReplicaLag{Address: other, Seconds: 9}, engine.ReplicaLag{Address: here, Seconds: 1}), 1, 0},
		"behind":                  {replica(nil), primary(1000, engine.ReplicaLag{Address: here}), 0, 100},
		"asked after the primary": {replica(nil), primary(850, engine.ReplicaLag{Address: here}), 0, 0},
		"not in its list":         {replica(nil), primary(900), unknown, 0},
		"the primary is silent":   {replica(nil), nil, unknown, unknown},
		"the link is down":        {replica(func(c *engine.Counters) { c.LinkUp, c.LinkDown = false, 7 }), primary(1000), 7, 100},
		"both":                    {replica(func(c *engine.Counters) { c.LinkUp, c.LinkDown = false, 7 }), nil, 7, unknown},
		"never had data":          {replica(func(c *engine.Counters) { c.LinkUp, c.Synced = false, false }), primary(1000), unknown, unknown},
		"a primary":               {primary(900), primary(900), unknown, unknown},
		"between two failovers":   {replica(nil), replica(nil), unknown, unknown},
	} {
		if seconds, bytes := lagOf(c.replica, here, c.primary); seconds != c.seconds || bytes != c.bytes {
			t.Errorf("%s: %d s and %d bytes, want %d and %d", name, seconds, bytes, c.seconds, c.bytes)
		}
	}
}

func TestChooseCredentials(t *testing.T) {
	t.Parallel()
	held := token.Generate().Digest()
	set, err := token.OpenSet(time.Now()).Rotate(held, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	known := []engine.CredentialCounters{
		{Credential: "a-unused", Authentications: 900}, {Credential: "b-one", Connections: 1}, {Credential: "c-nine", Connections: 9},
		{Credential: "d-nine", Connections: 9}, {Credential: "e-old-module", Connections: unknown},
		{Credential: held.Fingerprint()}, {Credential: token.None, Connections: 2},
	}
	before := slices.Clone(known)
	var names []string
	for _, c := range chooseCredentials(known, set) {
		names = append(names, c.Credential)
	}
	if diff := cmp.Diff([]string{token.None, held.Fingerprint(), "c-nine", "d-nine"}, names); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, known); diff != "" {
		t.Errorf("the answer was changed: %s", diff)
	}
}
