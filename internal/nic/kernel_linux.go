package nic

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"go4.org/netipx"
	"golang.org/x/sys/unix"
)

// ifaProto is the attribute of an address that says who has added it (linux/if_addr.h, Linux 5.18).
const ifaProto = 11

// labelEnd marks addresses of IPv4 on kernels without ifaProto. A label begins with the interface's name, and has no more than 15 characters.
const labelEnd = ":aikagi"

// How an address is added; see doc.go.
const flags = unix.IFA_F_NODAD | unix.IFA_F_NOPREFIXROUTE

const forever = 0xffffffff

// Find returns the interface for addresses of a range: the named one, or the one that has the subnet.
func Find(within netipx.IPRange, name string) (Interface, error) {
	there, err := list()
	if err != nil {
		return Interface{}, err
	}
	home := homeOf(there, within.From(), within.To())
	if name == "" {
		if home == "" {
			return Interface{}, fmt.Errorf("no interface of this machine, or more than one, has a subnet with all of %s (%s): name one with --pool-interface", within, subnets(there))
		}
		return Interface{Name: home, Inside: true}, nil
	}
	if _, err := netlink.LinkByName(name); err != nil {
		return Interface{}, fmt.Errorf("--pool-interface %s: this machine has no such interface (%s)", name, subnets(there))
	}
	inside := false
	for _, p := range there {
		inside = inside || p.Interface == name && !p.Subnet.IsSingleIP() && p.Subnet.Contains(within.From()) && p.Subnet.Contains(within.To())
	}
	return Interface{Name: name, Inside: inside}, nil
}

func subnets(there []present) string {
	var words []string
	for _, p := range there {
		if !p.Subnet.IsSingleIP() && p.Address.IsGlobalUnicast() {
			words = append(words, p.Interface+" has "+p.Subnet.String())
		}
	}
	if len(words) == 0 {
		return "it has none that other machines could reach"
	}
	return strings.Join(words, ", ")
}

// isNetwork reports whether an address stands for a subnet of this machine, or for all machines of one.
func isNetwork(there []present, a netip.Addr) bool {
	for _, p := range there {
		if p.Subnet.Bits() < p.Address.BitLen()-1 && (a == p.Subnet.Masked().Addr() || a.Is4() && a == netipx.PrefixLastIP(p.Subnet)) {
			return true
		}
	}
	return false
}

// list returns the addresses of all interfaces.
func list() ([]present, error) {
	links, err := netlink.LinkList()
	if err != nil {
		return nil, fmt.Errorf("list network interfaces: %w", err)
	}
	names := make(map[uint32]string, len(links))
	for _, l := range links {
		names[uint32(l.Attrs().Index)] = l.Attrs().Name
	}
	request := nl.NewNetlinkRequest(unix.RTM_GETADDR, unix.NLM_F_DUMP)
	request.AddData(nl.NewIfAddrmsg(unix.AF_UNSPEC))
	messages, err := request.Execute(unix.NETLINK_ROUTE, unix.RTM_NEWADDR)
	if err != nil {
		return nil, fmt.Errorf("list addresses of network interfaces: %w", err)
	}
	var all []present
	for _, m := range messages {
		p, err := parse(m, names)
		if err != nil {
			return nil, fmt.Errorf("list addresses of network interfaces: %w", err)
		}
		all = append(all, p)
	}
	return all, nil
}

