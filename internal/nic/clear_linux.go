package nic

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
)

// Clear removes the addresses that a record names and that are still ours. Errors: [ErrNoRights].
func Clear(_ context.Context, path string) (removed []netip.Addr, err error) {
	k, err := New(Options{Record: path, Logger: slog.New(slog.DiscardHandler)})
	if err != nil || len(k.record.all) == 0 {
		return nil, err
	}
	there, err := list()
	if err != nil {
		return nil, err
	}
	d := decide(nil, there, k.record.all)
	err = errors.Join(k.carryOut(d)...)
	for _, c := range d.Remove {
		if !k.record.all[c.Address] {
			removed = append(removed, c.Address)
		}
	}
	if err != nil {
		return removed, err
	}
	var gone []netip.Addr
	for a := range k.record.all {
		gone = append(gone, a)
	}
	return removed, errors.Join(k.record.drop(gone...))
}
