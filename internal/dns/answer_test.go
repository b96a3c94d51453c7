package dns_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	wire "github.com/miekg/dns"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// The addresses, in the order in which they are given out:
//
//	shop  (TLS)  primary .1  reader .2  nodes .3 .4 .5
//	plain        primary .6  reader .7  nodes .8 .9
//	alone                               node .10
//	ng                                  node .11
//	plain-ro     primary .12            node .13
func TestNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add(replication.Spec{ID: "shop", Replicas: 2, Transit: cache.TransitRequired})
	w.add(replication.Spec{ID: "plain", Replicas: 1})
	w.add(replication.Spec{ID: "alone", Standalone: true})
	w.add(replication.Spec{ID: "ng", Standalone: true, Transit: cache.TransitRequired})
	w.add(replication.Spec{ID: "plain-ro"})
	const noError, noName, refused = "NOERROR", "NXDOMAIN", "REFUSED"
	for _, test := range []struct{ name, want string }{
		{"master.shop.cache.internal", noError + "[127.80.0.1]"},
		{"MASTER.Shop.cAcHe.InterNal", noError + "[127.80.0.1]"},
		{"shop-001.shop.cache.internal", noError + "[127.80.0.3]"},
		{"shop-003.shop.cache.internal", noError + "[127.80.0.5]"},
		{"shop.cache.internal", noError + "[]"},
		{"shop-004.shop.cache.internal", noName + "[]"},
		{"plain-001.shop.cache.internal", noName + "[]"},
		{"shop.ng.0001.cache.internal", noError + "[127.80.0.1]"},
		{"shop-001.0001.cache.internal", noError + "[127.80.0.3]"},

		{"master.plain.cache.internal", noError + "[127.80.0.6]"},
		{"plain.ng.0001.cache.internal", noError + "[127.80.0.6]"},
		{"replica.plain.cache.internal", noError + "[127.80.0.9]"},
		{"plain-ro.ng.0001.cache.internal", noError + "[127.80.0.9]"},
		{"plain-001.0001.cache.internal", noError + "[127.80.0.8]"},
		{"plain-001.plain.cache.internal", noError + "[127.80.0.8]"},

		{"master.plain-ro.cache.internal", noError + "[127.80.0.12]"},
		{"replica.plain-ro.cache.internal", noError + "[127.80.0.12]"},
		{"plain-ro-ro.ng.0001.cache.internal", noError + "[127.80.0.12]"},

		{"alone.0001.cache.internal", noError + "[127.80.0.10]"},
		{"ng.0001.cache.internal", noError + "[127.80.0.11]"},
		{"master.alone.cache.internal", noName + "[]"},
		{"alone.ng.0001.cache.internal", noName + "[]"},
		{"alone.cache.internal", noName + "[]"},

		{"cache.internal", noError + "[]"},
		{"0001.cache.internal", noError + "[]"},
		{"ns.cache.internal", noError + "[127.0.0.1]"},
		{"master.nobody.cache.internal", noName + "[]"},
		{"a.b.c.d.cache.internal", noName + "[]"},
		{"master.shop.cache.internal.cache.internal", noName + "[]"},
		{`a\.b.cache.internal`, noName + "[]"},

		{"internal", refused + "[]"},
		{"example.com", refused + "[]"},
		{"notcache.internal", refused + "[]"},
		{`master.shop\.cache.internal`, refused + "[]"},
	} {
		for _, network := range []string{"udp", "tcp"} {
			reply := w.ask(network, query(test.name, wire.TypeA))
			if got := summary(reply); got != test.want {
				t.Errorf("%s over %s: %s, want %s", test.name, network, got, test.want)
			}
			checkForm(t, reply, test.name)
		}
	}
}

