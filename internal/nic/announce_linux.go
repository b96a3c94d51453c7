package nic

import (
	"encoding/binary"
	"fmt"
	"net"

	"golang.org/x/sys/unix"
)

// announce tells the machines of the network which hardware address an address has now. It takes CAP_NET_RAW.
func announce(c change) error {
	mac, index, err := hardware(c.Interface)
	switch {
	case err != nil:
		return err
	case len(mac) != 6: // no Ethernet, so nobody has anything to learn
		return nil
	case c.Address.Is4():
		return send(unix.AF_PACKET, unix.SOCK_DGRAM, int(bigEndian(unix.ETH_P_ARP)), nil, gratuitousARP(c, mac),
			&unix.SockaddrLinklayer{Protocol: bigEndian(unix.ETH_P_ARP), Ifindex: index, Halen: 6, Addr: [8]byte{255, 255, 255, 255, 255, 255}})
	}
	from := &unix.SockaddrInet6{Addr: c.Address.As16()}
	return send(unix.AF_INET6, unix.SOCK_RAW, unix.IPPROTO_ICMPV6, from, advertisement(c, mac),
		&unix.SockaddrInet6{Addr: [16]byte{0xff, 0x02, 15: 1}, ZoneId: uint32(index)}) // all machines of the link
}

func send(family, kind, protocol int, from unix.Sockaddr, packet []byte, to unix.Sockaddr) error {
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, protocol)
	if err != nil {
		return fmt.Errorf("announce address: %w", err)
	}
	defer func() { _ = unix.Close(fd) }()
	if from != nil {
		err = unix.Bind(fd, from)
		if err == nil { // a packet from further away is taken for a forgery (RFC 4861, 7.1.2)
			err = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_HOPS, 255)
		}
	}
	if err == nil {
		err = unix.Sendto(fd, packet, 0, to)
	}
	if err != nil {
		return fmt.Errorf("announce address: %w", err)
	}
	return nil
}

// gratuitousARP is a request for an address by who has it (RFC 5227, 3).
func gratuitousARP(c change, mac net.HardwareAddr) []byte {
	packet := []byte{0, 1, 8, 0, 6, 4, 0, 1} // Ethernet, IPv4, their lengths, request
	packet = append(append(packet, mac...), c.Address.AsSlice()...)
	return append(append(packet, make([]byte, 6)...), c.Address.AsSlice()...)
}

// advertisement is an unsolicited neighbour advertisement that overrides what is known (RFC 4861, 4.4). The kernel adds the checksum.
func advertisement(c change, mac net.HardwareAddr) []byte {
	const kind, override, targetAddress, units = 136, 0x20, 2, 1
	packet := append([]byte{kind, 0, 0, 0, override, 0, 0, 0}, c.Address.AsSlice()...)
	return append(append(packet, targetAddress, units), mac...)
}

func bigEndian(n uint16) uint16 {
	return binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, n))
}
