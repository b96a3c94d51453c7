package nic

import (
	"maps"
	"net/netip"
	"slices"
)

// present is an address that an interface has.
type present struct {
	Address   netip.Addr
	Interface string
	Marked    bool // as [doc.go] says
	Subnet    netip.Prefix
}

// change is an address to add to an interface, or to remove from it.
type change struct {
	Address   netip.Addr
	Interface string
}

// decision is what is to be done.
type decision struct {
	Remove, Add []change     // in this order
	Foreign     []change     // wanted, and there already without being ours: they stay as they are
	Keep        []netip.Addr // wanted, ours and in their place
	Homeless    []netip.Addr // wanted, and there is no interface for them
}

// decide compares. wanted says for each address which interface it is to be at, empty if there is none; recorded are those that
// this keeper has added.
func decide(wanted map[netip.Addr]string, there []present, recorded map[netip.Addr]bool) (d decision) {
	settled := map[netip.Addr]bool{}
	for _, p := range there {
		at, is := wanted[p.Address]
		ours := p.Marked && recorded[p.Address]
		switch {
		case ours && (!is || at != "" && at != p.Interface):
			d.Remove = append(d.Remove, change{p.Address, p.Interface})
		case is && ours:
			d.Keep = append(d.Keep, p.Address)
			settled[p.Address] = true
		case is:
			d.Foreign = append(d.Foreign, change{p.Address, p.Interface})
			settled[p.Address] = true
		}
	}
	for _, a := range slices.SortedFunc(maps.Keys(wanted), netip.Addr.Compare) {
		switch {
		case settled[a]:
		case wanted[a] == "":
			d.Homeless = append(d.Homeless, a)
		default:
			d.Add = append(d.Add, change{a, wanted[a]})
		}
	}
	return d
}

// homeOf is the interface that has a subnet with an address; empty if none has one, or several have.
func homeOf(there []present, addresses ...netip.Addr) string {
	home := ""
	for _, p := range there {
		if p.Subnet.IsSingleIP() || slices.ContainsFunc(addresses, func(a netip.Addr) bool { return !p.Subnet.Contains(a) }) {
			continue
		}
		if home != "" && home != p.Interface {
			return ""
		}
		home = p.Interface
	}
	return home
}
