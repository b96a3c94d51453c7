// Package addresstest gives tests loopback addresses that are theirs alone, whatever other tests, test
// binaries and checkouts run on the machine.
package addresstest

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"
)

// claimPort is where a claim is held, by UDP: nothing of the project listens there.
const claimPort = 4580

// Claim returns a /24 of 127.0.0.0/8 that nobody else gets until the test ends. What holds it is a
// socket at its last address, so the kernel gives up the claim of a test that was killed.
func Claim(tb testing.TB) netip.Prefix {
	tb.Helper()
	var last error
	for range 1000 {
		base := [4]byte{127, byte(1 + rand.IntN(223)), byte(rand.IntN(256)), 0} // from 127.224.0.0 on, benchmarks take larger ranges
		if base[1] == 80 {
			continue // the program's own default
		}
		holder := net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, base[1], base[2], 255}), claimPort))
		socket, err := net.ListenUDP("udp4", holder)
		if err != nil {
			last = err
			continue
		}
		tb.Cleanup(func() { _ = socket.Close() })
		return netip.PrefixFrom(netip.AddrFrom4(base), 24)
	}
	tb.Fatalf("claim a range of loopback addresses: %v", last)
	return netip.Prefix{}
}
