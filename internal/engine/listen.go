package engine

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// How often and how far apart addresses are tried to be opened. An engine closes all of
// its listeners and opens them anew; for some milliseconds after a fork (a snapshot, a
// replica's first copy) its child holds them still, and they are refused.
const (
	listenTries = 150
	listenEvery = 2 * time.Millisecond
)

// Listen makes the node serve clients at these addresses and no others. Open
// connections stay. If somebody else listens at one of them, which is a refusal
// ([IsRefused]), the node serves what it served before or, failing that, nothing.
func (a *Admin) Listen(ctx context.Context, addresses []netip.Addr) error {
	err := a.bind(ctx, joinAddresses(addresses))
	if err == nil || !IsRefused(err) {
		return err
	}
	// The engine has tried to go back itself, and says so, whether it could or not.
	settings, failed := a.client.Do(ctx, a.renamed("CONFIG", "GET", "bind")).AsStrMap()
	if failed == nil {
		failed = a.bind(ctx, settings["bind"])
	}
	if failed != nil {
		failed = a.bind(ctx, "")
	}
	return errors.Join(err, failed)
}

// bind sets the addresses, again and again if need be.
func (a *Admin) bind(ctx context.Context, addresses string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	again := time.NewTicker(listenEvery)
	defer again.Stop()
	for range listenTries {
		err = a.client.Do(ctx, a.renamed("CONFIG", "SET", "bind", addresses)).Error()
		if err == nil || !IsRefused(err) {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
	}
	if err != nil {
		return fmt.Errorf("open node's addresses: %w", err)
	}
	return nil
}
