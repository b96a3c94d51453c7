package nic

import (
	"errors"
	"fmt"
	"syscall"

	"net/netip"

	"github.com/vishvananda/netlink"
	"go4.org/netipx"
	"golang.org/x/sys/unix"
)

// CheckRights finds out whether this process may change addresses. Errors: [ErrNoRights].
func CheckRights() error {
	// No interface has the number 0, so nothing is ever removed by this; the kernel asks for rights first.
	err := netlink.AddrDel(nil, &netlink.Addr{IPNet: netipx.PrefixIPNet(netip.MustParsePrefix("127.0.0.1/32"))})
	if errors.Is(err, unix.EPERM) {
		return ErrNoRights
	}
	return nil
}

// KeepRights keeps the rights to change the network to this process: what it starts from now on, engines first of all, does not
// inherit them. systemd gives them in a way that would be inherited (AmbientCapabilities).
func KeepRights() error {
	for _, right := range []uintptr{unix.CAP_NET_ADMIN, unix.CAP_NET_RAW} {
		has, _, failed := syscall.RawSyscall6(unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_IS_SET, right, 0, 0, 0)
		if failed != 0 || has == 0 {
			continue
		}
		if _, _, failed := syscall.AllThreadsSyscall6(unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_LOWER, right, 0, 0, 0); failed != 0 {
			return fmt.Errorf("keep capability %d from engines: %w (a build with cgo cannot: build with CGO_ENABLED=0, or take it out of AmbientCapabilities)", right, failed)
		}
	}
	return nil
}
