package engine

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/valkey-io/valkey-go"
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

// TurnAway closes all of the node's addresses, and ends the connections of the clients that came through
// them: who has one open would go on reading there for as long as it lasts. It is one exchange, so
// that a control plane which is killed meanwhile leaves no half of it.
//
// CLIENT KILL may crash a Valkey with CVE-2026-56684. Here that costs a replica its
// process, and it is started again.
func (a *Admin) TurnAway(ctx context.Context, addresses []netip.AddrPort) error {
	commands := []valkey.Completed{a.renamed("CONFIG", "SET", "bind", "")}
	for _, at := range addresses {
		for _, kind := range []string{"normal", "pubsub"} {
			commands = append(commands, a.command("CLIENT", "KILL", "TYPE", kind, "LADDR", at.String()))
		}
	}
	return a.all(ctx, "turn node's clients away", commands...)
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
