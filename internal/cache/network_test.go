package cache

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

func TestNetworkTypes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]NetworkType{"10.0.0.7": NetworkIPv4, "::ffff:10.0.0.7": NetworkIPv4, "::1": NetworkIPv6, "fd00::7": NetworkIPv6} {
		if got := NetworkTypeOf(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is of %s", text, got)
		}
	}
	both := NetworkTypesOf(netip.MustParseAddr("fd00::7"), netip.MustParseAddr("10.0.0.7"), netip.MustParseAddr("fd00::8"))
	if !slices.Equal(both, []NetworkType{NetworkIPv4, NetworkIPv6, NetworkDualStack}) {
		t.Errorf("network types are %v", both)
	}
}

func TestNetworkTypeIsRefused(t *testing.T) {
	t.Parallel()
	parse := func(text string) error { _, err := ParseNetworkType(text); return err }
	old, recent := EngineVersion{EngineRedis, "5.0.6"}, EngineVersion{EngineRedis, "6.2"}
	for name, test := range map[string]struct {
		err  error
		kind Kind // empty: it is not refused
		want string
	}{
		"ipv6":                       {parse("ipv6"), "", ""},
		"both":                       {parse("dual_stack"), "", ""},
		"none":                       {parse("IPv4"), KindInvalid, "must be one of"},
		"no discovery":               {NetworkIPv6.CheckDiscovery(""), "", ""},
		"discovery of its own":       {NetworkIPv6.CheckDiscovery("ipv6"), "", ""},
		"discovery of the other":     {NetworkIPv6.CheckDiscovery("ipv4"), KindCombination, "IpDiscovery ipv4"},
		"discovery of both":          {NetworkDualStack.CheckDiscovery("ipv6"), "", ""},
		"both, of a version without": {old.CheckNetworkType(NetworkDualStack), KindCombination, "NetworkType dual_stack"},
		"discovery of none":          {NetworkIPv4.CheckDiscovery("dual_stack"), KindInvalid, "IpDiscovery must be one of"},
		"a version without":          {old.CheckNetworkType(NetworkIPv6), KindCombination, "Redis 5.0.6"},
		"a version without, of old":  {old.CheckNetworkType(NetworkIPv4), "", ""},
		"a version with":             {recent.CheckNetworkType(NetworkIPv6), "", ""},
		"valkey":                     {EngineVersion{EngineValkey, "7.2"}.CheckNetworkType(NetworkIPv6), "", ""},
	} {
		switch {
		case test.kind == "" && test.err != nil:
			t.Errorf("%s: %v", name, test.err)
		case test.kind != "" && (!IsKind(test.err, test.kind) || !strings.Contains(test.err.Error(), test.want)):
			t.Errorf("%s: %v, want %s of %s", name, test.err, test.want, test.kind)
		}
	}
}
