package pki

import (
	"net/netip"
	"slices"
	"testing"
	"time"
)

// What is permitted can be issued, and what is not cannot.
func TestPermitted(t *testing.T) {
	authority, err := Open(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"localhost": true, "db.localhost": true, "cache.INTERNAL": true, "example.com": false, "notlocalhost": false, "a b.local": false,
	} {
		names, _ := authority.Permitted([]string{"localhost", name}, nil)
		if got := slices.Contains(names[1:], name); got != want {
			t.Errorf("%s is permitted: %t", name, got)
		}
		if _, err := authority.Issue([]string{name}, nil); (err == nil) != want {
			t.Errorf("issue for %s: %v", name, err)
		}
	}
	for text, want := range map[string]bool{
		"127.0.0.1": true, "10.1.2.3": true, "::1": true, "fe80::1": true, "::ffff:10.1.2.3": true, "192.0.2.2": false, "2001:db8::1": false,
	} {
		addr := netip.MustParseAddr(text)
		_, addrs := authority.Permitted(nil, []netip.Addr{addr})
		if got := len(addrs) == 1; got != want {
			t.Errorf("%s is permitted: %t", text, got)
		}
		if _, err := authority.Issue(nil, []netip.Addr{addr}); (err == nil) != want {
			t.Errorf("issue for %s: %v", text, err)
		}
	}
}

// A CA is made for what clients will call the machine, if that opens no public domain.
func TestPermittedByRequest(t *testing.T) {
	authority, err := Open(t.TempDir(), time.Now, "cache.example.com", "dev", "203.0.113.7", "2001:db8::7")
	if err != nil {
		t.Fatal(err)
	}
	names, _ := authority.Permitted([]string{"cache.example.com", "a.cache.example.com", "example.com", "dev", "a.dev", "localhost"}, nil)
	if !slices.Equal(names, []string{"cache.example.com", "a.cache.example.com", "localhost"}) {
		t.Errorf("names %v", names)
	}
	want := []netip.Addr{netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("2001:db8::7")}
	_, addrs := authority.Permitted(nil, append(want, netip.MustParseAddr("203.0.113.8"), netip.MustParseAddr("2001:db8::8")))
	if !slices.Equal(addrs, want) {
		t.Errorf("addresses %v", addrs)
	}
	if _, err := authority.Issue(names, addrs); err != nil {
		t.Error(err)
	}
}
