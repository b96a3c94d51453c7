package server

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/pki"
)

// onHost are settings of the plan host that are as they should be, but for the change.
func onHost(change func(*Options)) *Options {
	o := &Options{AddressPlan: cache.PlanHost, AddressRange: netip.MustParsePrefix(DefaultAddressRange)}
	change(o)
	return o
}

func addresses(texts ...string) func(*Options) {
	return func(o *Options) { o.HostAddresses, _ = ParseHostAddresses(texts) }
}

func TestPlanIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"all addresses":         {addresses("0.0.0.0"), "clients have to be told an address"},
		"all addresses of IPv6": {addresses("::"), "clients have to be told an address"},
		"another machine's":     {addresses("198.51.100.1"), "not an address of this machine"},
		"the second of them":    {addresses("127.0.0.1", "198.51.100.1"), "--host-address 198.51.100.1"},
		"link-local":            {addresses("fe80::1"), "link-local"},
		"the service's own":     {addresses("127.80.3.3"), "in " + DefaultAddressRange},
		"no name":               {func(o *Options) { o.Advertise = "a b" }, "--advertise"},
		"a name with a port":    {func(o *Options) { o.Advertise = "example.com:7000" }, "--advertise"},
		"no address":            {func(o *Options) { o.Advertise = "0.0.0.0" }, "--advertise"},
		"a name beside names":   {func(o *Options) { o.Advertise, o.DNSListen = "cache.example.com", "127.0.0.1:0" }, "serve without --dns-listen"},
	} {
		if err := onHost(test.change).validatePlan(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, fine := range []func(*Options){
		addresses("127.0.0.1"), addresses(),
		func(o *Options) { addresses("127.0.0.1")(o); o.AddressPlan = cache.PlanLoopback }, // caches can be moved to it
		func(o *Options) { o.Advertise = "cache.example.com" }, func(o *Options) { o.Advertise = "2001:db8::1" },
		func(o *Options) { o.Advertise, o.DNSListen = "192.0.2.7", "127.0.0.1:0" },
	} {
		if err := onHost(fine).validatePlan(); err != nil {
			t.Error(err)
		}
	}
}

func TestParsePlan(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]cache.AddressPlan{"loopback": cache.PlanLoopback, "host": cache.PlanHost, "pool": cache.PlanPool} {
		if got, err := ParseAddressPlan(text); err != nil || got != want {
			t.Errorf("%s is read as %q (%v)", text, got, err)
		}
	}
	if _, err := ParseAddressPlan("bridge"); err == nil {
		t.Error("a plan that there is not")
	}
	if got, err := ParseHostAddresses([]string{"10.0.0.7", "::ffff:10.0.0.7", "fd00::7"}); err != nil || len(got) != 2 {
		t.Errorf("addresses are read as %v (%v)", got, err)
	}
	if _, err := ParseHostAddresses([]string{"localhost"}); err == nil || !strings.Contains(err.Error(), "--advertise") {
		t.Errorf("a name is read: %v", err)
	}
}

func TestNetworkTypesOfPlans(t *testing.T) {
	t.Parallel()
	pool := func(texts ...string) func(*Options) {
		return func(o *Options) {
			o.AddressPlan = cache.PlanPool
			o.PoolRanges, _ = ParsePoolRanges(texts)
		}
	}
	for name, test := range map[string]struct {
		change func(*Options)
		want   []cache.NetworkType
	}{
		"loopback":              {func(o *Options) { addresses("fd00::7")(o); o.AddressPlan = cache.PlanLoopback }, []cache.NetworkType{cache.NetworkIPv4}},
		"host":                  {addresses("fd00::7"), []cache.NetworkType{cache.NetworkIPv6}},
		"host of both":          {addresses("fd00::7", "10.0.0.7"), []cache.NetworkType{cache.NetworkIPv4, cache.NetworkIPv6, cache.NetworkDualStack}},
		"called by one address": {func(o *Options) { addresses("fd00::7", "10.0.0.7")(o); o.Advertise = "192.0.2.7" }, []cache.NetworkType{cache.NetworkIPv4, cache.NetworkIPv6}},
		"called by a name":      {func(o *Options) { addresses("fd00::7", "10.0.0.7")(o); o.Advertise = "cache.internal" }, []cache.NetworkType{cache.NetworkIPv4, cache.NetworkIPv6, cache.NetworkDualStack}},
		"pool":                  {pool("10.0.0.64/26", "10.0.1.0/26"), []cache.NetworkType{cache.NetworkIPv4}},
		"pool of both":          {pool("10.0.0.64/26", "fd00::/120"), []cache.NetworkType{cache.NetworkIPv4, cache.NetworkIPv6, cache.NetworkDualStack}},
	} {
		if got := onHost(test.change).networkTypes(); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if _, err := ParsePoolRanges([]string{"10.0.0.64/26", "10.0.0.70-10.0.0.200"}); err == nil || !strings.Contains(err.Error(), "name each once") {
		t.Errorf("ranges that overlap: %v", err)
	}
}

// What clients call the machine has to be in certificates.
func TestCalled(t *testing.T) {
	t.Parallel()
	authority, err := pki.Open(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change    func(*Options)
		permitted bool
	}{
		"private address":                              {addresses("10.0.0.7", "fd00::7"), true},
		"public address":                               {addresses("10.0.0.7", "203.0.113.7"), false},
		"public address, and DNS":                      {func(o *Options) { addresses("203.0.113.7")(o); o.DNSListen = "127.0.0.1:5300" }, true},
		"public address, advertised as a private name": {func(o *Options) { addresses("203.0.113.7")(o); o.Advertise = "cache.internal" }, true},
		"public name":                                  {func(o *Options) { addresses("10.0.0.7")(o); o.Advertise = "cache.example.com" }, false},
		"loopback":                                     {func(o *Options) { o.AddressPlan, o.Advertise = cache.PlanLoopback, "cache.example.com" }, true},
	} {
		s := &Server{options: *onHost(test.change), authority: authority}
		err := s.checkCalled()
		if (err == nil) != test.permitted || err != nil && !strings.Contains(err.Error(), "--new-ca") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
