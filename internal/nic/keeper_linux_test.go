package nic

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go4.org/netipx"
)

// kept is a keeper under test, and what it was told and has told.
type kept struct {
	*Keeper
	mu        sync.Mutex // guards all below
	wanted    []netip.Addr
	restored  []netip.Addr
	contested []string
}

func (c *cable) keep(record string) *kept {
	c.t.Helper()
	k := &kept{}
	var err error
	k.Keeper, err = New(Options{
		Ranges: []Range{{netipx.RangeOfPrefix(netip.MustParsePrefix(c.subnet + ".64/26")), c.name}}, Record: record, Logger: slog.New(slog.DiscardHandler),
		Wanted: func(context.Context) ([]netip.Addr, error) {
			k.mu.Lock()
			defer k.mu.Unlock()
			return slices.Clone(k.wanted), nil
		},
		Restored: func(_ context.Context, all []netip.Addr) {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.restored = append(k.restored, all...)
		},
		Contested: func(_ context.Context, a netip.Addr, by string) {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.contested = append(k.contested, a.String()+" "+by)
		},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return k
}

func (k *kept) want(all ...netip.Addr) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.wanted = all
}

// shown is what the system says of an address.
func (c *cable) shown(a netip.Addr) string {
	c.t.Helper()
	return strings.TrimSpace(c.here("ip -o addr show dev " + c.name + " to " + a.String()))
}

func (c *cable) compare(k *kept) {
	c.t.Helper()
	troubles, _ := k.compare(c.t.Context())
	if err := errors.Join(troubles...); err != nil {
		c.t.Fatal(err)
	}
}

func TestAddressesComeAndGo(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	k := c.keep(filepath.Join(t.TempDir(), "pool.json"))
	four, six := c.four("64"), netip.MustParseAddr(c.six("64"))
	k.want(four, six)
	if err := k.Hold(t.Context(), four); err != nil {
		t.Fatal(err)
	}
	c.compare(k)
	for a, want := range map[netip.Addr]string{four: "/32 ", six: "/128 "} {
		if is := c.shown(a); !strings.Contains(is, a.String()+want) || !strings.Contains(is, "deprecated") {
			t.Errorf("%s is %q", a, is)
		}
	}
	if is := c.shown(four); !strings.Contains(is, c.name+labelEnd) {
		t.Errorf("it has no label: %q", is)
	}
	if is := c.here("ip route get " + c.subnet + ".2"); !strings.Contains(is, "src "+c.subnet+".1 ") {
		t.Errorf("an address of the pool is a source: %s", is)
	}
	k.want(six)
	c.compare(k)
	k.want()
	c.compare(k)
	if c.shown(four)+c.shown(six) != "" || len(k.record.all) > 0 {
		t.Errorf("it has %s, %s; recorded %v", c.shown(four), c.shown(six), k.record.all)
	}
	if c.shown(c.four("1")) == "" {
		t.Error("the machine has lost its own address")
	}
}

// What others have added stays, whatever it looks like.
func TestAddressesOfOthersStay(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	owners, twin, wanted := c.four("70"), c.four("71"), c.four("72")
	c.here("ip addr add " + owners.String() + "/32 dev " + c.name)
	other := c.keep(filepath.Join(t.TempDir(), "pool.json")) // of another data directory
	other.want(twin)
	c.compare(other)
	record := filepath.Join(t.TempDir(), "pool.json")
	k := c.keep(record)
	if err := k.record.put(owners); err != nil { // as if it had been ours, and was added by somebody else since
		t.Fatal(err)
	}
	k.want(wanted)
	c.compare(k)
	c.here("ip addr add " + c.four("73").String() + "/32 dev " + c.name)
	k.want(wanted, c.four("73"))
	if err := k.Hold(t.Context(), c.four("73")); err != nil {
		t.Errorf("an address that is there already: %v", err)
	}
	removed, err := Clear(t.Context(), record)
	if err != nil || !slices.Equal(removed, []netip.Addr{wanted}) {
		t.Errorf("removed %v (%v)", removed, err)
	}
	for _, a := range []netip.Addr{owners, twin, c.four("73")} {
		if c.shown(a) == "" {
			t.Errorf("%s is gone", a)
		}
	}
	if c.shown(wanted) != "" {
		t.Errorf("%s is still there", wanted)
	}
}

func TestAddressThatIsTakenAwayComesBack(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	k := c.keep(filepath.Join(t.TempDir(), "pool.json"))
	a := c.four("80")
	k.want(a)
	ctx, end := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = k.Run(ctx) })
	defer running.Wait()
	defer end()
	await(t, "it is added", func() bool { return c.shown(a) != "" })
	c.here("ip addr del " + a.String() + "/32 dev " + c.name)
	await(t, "it is restored, and that is told", func() bool {
		k.mu.Lock()
		defer k.mu.Unlock()
		return c.shown(a) != "" && slices.Equal(k.restored, []netip.Addr{a})
	})
}

