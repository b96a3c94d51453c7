package nic

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

// logged is what was logged.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), what)
}

func (l *logged) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// A trouble is said when it begins and when it is over, each by itself, however many rounds it lasts.
func TestTroubleIsSaidOnce(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	k, log := c.keep(filepath.Join(t.TempDir(), "pool.json")), &logged{}
	k.o.Logger, k.o.Ranges[0].Interface = log.logger(), "nonesuch"
	rounds, of := make(chan struct{}), k.o.Wanted
	k.o.Wanted = func(ctx context.Context) ([]netip.Addr, error) {
		select {
		case rounds <- struct{}{}:
		case <-ctx.Done():
		}
		return of(ctx)
	}
	k.neighbours = func(context.Context, []change) map[netip.Addr]string { return nil }
	homeless, failing := netip.MustParseAddr("192.0.2.1"), c.four("64")
	k.want(homeless, failing)
	ctx, end := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = k.Run(ctx) })
	defer running.Wait()
	defer end()
	for range 8 { // more than two whole rounds, each of which asks twice
		k.Look()
		<-rounds
	}
	for _, a := range []netip.Addr{homeless, failing} {
		if n := log.count(a.String()); n != 1 {
			t.Errorf("that %s is in trouble was said %d times", a, n)
		}
	}
	k.want(homeless)
	for over := fmt.Sprintf("is over\" reason=\"add address %s", failing); log.count(over) == 0; {
		k.Look()
		<-rounds
	}
	if n := log.count("is over"); n != 1 {
		t.Errorf("%d troubles are over, but only one is", n)
	}
}

// keepAsking makes a keeper whose questions to the network are told of when they begin, and end when they are let go.
func (c *cable) keepAsking() (k *kept, begun chan []change, let chan struct{}) {
	k = c.keep(filepath.Join(c.t.TempDir(), "pool.json"))
	begun, let = make(chan []change, 9), make(chan struct{})
	k.neighbours = func(ctx context.Context, all []change) map[netip.Addr]string {
		begun <- all
		<-let
		return neighbours(ctx, all)
	}
	return k, begun, let
}

// A failover, whose addresses are there, does not wait until the network is asked for those of another group.
func TestNobodyWaitsForTheNetwork(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	k, begun, let := c.keepAsking()
	there, lost, next, free := c.four("64"), c.four("65"), c.four("66"), c.four("67")
	k.want(there, lost)
	var asking sync.WaitGroup
	asking.Go(func() { c.compare(k) })
	<-begun
	let <- struct{}{}
	asking.Wait()
	c.here("ip addr del " + lost.String() + "/32 dev " + c.name)

	k.want(there, lost, next)
	asking.Go(func() { _, _ = k.Users(t.Context(), []netip.Addr{free}) })
	asking.Go(func() { c.compare(k) })
	<-begun
	<-begun
	if err := k.Hold(t.Context(), there, lost); err != nil || c.shown(lost) == "" || c.shown(next) != "" {
		t.Errorf("%v; %q; %q", err, c.shown(lost), c.shown(next))
	}
	close(let)
	asking.Wait()
	if c.shown(next) == "" || c.shown(free) != "" {
		t.Errorf("%q; %q", c.shown(next), c.shown(free))
	}
}

// While the network is asked for an address, nobody else asks for it, and its group may be deleted.
func TestAddressIsAskedForOnce(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	k, begun, let := c.keepAsking()
	kept, deleted := c.four("64"), c.four("65")
	k.want(kept, deleted)
	var asking sync.WaitGroup
	asking.Go(func() {
		if err := k.Hold(t.Context(), kept, deleted); err != nil {
			t.Error(err)
		}
	})
	<-begun
	k.want(kept)
	asking.Go(func() { c.compare(k) })
	await(t, "the other round drops what nobody wants", func() bool {
		k.Keeper.mu.Lock()
		defer k.Keeper.mu.Unlock()
		return !k.record.all[deleted]
	})
	close(let)
	asking.Wait()
	if c.shown(kept) == "" || c.shown(deleted) != "" || len(k.record.all) != 1 || len(begun) > 0 {
		t.Errorf("%q; %q; recorded %v; asked %d times more", c.shown(kept), c.shown(deleted), k.record.all, len(begun))
	}
}

// The kernel ends a subscription whose reader is too slow; changes are noticed all the same.
func TestWatchGoesOn(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	begun, goOn, log := make(chan struct{}), make(chan struct{}), &logged{}
	var once sync.Once
	var rung atomic.Int64
	ctx, end := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() {
		watch(ctx, 1, func() { // the kernel makes some thousand bytes of one
			once.Do(func() {
				close(begun)
				<-goOn
			})
			rung.Add(1)
		}, log.logger())
	})
	defer watching.Wait()
	defer end()
	<-begun
	flood := func(do string) {
		for i := range 100 {
			c.here("ip addr " + do + " " + c.four(strconv.Itoa(100+i)).String() + "/32 dev " + c.name)
		}
	}
	flood("add")
	close(goOn)
	await(t, "the kernel ends the subscription", func() bool { return log.count(unix.ENOBUFS.Error()) > 0 })
	before := rung.Load()
	await(t, "there is another one", func() bool { return rung.Load() > before })
	for _, do := range []string{"del", "add"} {
		before = rung.Load()
		c.here("ip addr " + do + " " + c.four("100").String() + "/32 dev " + c.name)
		await(t, "a change is noticed", func() bool { return rung.Load() > before })
	}
}
