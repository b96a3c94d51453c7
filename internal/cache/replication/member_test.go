package replication

import (
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// TestMembersComeAtOnce creates two cache clusters in a group without waiting, as Terraform does.
func TestMembersComeAtOnce(t *testing.T) {
	t.Parallel()
	g := scalable(t, nil, "a")
	for _, id := range []string{"one", "two"} {
		if _, err := g.AddReplica(id, "", nil, noon); err != nil || g.Node(id) == nil || g.Status != cache.StatusModifying {
			t.Fatalf("%s: %v, %+v", id, err, g)
		}
	}
	if _, err := g.AddReplica("two", "", nil, noon); !cache.IsKind(err, cache.KindExists) || err.Error() != "Cache cluster two already exists." {
		t.Errorf("the same again: %v", err)
	}
	if _, err := g.RemoveMember("two", noon); !cache.IsKind(err, cache.KindState) || !strings.Contains(err.Error(), "not in a valid state to be deleted") {
		t.Errorf("delete one that is being created: %v", err)
	}
	if _, err := g.IncreaseReplicas(4, nil, noon); !cache.IsKind(err, cache.KindState) {
		t.Errorf("increase meanwhile: %v", err)
	}
	g.Settle(noon, nil)
	if !g.Settled() || len(g.Shards[0].Nodes) != 3 {
		t.Errorf("settled: %+v", g)
	}
}

func TestMembersGoAtOnce(t *testing.T) {
	t.Parallel()
	g := scalable(t, func(s *Spec) { s.AutomaticFailover = true }, "a", "b", "c", "d")
	for _, id := range []string{"orders-002", "orders-004"} {
		if _, err := g.RemoveMember(id, noon); err != nil || !g.Leaving(g.Node(id)) {
			t.Fatalf("%s: %v", id, err)
		}
	}
	if _, err := g.RemoveMember("orders-004", noon); !cache.IsKind(err, cache.KindState) {
		t.Errorf("the same again: %v", err)
	}
	if _, err := g.RemoveMember("orders-003", noon); !cache.IsKind(err, cache.KindState) || !strings.Contains(err.Error(), "only read replica") {
		t.Errorf("the last that stays: %v", err)
	}
	if _, err := g.AddReplica("new", "", nil, noon); err != nil {
		t.Errorf("one that comes while others go: %v", err)
	}
	if _, err := g.RemoveMember("orders-003", noon); err == nil {
		t.Error("the last that has the data was removed while its successor is made")
	}
	g.Settle(noon, nil)
	if got := len(g.Shards[0].Nodes); !g.Settled() || got != 3 {
		t.Errorf("%d nodes, %s", got, g.Status)
	}
}

// TestOtherChangesKeepMembersOut sees that nodes come and go beside nodes only.
func TestOtherChangesKeepMembersOut(t *testing.T) {
	t.Parallel()
	for name, disturb := range map[string]func(*Group){
		"a token change": func(g *Group) { g.Status, g.TokenChange = cache.StatusModifying, token.StrategyRotate },
		"a node type":    func(g *Group) { g.Status = cache.StatusModifying },
		"a failover":     func(g *Group) { g.Shards[0].Failover = &Failover{Cause: CauseCrash} },
		"creation":       func(g *Group) { g.Status = cache.StatusCreating },
		"a failover while nodes come": func(g *Group) {
			g.Status, g.Shards[0].Nodes[1].Status, g.Shards[0].Failover = cache.StatusModifying, cache.StatusCreating, &Failover{Cause: CauseCrash}
		},
	} {
		g := scalable(t, nil, "a", "b", "c")
		disturb(g)
		if _, err := g.AddReplica("x", "", nil, noon); !cache.IsKind(err, cache.KindState) {
			t.Errorf("%s: added: %v", name, err)
		}
		if _, err := g.RemoveMember("orders-003", noon); !cache.IsKind(err, cache.KindState) {
			t.Errorf("%s: removed: %v", name, err)
		}
	}
}
