//go:build !linux

package nic

import (
	"context"
	"errors"
	"net/netip"

	"go4.org/netipx"
)

var errLinux = errors.New("the address plan pool needs Linux, whose network interfaces it changes")

// Keeper is for Linux.
type Keeper struct{}

// New makes one that keeps nothing.
func New(Options) (*Keeper, error) { return &Keeper{}, nil }

// Look does nothing.
func (*Keeper) Look() {}

// Run waits until ctx ends.
func (*Keeper) Run(ctx context.Context) error { <-ctx.Done(); return nil }

// Hold is refused.
func (*Keeper) Hold(context.Context, ...netip.Addr) error { return errLinux }

// Users is refused.
func (*Keeper) Users(context.Context, []netip.Addr) (map[netip.Addr]string, error) {
	return nil, errLinux
}

// CheckRights is refused.
func CheckRights() error { return errLinux }

// KeepRights has none to keep.
func KeepRights() error { return nil }

// Find is refused.
func Find(netipx.IPRange, string) (Interface, error) { return Interface{}, errLinux }

// Look is refused.
func Look(context.Context, netipx.IPRange, string) (map[netip.Addr]string, error) {
	return nil, errLinux
}

// Clear has nothing to remove.
func Clear(context.Context, string) ([]netip.Addr, error) { return nil, nil }
