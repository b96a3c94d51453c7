package doctor

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// Pool is of what nodes and endpoints get with the address plan pool: addresses of a range that the service adds to an interface.
type Pool struct {
	Range, Interface string
	Inside           bool                  // a subnet of the interface has the range
	Users            map[netip.Addr]string // who uses addresses of the range already, as far as was looked
	Trouble          error                 // why the plan cannot be served; nil: it can
}

const usersShown = 5

func checkPool(p Pool) []Finding {
	const name = "address plan"
	if p.Trouble != nil {
		return bad(name, Fail, "see docs/network.md, pool", "pool: %v", p.Trouble)
	}
	findings := ok(name, "pool: new caches are reached at addresses in %s, which are added to %s", p.Range, p.Interface)
	if !p.Inside {
		findings = append(findings, bad(name, Warn, "have the router send the range here, or choose one of the interface's subnet",
			"no subnet of %s has all of %s: other machines reach caches only if a router knows the way", p.Interface, p.Range)...)
	}
	if len(p.Users) > 0 {
		var words []string
		for _, a := range slices.SortedFunc(maps.Keys(p.Users), netip.Addr.Compare) {
			if len(words) == usersShown {
				words = append(words, fmt.Sprintf("and %d more", len(p.Users)-usersShown))
				break
			}
			words = append(words, fmt.Sprintf("%s (%s)", a, p.Users[a]))
		}
		findings = append(findings, bad(name, Warn, "reserve the range for aikagi, also in DHCP servers; those addresses are left out",
			"addresses of %s are in use already: %s", p.Range, strings.Join(words, ", "))...)
	}
	return findings
}
