package nic

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"time"

	"go4.org/netipx"
)

// Protocol is the number that marks the addresses of a keeper (IFA_PROTO): "ip address" shows it as proto 0x61.
const Protocol = 'a'

// ErrNoRights: the process may not change addresses.
var ErrNoRights = errors.New("adding addresses to a network interface takes the capability CAP_NET_ADMIN: run aikagi as root, or, with systemd, " +
	"add AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW to its unit (systemctl edit aikagi)")

// Options are what a keeper works with.
type Options struct {
	// Ranges say where addresses go. Those of none, which groups have from earlier, go where they were or to the interface of their subnet.
	Ranges []Range
	Record string // path of the file that says which addresses are ours
	// Wanted returns all addresses that there are to be.
	Wanted func(context.Context) ([]netip.Addr, error)
	// Restored is told of addresses that somebody had taken away and that are there again; Contested of those that another machine
	// uses, too, and of its hardware address.
	Restored  func(context.Context, []netip.Addr)
	Contested func(ctx context.Context, at netip.Addr, by string)
	Logger    *slog.Logger
}

const (
	lookEvery = 10 * time.Second      // without being told, for what could not be done when it was
	lookPause = 50 * time.Millisecond // after being told, so that many changes at once are one
)

// Range is addresses that go to an interface.
type Range struct {
	Within    netipx.IPRange
	Interface string
}

// Interface is where addresses of a range go.
type Interface struct {
	Name   string
	Inside bool // it has a subnet with all of the range; else a router has to know the way
}
