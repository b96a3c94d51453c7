package nic

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	answerTime  = 300 * time.Millisecond // that machines of the network have to answer
	answerEvery = 20 * time.Millisecond  // between looks whether all have
)

// Of an entry of the kernel's table of neighbours: somebody has answered.
const answered = netlink.NUD_REACHABLE | netlink.NUD_STALE | netlink.NUD_DELAY | netlink.NUD_PROBE

// neighbours asks the network, by ARP or neighbour discovery, who has addresses, and returns the hardware addresses of those that
// answer. The kernel does the asking: its entry is dropped, so that only what is answered now counts, and then used.
func neighbours(ctx context.Context, asked []change) map[netip.Addr]string {
	found := map[netip.Addr]string{}
	asked = slices.DeleteFunc(slices.Clone(asked), func(c change) bool { return !ask(c) })
	if len(asked) == 0 {
		return found
	}
	tick := time.NewTicker(answerEvery)
	defer tick.Stop()
	for until := time.Now().Add(answerTime); len(found) < len(asked) && time.Now().Before(until); {
		select {
		case <-ctx.Done():
			return found
		case <-tick.C:
		}
		all, err := netlink.NeighList(0, unix.AF_UNSPEC)
		if err != nil {
			continue
		}
		for _, n := range all {
			at, _ := netip.AddrFromSlice(n.IP)
			at = at.Unmap()
			isAsked := slices.ContainsFunc(asked, func(c change) bool { return c.Address == at })
			if isAsked && n.State&answered != 0 && len(n.HardwareAddr) > 0 {
				found[at] = n.HardwareAddr.String()
			}
		}
	}
	for _, c := range asked {
		if found[c.Address] == "" {
			drop(c)
		}
	}
	return found
}

// ask has the kernel ask for one address. It reports whether it does.
func ask(c change) bool {
	drop(c)
	entry, err := entryOf(c)
	if err != nil {
		return false
	}
	entry.Flags = netlink.NTF_USE
	return netlink.NeighSet(entry) == nil
}

func drop(c change) {
	if entry, err := entryOf(c); err == nil {
		_ = netlink.NeighDel(entry) // it may not be there
	}
}

func entryOf(c change) (*netlink.Neigh, error) {
	_, index, err := hardware(c.Interface)
	if err != nil {
		return nil, err
	}
	family := unix.AF_INET
	if c.Address.Is6() {
		family = unix.AF_INET6
	}
	return &netlink.Neigh{LinkIndex: index, Family: family, IP: c.Address.AsSlice()}, nil
}
