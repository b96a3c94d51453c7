package replication

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// guarded is an available group with TLS that holds a set and has tags, each "key=value".
func guarded(t *testing.T, held token.Set, tags ...string) *Group {
	t.Helper()
	g := &Group{ID: "orders", Transit: cache.TransitRequired, Tokens: held, Status: cache.StatusAvailable}
	for _, tag := range tags {
		key, value, _ := strings.Cut(tag, "=")
		var err error
		if g.Tags, err = g.Tags.With([]cache.Tag{{Key: key, Value: value}}); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func usageOf(g *Group, use ...usage.Record) *usage.Group {
	usage := g.Usage(usage.Merge(use), nil, noon)
	return &usage
}

func tokenChange(strategy token.Strategy, digest token.Digest, usage *usage.Group) Change {
	return Change{Token: &token.Update{Digest: &digest, Strategy: strategy}, Immediately: true, Usage: usage}
}

var worker = usage.Client{Address: "10.0.0.7", Name: "worker-1", Library: "redis-py", LibraryVersion: "5.0.1", Connections: 3, LastSeen: noon}

// TestGuard decides a SET on {t1,t2}, which ends t1, for each mode and what is known.
func TestGuard(t *testing.T) {
	t.Parallel()
	live := usage.Record{Credential: t1.Fingerprint(), Connections: 3, Authentications: 1204, LastUsed: noon, Clients: []usage.Client{worker}}
	ago := func(d time.Duration) usage.Record {
		return usage.Record{Credential: t1.Fingerprint(), Authentications: 7, LastUsed: noon.Add(-d)}
	}
	for name, c := range map[string]struct {
		use     []usage.Record
		missing []usage.MissingNode
		unknown bool
		tags    []string
		doubt   string // what the error or the event says; empty: nothing is said
	}{
		"nobody":              {},
		"live":                {use: []usage.Record{live}, doubt: "3 connections, 1204 authentications, in use now, by worker-1 (10.0.0.7, redis-py 5.0.1)"},
		"a minute ago":        {use: []usage.Record{ago(time.Minute)}, doubt: "0 connections, 7 authentications, last used 60 s ago"},
		"long ago":            {use: []usage.Record{ago(time.Hour)}},
		"longer quiet":        {use: []usage.Record{ago(time.Hour)}, tags: []string{cache.TagSetGuardQuiet + "=2h"}, doubt: "last used 60 min ago"},
		"shorter quiet":       {use: []usage.Record{ago(time.Minute)}, tags: []string{cache.TagSetGuardQuiet + "=30s"}},
		"no quiet":            {use: []usage.Record{ago(0)}, tags: []string{cache.TagSetGuardQuiet + "=0s"}},
		"not asked":           {unknown: true, doubt: "whose use is not known"},
		"a node is missing":   {missing: []usage.MissingNode{{NodeID: "orders-002", Reason: cache.Say(cache.FactNotRunning)}}, doubt: "not fully known; node orders-002 could not be asked (it is not running)"},
		"live, one missing":   {use: []usage.Record{live}, missing: []usage.MissingNode{{NodeID: "orders-002", Reason: cache.Quote("no answer")}}, doubt: "in use now, by worker-1 (10.0.0.7, redis-py 5.0.1); node orders-002 could not"},
		"the new one is live": {use: []usage.Record{{Credential: t2.Fingerprint(), Connections: 9, LastUsed: noon}}},
	} {
		for _, mode := range []cache.GuardMode{"", cache.GuardRefuse, cache.GuardWarn, cache.GuardOff} {
			t.Run(name+" "+string(mode), func(t *testing.T) {
				t.Parallel()
				tags := c.tags
				if mode != "" {
					tags = append([]string{cache.TagSetGuard + "=" + string(mode)}, tags...)
				}
				g := guarded(t, setOf(t1, t2), tags...)
				var usage *usage.Group
				if !c.unknown {
					usage = usageOf(g, c.use...)
					usage.Missing = c.missing
				}
				events, err := g.Modify(tokenChange(token.StrategySet, t2, usage), noon)
				if mode == cache.GuardRefuse && c.doubt != "" {
					if !cache.IsKind(err, cache.KindCombination) || !strings.Contains(err.Error(), c.doubt) || !strings.Contains(err.Error(), "would end the token "+t1.Fingerprint()) {
						t.Errorf("error %v, want one that says %q", err, c.doubt)
					}
					if g.Tokens.String() != setOf(t1, t2).String() || g.Status != cache.StatusAvailable {
						t.Error("a change that was refused left a trace")
					}
					return
				}
				if err != nil || g.Tokens.String() != setOf(t2).String() {
					t.Fatalf("%v, tokens %s", err, g.Tokens)
				}
				told := events[len(events)-1].Message
				if want := c.doubt != "" && mode != cache.GuardOff; (len(events) == 2) != want || want && !strings.Contains(told, c.doubt) {
					t.Errorf("%d events, the last: %s", len(events), told)
				}
			})
		}
	}
}

// A change is guarded when it ends a credential, whatever it is called.
func TestGuardedChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		held     token.Set
		strategy token.Strategy
		token    token.Digest
		ends     string
	}{
		{setOf(none), token.StrategyRotate, t1, ""},
		{setOf(none, t1), token.StrategySet, t1, token.None},
		{setOf(none, t1), "", t2, token.None},
		{setOf(t1), token.StrategyRotate, t2, ""},
		{setOf(t1, t2), token.StrategyRotate, t3, t1.Fingerprint()},
		{setOf(t1, t2), token.StrategyRotate, t1, ""}, // they change places
		{setOf(t1, t2), token.StrategySet, t1, ""},    // is refused anyway
		{setOf(t1, t2), token.StrategyDelete, t1, ""},
	} {
		g := guarded(t, c.held, cache.TagSetGuard+"="+string(cache.GuardRefuse))
		change := tokenChange(c.strategy, c.token, nil)
		if got := g.UsageWanted(change); got != (c.ends != "") {
			t.Errorf("%s on %s: usage wanted %t", c.strategy, c.held, got)
		}
		if c.ends == "" {
			continue
		}
		change.Usage = usageOf(g, usage.Record{Credential: c.ends, Connections: 1, LastUsed: noon})
		if g.UsageWanted(change) {
			t.Errorf("%s on %s: usage is wanted again", c.strategy, c.held)
		}
		if _, err := g.Modify(change, noon); !cache.IsKind(err, cache.KindCombination) {
			t.Errorf("%s on %s ends %s, which is in use: %v", c.strategy, c.held, c.ends, err)
		}
	}
}