func parse(message []byte, names map[uint32]string) (p present, err error) {
	head := nl.DeserializeIfAddrmsg(message)
	attributes, err := nl.ParseRouteAttr(message[head.Len():])
	if err != nil {
		return p, err
	}
	p.Interface = names[head.Index]
	all, peer, proto := uint32(head.Flags), netip.Addr{}, byte(0)
	for _, a := range attributes {
		switch a.Attr.Type {
		case unix.IFA_LOCAL:
			p.Address, _ = netip.AddrFromSlice(a.Value)
		case unix.IFA_ADDRESS:
			peer, _ = netip.AddrFromSlice(a.Value)
		case unix.IFA_LABEL:
			p.Marked = p.Marked || strings.HasSuffix(strings.TrimRight(string(a.Value), "\x00"), labelEnd)
		case unix.IFA_FLAGS:
			all = binary.NativeEndian.Uint32(a.Value)
		case ifaProto:
			proto = a.Value[0]
		}
	}
	if !p.Address.IsValid() {
		p.Address = peer
	}
	alone := int(head.Prefixlen) == p.Address.BitLen()
	// The last is for kernels without ifaProto, on which only the record tells the rest.
	p.Marked = alone && (p.Marked || proto == Protocol || proto == 0 && all&flags == flags && all&unix.IFA_F_DEPRECATED != 0)
	p.Subnet = netip.PrefixFrom(p.Address, int(head.Prefixlen)).Masked()
	return p, nil
}

// request begins a request about an address of an interface.
func request(kind, more int, c change) (*nl.NetlinkRequest, error) {
	link, err := netlink.LinkByName(c.Interface)
	if err != nil {
		return nil, fmt.Errorf("interface %s: %w", c.Interface, err)
	}
	r := nl.NewNetlinkRequest(kind, unix.NLM_F_ACK|more)
	family := unix.AF_INET
	if c.Address.Is6() {
		family = unix.AF_INET6
	}
	head := nl.NewIfAddrmsg(family)
	head.Index, head.Prefixlen = uint32(link.Attrs().Index), uint8(c.Address.BitLen())
	r.AddData(head)
	r.AddData(nl.NewRtAttr(unix.IFA_LOCAL, c.Address.AsSlice()))
	r.AddData(nl.NewRtAttr(unix.IFA_ADDRESS, c.Address.AsSlice()))
	return r, nil
}

// add puts an address on an interface. One that it has already is no error.
func add(c change) error {
	r, err := request(unix.RTM_NEWADDR, unix.NLM_F_CREATE|unix.NLM_F_EXCL, c)
	if err != nil {
		return fmt.Errorf("add address %s: %w", c.Address, err)
	}
	r.AddData(nl.NewRtAttr(unix.IFA_FLAGS, binary.NativeEndian.AppendUint32(nil, flags)))
	lifetime := nl.IfaCacheInfo{IfaCacheinfo: unix.IfaCacheinfo{Valid: forever}}
	r.AddData(nl.NewRtAttr(unix.IFA_CACHEINFO, lifetime.Serialize()))
	if label := c.Interface + labelEnd; c.Address.Is4() && len(label) < unix.IFNAMSIZ {
		r.AddData(nl.NewRtAttr(unix.IFA_LABEL, nl.ZeroTerminated(label)))
	}
	r.AddData(nl.NewRtAttr(ifaProto, []byte{Protocol})) // a kernel that does not know it leaves it out
	if _, err := r.Execute(unix.NETLINK_ROUTE, 0); err != nil && !errors.Is(err, unix.EEXIST) {
		return fmt.Errorf("add address %s to %s: %w", c.Address, c.Interface, denied(err))
	}
	return nil
}

// remove takes an address off an interface. One that is not there is no error.
func remove(c change) error {
	r, err := request(unix.RTM_DELADDR, 0, c)
	if err == nil {
		_, err = r.Execute(unix.NETLINK_ROUTE, 0)
	}
	if err != nil && !errors.Is(err, unix.EADDRNOTAVAIL) {
		return fmt.Errorf("remove address %s from %s: %w", c.Address, c.Interface, denied(err))
	}
	return nil
}

func denied(err error) error {
	if errors.Is(err, unix.EPERM) {
		return ErrNoRights
	}
	return err
}

// hardware is the hardware address of an interface, and its number.
func hardware(name string) (net.HardwareAddr, int, error) {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return nil, 0, fmt.Errorf("interface %s: %w", name, err)
	}
	return link.Attrs().HardwareAddr, link.Attrs().Index, nil
}
