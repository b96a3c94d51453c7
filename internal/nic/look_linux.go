package nic

import (
	"context"
	"net/netip"

	"go4.org/netipx"
)

// looked is how many addresses of a range are looked at by [Look].
const looked = 256

// Look says who uses the first addresses of a range, this machine's caches included if they are not marked. It changes nothing.
func Look(ctx context.Context, within netipx.IPRange, name string) (map[netip.Addr]string, error) {
	there, err := list()
	if err != nil {
		return nil, err
	}
	users, here := map[netip.Addr]string{}, map[netip.Addr]bool{}
	for _, p := range there {
		here[p.Address] = true
		if within.Contains(p.Address) && !p.Marked {
			users[p.Address] = "this machine"
		}
	}
	var asked []change
	for a := within.From(); len(asked) < looked && within.Contains(a); a = a.Next() {
		if !here[a] {
			asked = append(asked, change{a, name})
		}
	}
	for a, by := range neighbours(ctx, asked) {
		users[a] = by
	}
	return users, nil
}
