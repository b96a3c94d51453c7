package address

import (
	"net/netip"
	"strings"
	"testing"
)

func TestCandidatesAreOfThisMachine(t *testing.T) {
	t.Parallel()
	all, err := Candidates()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if !IsLocal(c.Address) || c.Address.IsLoopback() || c.Address.IsLinkLocalUnicast() || c.Interface == "" {
			t.Errorf("a candidate is %+v", c)
		}
	}
	if at, _, err := Uplink(); err == nil && !IsLocal(at) {
		t.Errorf("the uplink is %s", at)
	}
	if IsLocal(netip.MustParseAddr("198.51.100.1")) {
		t.Error("an address of no machine is of this one")
	}
}

func TestUplinkWithoutDefaultRoute(t *testing.T) {
	t.Parallel()
	a, b := Candidate{netip.MustParseAddr("10.0.0.1"), "eth0"}, Candidate{netip.MustParseAddr("fd00::1"), "eth1"}
	if at, err := only([]Candidate{a}); err != nil || at != a.Address {
		t.Errorf("of one it is %s (%v)", at, err)
	}
	for _, several := range [][]Candidate{nil, {a, b}} {
		at, err := only(several)
		if err == nil || at.IsValid() {
			t.Fatalf("of %v it is %s", several, at)
		}
		for _, c := range several {
			if !strings.Contains(err.Error(), c.Address.String()+" ("+c.Interface+")") {
				t.Errorf("%q does not name %v", err, c)
			}
		}
	}
}
