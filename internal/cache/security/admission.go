package security

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
)

// Admission is who may connect to a cache. The zero value is everybody.
type Admission struct {
	Ruled    bool           // else everybody may
	Networks []netip.Prefix // of whom may, where it is ruled; in order, none in another
	LeftOut  int            // networks that may not, although rules let them: there are more than [NetworksMax]
	Unknown  []string       // ids that there are no rules for, because of which everybody may
}

// Admit decides who may connect to a cache that has this port and these security groups, of which some are known. Others
// than those may be among the known.
func Admit(port int, ids []string, known []*Group) Admission {
	if unknown := Unknown(ids, known); len(ids) == 0 || len(unknown) > 0 {
		return Admission{Unknown: unknown}
	}
	a := Admission{Ruled: true}
	for _, g := range Known(ids, known) {
		for _, r := range g.Rules {
			if r.Covers(port) {
				a.Networks = append(a.Networks, r.Source)
			}
		}
	}
	a.Networks = simplify(a.Networks)
	if most := min(len(a.Networks), NetworksMax); most < len(a.Networks) { // the widest come first
		a.Networks, a.LeftOut = a.Networks[:most], len(a.Networks)-most
	}
	return a
}

// CheckKnown refuses ids that there are no rules for. The error is of [cache.KindInvalid].
func (a Admission) CheckKnown() error {
	if len(a.Unknown) == 0 {
		return nil
	}
	return cache.Errorf(cache.KindInvalid, "Nothing is known here of security groups: %s. Say whom they let in first (aikagi security-group create), "+
		"or serve without --security-groups strict.", quote(a.Unknown))
}

// simplify puts networks in order, the widest first, and leaves out what is part of another.
func simplify(all []netip.Prefix) []netip.Prefix {
	slices.SortFunc(all, func(a, b netip.Prefix) int {
		return cmp.Or(cmp.Compare(a.Bits(), b.Bits()), a.Addr().Compare(b.Addr()))
	})
	there, kept := map[netip.Prefix]bool{}, []netip.Prefix(nil)
	for _, n := range all {
		if !within(n, there) {
			there[n], kept = true, append(kept, n)
		}
	}
	return kept
}

// within reports whether a network is one of some, or part of one.
func within(n netip.Prefix, some map[netip.Prefix]bool) bool {
	for bits := n.Bits(); bits >= 0; bits-- {
		if some[netip.PrefixFrom(n.Addr(), bits).Masked()] {
			return true
		}
	}
	return false
}

// Name is the same for two admissions when they let the same networks in. It is empty when everybody may come.
func (a Admission) Name() string {
	if !a.Ruled {
		return ""
	}
	hash := sha256.New()
	for _, n := range a.Networks {
		fmt.Fprintln(hash, n)
	}
	return "networks-" + hex.EncodeToString(hash.Sum(nil)[:8])
}
