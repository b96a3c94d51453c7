package nic

import (
	"net/netip"
	"reflect"
	"testing"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	at := netip.MustParseAddr
	ours, theirs, moved, old, new4, homeless := at("10.0.0.64"), at("10.0.0.65"), at("10.0.0.66"), at("10.0.0.67"), at("10.0.0.68"), at("10.9.0.1")
	marked := at("10.0.0.69") // of another data directory
	there := []present{
		{Address: ours, Interface: "eth0", Marked: true}, {Address: theirs, Interface: "eth0"}, {Address: moved, Interface: "eth1", Marked: true},
		{Address: old, Interface: "eth0", Marked: true}, {Address: marked, Interface: "eth0", Marked: true}, {Address: at("10.0.0.1"), Interface: "eth0"},
	}
	wanted := map[netip.Addr]string{ours: "eth0", theirs: "eth0", moved: "eth0", new4: "eth0", homeless: ""}
	got := decide(wanted, there, map[netip.Addr]bool{ours: true, theirs: true, moved: true, old: true})
	want := decision{
		Remove: []change{{moved, "eth1"}, {old, "eth0"}}, Add: []change{{moved, "eth0"}, {new4, "eth0"}},
		Foreign: []change{{theirs, "eth0"}}, Keep: []netip.Addr{ours}, Homeless: []netip.Addr{homeless},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestHomeOf(t *testing.T) {
	t.Parallel()
	subnet := func(name, prefix string) present {
		p := netip.MustParsePrefix(prefix)
		return present{Address: p.Addr(), Interface: name, Subnet: p.Masked()}
	}
	there := []present{subnet("eth0", "10.0.0.1/24"), subnet("eth0", "10.0.0.2/24"), subnet("eth1", "10.1.0.1/24"), subnet("eth2", "10.1.0.9/24"), subnet("eth3", "10.3.0.1/32")}
	for text, want := range map[string]string{"10.0.0.64": "eth0", "10.1.0.64": "", "10.3.0.1": "", "fd00::1": ""} {
		if got := homeOf(there, netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is at home at %q", text, got)
		}
	}
	if got := homeOf(there, netip.MustParseAddr("10.0.0.64"), netip.MustParseAddr("10.0.1.9")); got != "" {
		t.Errorf("a range that is in part elsewhere is at home at %q", got)
	}
}