// Names of what other machines reach lead to where they reach it, all others to the group's own addresses.
func TestAdvertisedAddress(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, netip.MustParseAddr("192.0.2.7"))
	w.add(replication.Spec{ID: "near"})
	w.add(replication.Spec{ID: "far", Replicas: 1, Transit: cache.TransitRequired, AddressPlan: cache.PlanHost})
	for name, want := range map[string]string{
		"master.near": "NOERROR[127.80.0.1]", "near-001.near": "NOERROR[127.80.0.3]",
		"master.far": "NOERROR[192.0.2.7]", "replica.far": "NOERROR[192.0.2.7]", "far-002.far": "NOERROR[192.0.2.7]", "far-003.far": "NXDOMAIN[]",
	} {
		if got := summary(w.ask("udp", query(name+".cache.internal", wire.TypeA))); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := summary(w.ask("udp", query("master.far.cache.internal", wire.TypeAAAA))); got != "NOERROR[]" {
		t.Errorf("the IPv6 address: %s", got)
	}
}

// checkForm checks what holds for every answer.
func checkForm(t *testing.T, reply *wire.Msg, name string) {
	t.Helper()
	if reply.Question[0].Name != name+"." {
		t.Errorf("%s: the answer's question is %s", name, reply.Question[0].Name)
	}
	ours := reply.Rcode != wire.RcodeRefused
	negative := ours && len(reply.Answer) == 0
	if reply.Authoritative != ours || reply.RecursionAvailable || (len(reply.Ns) == 1) != negative {
		t.Errorf("%s: %v", name, reply)
	}
	for _, record := range slices.Concat(reply.Answer, reply.Ns) {
		if record.Header().Ttl != 5 {
			t.Errorf("%s: %v", name, record)
		}
	}
	if !negative {
		return
	}
	soa, ok := reply.Ns[0].(*wire.SOA)
	if !ok || soa.Hdr.Name != "cache.internal." || soa.Minttl != 5 {
		t.Errorf("%s: no SOA: %v", name, reply.Ns)
	}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add(replication.Spec{ID: "shop", Replicas: 1})
	for _, test := range []struct {
		name  string
		rtype uint16
		code  int
		want  []string // the records without their headers
	}{
		{"master.shop.cache.internal", wire.TypeAAAA, wire.RcodeSuccess, nil},
		{"master.shop.cache.internal", wire.TypeTXT, wire.RcodeSuccess, nil},
		{"master.shop.cache.internal", wire.TypeANY, wire.RcodeSuccess, []string{"127.80.0.1"}},
		{"master.nobody.cache.internal", wire.TypeAAAA, wire.RcodeNameError, nil},
		{"cache.internal", wire.TypeSOA, wire.RcodeSuccess, []string{"ns.cache.internal. hostmaster.cache.internal. 1 5 5 5 5"}},
		{"Cache.Internal", wire.TypeNS, wire.RcodeSuccess, []string{"ns.cache.internal."}},
		{"cache.internal", wire.TypeANY, wire.RcodeSuccess, []string{"ns.cache.internal. hostmaster.cache.internal. 1 5 5 5 5", "ns.cache.internal."}},
		{"cache.internal", wire.TypeAXFR, wire.RcodeRefused, nil},
		{"cache.internal", wire.TypeIXFR, wire.RcodeRefused, nil},
	} {
		reply := w.ask("udp", query(test.name, test.rtype))
		var got []string
		for _, record := range reply.Answer {
			got = append(got, record.String()[len(record.Header().String()):])
		}
		if diff := cmp.Diff(test.want, got); diff != "" || reply.Rcode != test.code {
			t.Errorf("%s %s: %v", test.name, wire.TypeToString[test.rtype], reply)
		}
	}
	chaos := query("master.shop.cache.internal", wire.TypeA)
	chaos.Question[0].Qclass = wire.ClassCHAOS
	if reply := w.ask("udp", chaos); reply.Rcode != wire.RcodeRefused {
		t.Errorf("class CH: %v", reply)
	}
	notify := new(wire.Msg).SetNotify("cache.internal.")
	if reply := w.ask("udp", notify); reply.Rcode != wire.RcodeNotImplemented {
		t.Errorf("NOTIFY: %v", reply)
	}
}

