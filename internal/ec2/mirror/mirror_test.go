package mirror

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/ec2"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// world is an EC2 API that can be changed and can fail, and a store.
type world struct {
	*testing.T
	*Mirror
	log bytes.Buffer
	now time.Time

	mu     sync.Mutex // guards the rest
	groups map[string]ec2.SecurityGroup
	faces  []ec2.Interface
	lists  map[string][]ec2.Network
	fault  error
	unread map[string]error // prefix lists, and the interfaces as "interfaces", that cannot be read
	hold   chan struct{}    // not nil: answers about security groups wait for it, as long as who asks does
}

func (w *world) SecurityGroups(ctx context.Context, ids []string) (found []ec2.SecurityGroup, err error) {
	if w.hold != nil {
		select {
		case w.hold <- struct{}{}:
			<-ctx.Done()
		case <-ctx.Done():
		}
		return nil, ctx.Err()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range ids {
		if g, ok := w.groups[id]; ok {
			found = append(found, g)
		}
	}
	return found, w.fault
}

func (w *world) Subnets(context.Context, []string) ([]ec2.Subnet, error) { return nil, w.fault }

func (w *world) Interfaces(_ context.Context, groups []string) (found []ec2.Interface, err error) {
	for _, i := range w.faces {
		if slices.ContainsFunc(i.Groups, func(id string) bool { return slices.Contains(groups, id) }) {
			found = append(found, i)
		}
	}
	return found, errors.Join(w.fault, w.unread["interfaces"])
}

func (w *world) PrefixList(_ context.Context, id string) ([]ec2.Network, error) {
	return w.lists[id], errors.Join(w.fault, w.unread[id])
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	w := &world{T: t, now: noon, groups: map[string]ec2.SecurityGroup{}, lists: map[string][]ec2.Network{}}
	w.Mirror = New(Options{
		Store: s, API: w, Endpoint: "http://ec2", Every: time.Hour, Logger: slog.New(slog.NewTextHandler(&w.log, nil)), Now: func() time.Time { return w.now },
	})
	return w
}

// web is a group that lets networks in.
func web(id string, sources ...string) ec2.SecurityGroup {
	g := ec2.SecurityGroup{ID: id, Name: "web", VPC: "vpc-1"}
	for _, s := range sources {
		g.Permissions = append(g.Permissions, ec2.Permission{
			Protocol: "tcp", FromPort: new(6379), ToPort: new(6379), Networks: []ec2.Network{{Prefix: netip.MustParsePrefix(s)}},
		})
	}
	return g
}

// cache stores one that names security groups.
func (w *world) cache(id string, ids ...string) {
	w.Helper()
	g, err := replication.NewGroup(replication.Spec{ID: id, SecurityGroupIDs: ids, EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}}, noon)
	if err != nil {
		w.Fatal(err)
	}
	w.update(func(tx store.UpdateTx) error { return store.PutGroup(tx, g) })
}

