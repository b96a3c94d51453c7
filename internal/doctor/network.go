package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"syscall"
)

// probes is how many addresses are tried; a range is usable or not as a whole, and
// what is taken in it is most often at its beginning.
const probes = 16

func checkAddresses(ctx context.Context, in Input) []Finding {
	const name = "addresses"
	if !in.AddressRange.IsValid() {
		return bad(name, Fail, "--address-range 127.80.0.0/16", "no address range is set")
	}
	var taken []string
	free := 0
	for _, addr := range firstAddresses(in.AddressRange, probes) {
		at := netip.AddrPortFrom(addr, uint16(in.Port))
		err := in.System.Listen(ctx, at)
		switch {
		case err == nil:
			free++
		case errors.Is(err, syscall.EADDRINUSE):
			taken = append(taken, at.String())
		default:
			return bad(name, Fail, rangeFix(in.AddressRange), "%s cannot be bound: %v", at, err)
		}
	}
	switch {
	case free == 0:
		return bad(name, Fail, whoHolds(in.Port)+", or choose another --address-range",
			"none of the first addresses of %s is free on port %d", in.AddressRange, in.Port)
	case len(taken) > 0:
		return bad(name, Warn, whoHolds(in.Port)+"; aikagi's own nodes are no problem",
			"taken in %s: %s; new nodes get other addresses", in.AddressRange, strings.Join(taken, ", "))
	}
	return ok(name, "%s can be bound on port %d", in.AddressRange, in.Port)
}

// firstAddresses leaves out the network's own address.
func firstAddresses(prefix netip.Prefix, n int) []netip.Addr {
	var addrs []netip.Addr
	for addr := prefix.Masked().Addr().Next(); prefix.Contains(addr) && len(addrs) < n; addr = addr.Next() {
		addrs = append(addrs, addr)
	}
	return addrs
}

func whoHolds(port int) string {
	return fmt.Sprintf("see who holds them: sudo ss -ltnp 'sport = :%d'", port)
}

func rangeFix(prefix netip.Prefix) string {
	if prefix.Addr().IsLoopback() {
		return fmt.Sprintf("only Linux has all of 127.0.0.0/8; elsewhere add each address: sudo ifconfig lo0 alias %s", prefix.Masked().Addr().Next())
	}
	return fmt.Sprintf("sudo ip address add %s dev lo, or choose a range in 127.0.0.0/8", prefix.Masked())
}