// A reader endpoint follows the store at once: roles, and who is available.
func TestReaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.add(replication.Spec{ID: "g", Replicas: 2}) // primary .1, reader .2, nodes .3 .4 .5
	expect := func(when string, want ...string) {
		t.Helper()
		got := addresses(w.ask("udp", query("replica.g.cache.internal", wire.TypeA)))
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	expect("all available", "127.80.0.4", "127.80.0.5")
	g.NoteBehind("g-003", replication.Lateness{}, time.Now())
	w.put(g)
	expect("one is behind", "127.80.0.4")
	g.NoteCaughtUp("g-003", time.Now())
	g.Shards[0].Nodes[1].Status = cache.StatusRebooting
	w.put(g)
	expect("one is rebooting", "127.80.0.5")
	g.Shards[0].Nodes[2].Status = cache.StatusCreating
	w.put(g)
	expect("none is available", "127.80.0.1")
	g.Shards[0].PrimaryID, g.Shards[0].Nodes[1].Status = "g-002", cache.StatusAvailable
	w.put(g)
	expect("after a failover", "127.80.0.3")
}

// Queries begin with each replica in turn, also when those for another group, or for
// AAAA records, come in between.
func TestReadersTakeTurns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add(replication.Spec{ID: "a", Replicas: 3})
	w.add(replication.Spec{ID: "b", Replicas: 1})
	first := map[string]int{}
	for range 30 {
		got := addresses(w.ask("udp", query("replica.a.cache.internal", wire.TypeA)))
		if len(got) != 3 {
			t.Fatal(got)
		}
		first[got[0]]++
		w.ask("udp", query("replica.a.cache.internal", wire.TypeAAAA))
		w.ask("udp", query("replica.b.cache.internal", wire.TypeA))
	}
	if diff := cmp.Diff(map[string]int{"127.80.0.4": 10, "127.80.0.5": 10, "127.80.0.6": 10}, first); diff != "" {
		t.Error(diff)
	}
}

// While a group is moved its names lead to both places, to the old one first; before and after it to those that are shown.
func TestNamesOfAMovedGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.add(replication.Spec{ID: "g", Replicas: 1, Transit: cache.TransitRequired}) // primary .1, reader .2, nodes .3 .4
	g.Status = cache.StatusAvailable
	expect := func(when string, want map[string][]string) {
		t.Helper()
		w.put(g)
		got := map[string][]string{}
		for name := range want {
			got[name] = addresses(w.ask("udp", query(name+".g.cache.internal", wire.TypeA)))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	if _, err := g.BeginMove(replication.MoveRequest{To: cache.PlanHost}, time.Now()); err != nil {
		t.Fatal(err)
	}
	for i, p := range g.Unaddressed() {
		g.Address(p, netip.AddrPortFrom(netip.MustParseAddr("10.0.0.7"), uint16(7000+i)))
	}
	expect("opening", map[string][]string{"master": {"127.80.0.1"}, "replica": {"127.80.0.2"}, "g-002": {"127.80.0.4"}})
	g.Settle(time.Now(), nil)
	expect("open", map[string][]string{"master": {"127.80.0.1", "10.0.0.7"}, "replica": {"127.80.0.2", "10.0.0.7"}, "g-002": {"127.80.0.4", "10.0.0.7"}})
	if _, err := g.FinishMove(replication.End{Force: true}, time.Now()); err != nil {
		t.Fatal(err)
	}
	expect("closing", map[string][]string{"master": {"10.0.0.7"}, "replica": {"10.0.0.7"}, "g-002": {"10.0.0.7"}})
	g.Settle(time.Now(), nil)
	expect("moved", map[string][]string{"master": {"10.0.0.7"}, "replica": {"10.0.0.7"}, "g-002": {"10.0.0.7"}})
}