func TestUsageOfAnotherSetIsUnknown(t *testing.T) {
	t.Parallel()
	g := guarded(t, setOf(t2, t3), cache.TagSetGuard+"=refuse")
	old := guarded(t, setOf(t1, t2))
	if change := tokenChange(token.StrategySet, t3, usageOf(old)); !g.UsageWanted(change) {
		t.Error("usage of another set is taken for that of this one")
	} else if _, err := g.Modify(change, noon); !cache.IsKind(err, cache.KindCombination) {
		t.Errorf("error %v", err)
	}
	g.Status = cache.StatusModifying
	if g.UsageWanted(tokenChange(token.StrategySet, t3, nil)) {
		t.Error("usage is wanted of a group that refuses the change anyway")
	}
}

// However many clients there are, an error names three and stays short.
func TestGuardNamesThree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		g := guarded(t, setOf(t1, t2), cache.TagSetGuard+"=refuse")
		use := usage.Record{Credential: t1.Fingerprint(), LastUsed: noon}
		for i := range rapid.IntRange(1, 120).Draw(rt, "clients") {
			use.Connections++
			use.Clients = append(use.Clients, usage.Client{
				Address: "10.0.0." + string(rune('0'+i%10)), Name: rapid.StringN(0, 200, -1).Draw(rt, "name"), LibraryVersion: string(rune('A' + i)), Connections: 1,
			})
		}
		_, err := g.Modify(tokenChange(token.StrategySet, t2, usageOf(g, use)), noon)
		if !cache.IsKind(err, cache.KindCombination) || len(err.Error()) > 900 {
			rt.Fatalf("error of %d bytes: %v", len(err.Error()), err)
		}
		if n := len(use.Clients); n > usage.ClientsNamed && !strings.Contains(err.Error(), " more") {
			rt.Errorf("%d clients: %v", n, err)
		}
	})
}

func TestForecastSet(t *testing.T) {
	t.Parallel()
	live := usage.Record{Credential: t1.Fingerprint(), Connections: 3, LastUsed: noon, Clients: []usage.Client{{Address: "10.0.0.7", Name: "worker-1", Connections: 3}}}
	gone := usage.Record{Credential: t1.Fingerprint(), LastUsed: noon.Add(-3 * time.Hour)}
	for _, c := range []struct {
		g    *Group
		use  []usage.Record
		want string
	}{
		{guarded(t, setOf(t1)), nil, "There is nothing to SET: the token " + t1.Fingerprint() + " is all that is accepted."},
		{guarded(t, setOf(none)), nil, "There is nothing to SET: access without a token is all that is accepted."},
		{guarded(t, setOf(t1, t2)), []usage.Record{live}, "SET would lock out 3 connections of worker-1 (10.0.0.7), when they reconnect."},
		{guarded(t, setOf(t1, t2), cache.TagSetGuard+"=refuse"), []usage.Record{live},
			"SET would be refused (aikagi:set-guard=refuse): it would lock out 3 connections of worker-1 (10.0.0.7), when they reconnect."},
		{guarded(t, setOf(t1, t2), cache.TagSetGuard+"=refuse"), []usage.Record{gone}, "SET would end the token " + t1.Fingerprint() + ", which was last used 3 h ago."},
		{guarded(t, setOf(none, t2)), nil, "SET would end access without a token, which nobody uses."},
	} {
		if got := c.g.ForecastSet(usageOf(c.g, c.use...), noon).Text; got.Text != c.want {
			t.Errorf("%s: %s\nwant %s", c.g.Tokens, got, c.want)
		}
	}
}