func (w *world) update(fn func(store.UpdateTx) error) {
	w.Helper()
	if err := w.Store.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// shown is what is stored of a security group, in a line.
func (w *world) shown(id string) string {
	w.Helper()
	shown := "unknown"
	err := w.Store.View(w.Context(), func(tx store.Tx) error {
		known, err := store.Some(tx, store.SecurityGroups, id)
		for _, g := range known {
			shown = fmt.Sprintf("%s%v", g.Origin, g.Rules)
			if !g.GoneSince.IsZero() {
				shown += " gone"
			}
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return shown
}

func (w *world) want(id, shown string) {
	w.Helper()
	if got := w.shown(id); got != shown {
		w.Errorf("%s is %s, want %s", id, got, shown)
	}
}

// events are what was told of security groups.
func (w *world) events() (all []string) {
	w.Helper()
	err := w.Store.View(w.Context(), func(tx store.Tx) error {
		events, err := store.Read(tx, store.Events, store.EntryQuery{})
		for _, e := range events {
			if e.Fact != nil {
				all = append(all, e.SourceID+": "+string(e.Fact.Code))
			}
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return all
}

// Rules follow EC2's; what is gone there, or cannot be read, stays as it was, and both is said once.
func TestRounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cache("a", "sg-1", "sg-2")
	w.groups["sg-1"] = web("sg-1", "10.0.0.0/8")
	w.read(t.Context())
	w.want("sg-1", "ec2[10.0.0.0/8 port 6379]")
	w.want("sg-2", "unknown")

	feed := w.Store.Subscribe()
	w.read(t.Context())
	if changes := feed.Take(); !changes.Empty() {
		t.Errorf("nothing has changed, and %+v was written", changes)
	}
	feed.Close()

	w.groups["sg-1"] = web("sg-1", "192.0.2.7/32")
	w.read(t.Context())
	w.want("sg-1", "ec2[192.0.2.7/32 port 6379]")

	w.fault, w.now = errors.New("no route"), noon.Add(time.Minute)
	w.groups["sg-1"] = web("sg-1", "0.0.0.0/0")
	w.read(t.Context())
	w.now = noon.Add(2 * time.Minute)
	w.read(t.Context())
	w.want("sg-1", "ec2[192.0.2.7/32 port 6379]")
	if link := w.Link(); link.ReadAt != noon || link.FailingSince != noon.Add(time.Minute) || link.Failure != "no route" {
		t.Errorf("the link is %+v", link)
	}
	if said := strings.Count(w.log.String(), "cannot be read from EC2"); said != 1 {
		t.Errorf("that it fails is said %d times:\n%s", said, &w.log)
	}

	w.fault = nil
	delete(w.groups, "sg-1")
	w.read(t.Context())
	w.read(t.Context())
	w.want("sg-1", "ec2[192.0.2.7/32 port 6379] gone")
	w.groups["sg-1"] = web("sg-1")
	w.read(t.Context())
	w.want("sg-1", "ec2[]")
	if got := w.events(); !slices.Equal(got, []string{"a: security-gone", "a: security-back"}) {
		t.Errorf("told was %v", got)
	}
}

// Our own groups stay in force, and what no cache names any more is forgotten, but not at once.
func TestOwnAndUnused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cache("a", "sg-own")
	own, err := security.New(security.Spec{ID: "sg-own", Name: "own"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	w.update(func(tx store.UpdateTx) error { return store.Put(tx, store.SecurityGroups, own) })
	w.groups["sg-own"], w.groups["sg-1"] = web("sg-own", "0.0.0.0/0"), web("sg-1", "10.0.0.0/8")
	if err := w.Learn(t.Context(), []string{"sg-1"}); err != nil {
		t.Fatal(err)
	}
	w.read(t.Context())
	w.want("sg-own", "[]")
	w.want("sg-1", "ec2[10.0.0.0/8 port 6379]")
	if twice := w.Link().Twice; !slices.Equal(twice, []string{"sg-own"}) {
		t.Errorf("both have %v", twice)
	}
	w.read(t.Context())
	w.want("sg-1", "unknown")
}

func TestLearn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.groups["sg-1"] = web("sg-1")
	if err := w.Learn(t.Context(), []string{"sg-1", "sg-2"}); !cache.IsKind(err, cache.KindInvalid) || !strings.Contains(err.Error(), "[sg-2]") {
		t.Errorf("one that EC2 does not have: %v", err)
	}
	w.fault = errors.New("no route")
	for what, err := range map[string]error{"learn": w.Learn(t.Context(), []string{"sg-1"}), "has": second(w.Has(t.Context(), "sg-1")), "subnets": second(w.Mirror.Subnets(t.Context(), nil))} {
		if !cache.IsKind(err, cache.KindUnavailable) || !strings.Contains(err.Error(), "http://ec2 does not answer") {
			t.Errorf("%s: %v", what, err)
		}
	}
	w.want("sg-1", "unknown")
}

func second[A any](_ A, err error) error { return err }

// A group is read as soon as a cache names it, and a later run knows when that was.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.groups["sg-1"] = web("sg-1", "10.0.0.0/8")
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	feed := w.Store.Subscribe()
	defer feed.Close()
	go func() { ended <- w.Mirror.Run(ctx) }()
	w.cache("a", "sg-1")
	for {
		changes, err := feed.Wait(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(store.Changed(changes, store.SecurityGroups)) > 0 {
			break
		}
	}
	end()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	w.want("sg-1", "ec2[10.0.0.0/8 port 6379]")
	next := New(w.Options)
	next.recall(t.Context())
	if got := next.Link().ReadAt; !got.Equal(noon) {
		t.Errorf("the next run takes rules for read at %s", got)
	}
}

// A source that cannot be read keeps the groups that name it as they were, and no others; and that is said.
func TestUnreadableSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cache("a", "sg-1", "sg-2", "sg-3")
	listed, grouped := web("sg-2"), web("sg-3")
	listed.Permissions = []ec2.Permission{{Protocol: "-1", PrefixLists: []string{"pl-1"}}}
	grouped.Permissions = []ec2.Permission{{Protocol: "-1", Groups: []string{"sg-9"}}}
	w.groups["sg-1"], w.groups["sg-2"], w.groups["sg-3"] = web("sg-1", "10.0.0.0/8"), listed, grouped
	w.lists["pl-1"] = []ec2.Network{{Prefix: netip.MustParsePrefix("198.51.100.0/24")}}
	w.faces = []ec2.Interface{{Groups: []string{"sg-9"}, Addresses: []netip.Addr{netip.MustParseAddr("10.0.0.7")}}}
	w.read(t.Context())
	w.groups["sg-1"] = web("sg-1", "192.0.2.7/32")
	for source, kept := range map[string]string{"pl-1": "sg-2", "interfaces": "sg-3"} {
		before := w.shown(kept)
		if source == "interfaces" {
			w.faces = nil
		} else {
			w.lists[source] = nil
		}
		w.unread = map[string]error{source: errors.New("not authorized")}
		w.read(t.Context())
		w.want("sg-1", "ec2[192.0.2.7/32 port 6379]")
		w.want(kept, before)
		if link := w.Link(); link.FailingSince.IsZero() || link.Failure != "a source of "+kept+": not authorized" {
			t.Errorf("the link is %+v", link)
		}
		if err := w.Learn(t.Context(), []string{kept}); !cache.IsKind(err, cache.KindUnavailable) || !strings.Contains(err.Error(), "not authorized") {
			t.Errorf("learn: %v", err)
		}
	}
	if got := w.events(); len(got) > 0 {
		t.Errorf("told was %v", got)
	}
}

// Who wants to learn an id while a round takes long is told so after a time.
func TestLearnIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.learnLimit, w.hold = 50*time.Millisecond, make(chan struct{})
	ctx, end := context.WithCancel(t.Context())
	var round sync.WaitGroup
	round.Go(func() { w.read(ctx) })
	<-w.hold // the round has asked
	err := w.Learn(t.Context(), []string{"sg-1"})
	if !cache.IsKind(err, cache.KindUnavailable) || !strings.Contains(err.Error(), "is being read, for longer than 50ms") || !strings.Contains(err.Error(), "Try again.") {
		t.Errorf("learn: %v", err)
	}
	end()
	round.Wait()
	if err := w.Learn(t.Context(), []string{"sg-1"}); !cache.IsKind(err, cache.KindUnavailable) {
		t.Errorf("learn: %v", err)
	}
}

// Rules are what they mean: sources that are groups or lists are networks, and only TCP counts.
func TestGroupOf(t *testing.T) {
	t.Parallel()
	s := sources{
		groups: map[string][]netip.Addr{"sg-9": {netip.MustParseAddr("10.0.0.7"), netip.MustParseAddr("2001:db8::7"), netip.MustParseAddr("10.0.0.7")}},
		lists:  map[string][]ec2.Network{"pl-1": {{Prefix: netip.MustParsePrefix("198.51.100.0/24")}}},
	}
	for name, c := range map[string]struct {
		p    ec2.Permission
		want string
	}{
		"all":            {ec2.Permission{Protocol: "-1", FromPort: new(22), ToPort: new(22)}, "[10.0.0.7/32 198.51.100.0/24 2001:db8::7/128]"},
		"tcp":            {ec2.Permission{Protocol: "tcp", FromPort: new(1), ToPort: new(2)}, "[10.0.0.7/32 port 1 to 2 198.51.100.0/24 port 1 to 2 2001:db8::7/128 port 1 to 2]"},
		"tcp, all ports": {ec2.Permission{Protocol: "tcp", FromPort: new(0), ToPort: new(65535)}, "[10.0.0.7/32 port 1 to 65535 198.51.100.0/24 port 1 to 65535 2001:db8::7/128 port 1 to 65535]"},
		"tcp, port 0":    {ec2.Permission{Protocol: "tcp", FromPort: new(0), ToPort: new(0)}, "[]"},
		"tcp, no ports":  {ec2.Permission{Protocol: "tcp"}, "[]"},
		"udp":            {ec2.Permission{Protocol: "udp", FromPort: new(1), ToPort: new(2)}, "[]"},
		"icmp":           {ec2.Permission{Protocol: "icmp", FromPort: new(-1), ToPort: new(-1)}, "[]"},
	} {
		c.p.Groups, c.p.PrefixLists = []string{"sg-9", "sg-none"}, []string{"pl-1"}
		if got := fmt.Sprint(groupOf(ec2.SecurityGroup{ID: "sg-1", Permissions: []ec2.Permission{c.p}}, s).Rules); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
