package nic

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/vishvananda/netlink"
)

// watchPause is between the end of a subscription and the next one.
const watchPause = time.Second

// watch calls changed whenever an address or an interface has changed, until ctx ends, and each time it begins to listen: it may have
// missed some. The kernel ends a subscription that is read too slowly (ENOBUFS). buffer is how many bytes may wait; 0: what the system gives.
func watch(ctx context.Context, buffer int, changed func(), log *slog.Logger) {
	for ctx.Err() == nil {
		err := follow(ctx, buffer, changed)
		if ctx.Err() != nil {
			return
		}
		log.Warn("changes of addresses are noticed late", "error", err)
		sleep(ctx, watchPause)
	}
}

// follow is watch with one subscription. It returns why that ended.
func follow(ctx context.Context, buffer int, changed func()) error {
	addresses, links, done := make(chan netlink.AddrUpdate), make(chan netlink.LinkUpdate), make(chan struct{})
	failed := make(chan error, 1) // the first; it is told before a channel is closed
	fail := func(err error) {
		select {
		case failed <- err:
		default:
		}
	}
	defer close(done)
	if err := netlink.AddrSubscribeWithOptions(addresses, done, netlink.AddrSubscribeOptions{ErrorCallback: fail, ReceiveBufferSize: buffer}); err != nil {
		return fmt.Errorf("watch addresses: %w", err)
	}
	defer drain(addresses)
	if err := netlink.LinkSubscribeWithOptions(links, done, netlink.LinkSubscribeOptions{ErrorCallback: fail, ReceiveBufferSize: buffer}); err != nil {
		return fmt.Errorf("watch network interfaces: %w", err)
	}
	defer drain(links)
	changed()
	for open := true; open; {
		select {
		case <-ctx.Done():
			return nil
		case _, open = <-addresses:
		case _, open = <-links:
		}
		if open {
			changed()
		}
	}
	select {
	case err := <-failed:
		return err
	default:
		return errors.New("the subscription has ended")
	}
}

// drain reads a subscription to its end, which would hang on an update that nobody takes.
func drain[T any](updates <-chan T) {
	go func() {
		for range updates {
		}
	}()
}
