package engine

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/engine/gate"
)

// Nobody comes to a node's link but the service, whoever may come to its other addresses.
func TestLinksLetTheServiceInAlone(t *testing.T) {
	t.Parallel()
	link, at := netip.MustParseAddrPort("127.80.0.1:6379"), netip.MustParseAddrPort("10.9.0.7:7000")
	doors := Doors{Addresses: []netip.AddrPort{at, link}, Links: []netip.AddrPort{link}, Network: netip.MustParsePrefix("127.80.0.0/16"), Mode: gate.ModeRequired}
	text, err := doors.order().Render()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"allow links 127.80.0.0/16\n", "listen 10.9.0.7 7000 required -\n", "listen 127.80.0.1 6379 required links\n", "service 127.80.0.0/16\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the order:\n%s", want, text)
		}
	}
	if rules := doors.RulesAt(at); rules != "" {
		t.Errorf("clients come by the rules %q", rules)
	}
}