// A keeper that is killed leaves what the next one puts right.
func TestNextKeeperPutsRight(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	record := filepath.Join(t.TempDir(), "pool.json")
	first := c.keep(record)
	unwanted, lost := c.four("81"), c.four("82")
	first.want(unwanted)
	c.compare(first)
	if err := first.record.put(c.four("83")); err != nil { // recorded, and never added
		t.Fatal(err)
	}
	next := c.keep(record)
	next.want(lost)
	c.compare(next)
	if c.shown(unwanted) != "" || c.shown(lost) == "" || len(next.record.all) != 1 || len(next.restored) > 0 {
		t.Errorf("%q, %q, recorded %v, restored %v", c.shown(unwanted), c.shown(lost), next.record.all, next.restored)
	}
	text, err := os.ReadFile(record)
	if err == nil {
		err = os.WriteFile(record, []byte(strings.Replace(string(text), next.record.boot, "another run", 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if after := c.keep(record); len(after.record.all) > 0 {
		t.Errorf("after a restart of the machine %v are recorded", after.record.all)
	}
	if err := os.WriteFile(record, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{Record: record}); err == nil || !strings.Contains(err.Error(), record) {
		t.Errorf("of a damaged record: %v", err)
	}
}

func TestUsersOfAddresses(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	c.give(c.subnet + ".90/24")
	c.give(c.six("90") + "/64")
	k := c.keep(filepath.Join(t.TempDir(), "pool.json"))
	mine := c.four("91")
	k.want(mine)
	c.compare(k)
	six, free := netip.MustParseAddr(c.six("90")), c.four("92")
	users, err := k.Users(t.Context(), []netip.Addr{c.four("90"), six, mine, free, c.four("1"), c.four("255")})
	if err != nil {
		t.Fatal(err)
	}
	if len(strings.Split(users[c.four("90")], ":")) != 6 || len(strings.Split(users[six], ":")) != 6 || users[c.four("1")] != "this machine" ||
		users[c.four("255")] != "its network" || users[mine]+users[free] != "" {
		t.Errorf("users are %v", users)
	}
	k.want(mine, c.four("90"))
	c.compare(k)
	if len(k.contested) != 1 || c.shown(c.four("90")) == "" {
		t.Errorf("contested %v; it is %q", k.contested, c.shown(c.four("90")))
	}
	seen, err := Look(t.Context(), netipx.RangeOfPrefix(netip.MustParsePrefix(c.subnet+".0/28")), c.name)
	if err != nil || len(seen) != 2 {
		t.Errorf("of the range %v are in use (%v)", seen, err)
	}
}

// Machines that knew an address elsewhere learn at once where it is.
func TestAddressesAreAnnounced(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	k := c.keep(filepath.Join(t.TempDir(), "pool.json"))
	four, six := c.four("100"), netip.MustParseAddr(c.six("100"))
	for _, a := range []netip.Addr{four, six} {
		c.there("ip neigh replace " + a.String() + " lladdr 02:00:00:00:00:99 dev " + c.name + " nud stale")
	}
	k.want(four, six)
	c.compare(k)
	mac, _, err := hardware(c.name)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []netip.Addr{four, six} {
		await(t, a.String()+" is known", func() bool { return strings.Contains(c.there("ip neigh show "+a.String()), mac.String()) })
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	inside := netipx.RangeOfPrefix(netip.MustParsePrefix(c.subnet + ".64/26"))
	outside := netipx.MustParseIPRange("10.92.0.1-10.92.0.9")
	for name, want := range map[string]bool{"": true, c.name: true} {
		if got, err := Find(inside, name); err != nil || got != (Interface{c.name, want}) {
			t.Errorf("%q: %+v, %v", name, got, err)
		}
	}
	if got, err := Find(outside, c.name); err != nil || got.Inside {
		t.Errorf("%+v, %v", got, err)
	}
	for name, within := range map[string]netipx.IPRange{"": outside, "nonesuch": inside} {
		if got, err := Find(within, name); err == nil || !strings.Contains(err.Error(), "--pool-interface") {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if err := CheckRights(); err != nil {
		t.Errorf("root may not: %v", err)
	}
	if err := add(change{c.four("9"), "nonesuch"}); err == nil || errors.Is(err, ErrNoRights) {
		t.Errorf("to no interface: %v", err)
	}
}

func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for until := time.Now().Add(time.Minute); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}
