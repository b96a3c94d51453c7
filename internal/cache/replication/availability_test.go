package replication

import (
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

func TestAvailabilityOfNewGroups(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(*Spec)
		text string // of the refusal; empty: none
	}{
		"automatic":              {func(s *Spec) { s.AutomaticFailover = true }, ""},
		"Multi-AZ":               {multiAZ, ""},
		"automatic, one node":    {func(s *Spec) { s.AutomaticFailover, s.Replicas = true, 0 }, "at least 2 cache clusters"},
		"Multi-AZ only":          {func(s *Spec) { s.MultiAZ = true }, "Multi-AZ needs automatic failover"},
		"Multi-AZ, in one place": {func(s *Spec) { multiAZ(s); s.Replicas = 0 }, "at least 2 cache clusters"},
	} {
		spec := Spec{ID: "orders", EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}, Replicas: 1}
		c.edit(&spec)
		g, err := NewGroup(spec, noon)
		switch {
		case c.text == "" && (err != nil || !g.AutomaticFailover || g.MultiAZ != spec.MultiAZ):
			t.Errorf("%s: %+v, %v", name, g, err)
		case c.text != "" && (!cache.IsKind(err, cache.KindCombination) || !strings.Contains(err.Error(), c.text)):
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestModifyAvailability(t *testing.T) {
	t.Parallel()
	on, off := true, false
	one, two, three := "orders-001", "Orders-002", "orders-003"
	small := "cache.t4g.small"
	for name, c := range map[string]struct {
		was     func(*Spec)
		change  Change
		kind    cache.Kind
		text    string
		failing bool // a failover is under way
		promote bool // one is asked for
	}{
		"on":                        {change: Change{AutomaticFailover: &on}},
		"on, with Multi-AZ":         {change: Change{AutomaticFailover: &on, MultiAZ: &on}},
		"Multi-AZ on":               {was: available, change: Change{MultiAZ: &on}},
		"Multi-AZ alone":            {change: Change{MultiAZ: &on}, kind: cache.KindCombination, text: "Multi-AZ needs"},
		"off":                       {was: available, change: Change{AutomaticFailover: &off}},
		"off under Multi-AZ":        {was: multiAZ, change: Change{AutomaticFailover: &off}, kind: cache.KindCombination, text: "Multi-AZ needs"},
		"both off":                  {was: multiAZ, change: Change{AutomaticFailover: &off, MultiAZ: &off}},
		"on again":                  {was: available, change: Change{AutomaticFailover: &on}, kind: cache.KindCombination, text: "No modifications"},
		"on, one node":              {was: func(s *Spec) { s.Replicas, s.Zones = 0, nil }, change: Change{AutomaticFailover: &on}, kind: cache.KindCombination, text: "at least one read replica"},
		"off during a failover":     {was: available, change: Change{AutomaticFailover: &off}, failing: true, kind: cache.KindState},
		"promote":                   {change: Change{PrimaryID: &two}, promote: true},
		"promote, switching off":    {was: multiAZ, change: Change{PrimaryID: &two, AutomaticFailover: &off, MultiAZ: &off}, promote: true},
		"promote the primary":       {change: Change{PrimaryID: &one}, kind: cache.KindCombination, text: "No modifications"},
		"promote nobody":            {change: Change{PrimaryID: &three}, kind: cache.KindNotFound},
		"promote under automatic":   {was: available, change: Change{PrimaryID: &two}, kind: cache.KindCombination, text: "while automatic failover"},
		"promote during a failover": {change: Change{PrimaryID: &two}, failing: true, kind: cache.KindState},
		"promote and resize":        {change: Change{PrimaryID: &two, NodeType: &small, Immediately: true}, kind: cache.KindCombination, text: "cannot be combined"},
	} {
		g := newGroup(t, func(s *Spec) {
			s.Replicas = 1
			if c.was != nil {
				c.was(s)
			}
		})
		g.Settle(noon, nil)
		if c.failing {
			g.Shards[0].Failover = &Failover{Cause: CauseCrash}
		}
		before := g.Clone()
		events, err := g.Modify(c.change, noon)
		if c.kind != "" {
			if !cache.IsKind(err, c.kind) || !strings.Contains(err.Error(), c.text) || !g.sameAs(before) || g.Status != cache.StatusAvailable {
				t.Errorf("%s: %v, %+v", name, err, g)
			}
			continue
		}
		if err != nil || c.change.AutomaticFailover != nil && g.AutomaticFailover != *c.change.AutomaticFailover || c.change.MultiAZ != nil && g.MultiAZ != *c.change.MultiAZ {
			t.Errorf("%s: %v, %+v", name, err, g)
			continue
		}
		f := g.Shards[0].Failover
		if asked := f != nil && f.Cause == CausePromote && f.To == "orders-002" && len(events) > 0; asked != c.promote {
			t.Errorf("%s: failover %+v, %v", name, f, events)
		}
		if !c.promote && g.Status != cache.StatusAvailable {
			t.Errorf("%s: the group is %s, though no node needs to know", name, g.Status)
		}
	}
}

func TestTestFailover(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit      func(*Spec)
		nodeGroup string
		recent    int
		busy      func(*Group)
		kind      cache.Kind
	}{
		"first":              {edit: available, nodeGroup: "0001"},
		"fifteenth":          {edit: available, nodeGroup: "0001", recent: 14},
		"sixteenth":          {edit: available, nodeGroup: "0001", recent: 15, kind: cache.KindRate},
		"another node group": {edit: available, nodeGroup: "0002", kind: cache.KindNotFound},
		"not automatic":      {nodeGroup: "0001", kind: cache.KindState},
		"under way":          {edit: available, nodeGroup: "0001", kind: cache.KindState, busy: func(g *Group) { g.Shards[0].Failover = &Failover{} }},
		"modifying":          {edit: available, nodeGroup: "0001", kind: cache.KindState, busy: func(g *Group) { g.Status = cache.StatusModifying }},
	} {
		g := newGroup(t, c.edit)
		g.Settle(noon, nil)
		if c.busy != nil {
			c.busy(g)
		}
		events, err := g.TestFailover(c.nodeGroup, c.recent, noon)
		if c.kind != "" {
			if !cache.IsKind(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if f := g.Shards[0].Failover; err != nil || f == nil || f.Cause != CauseTest || g.Status != cache.StatusAvailable ||
			len(events) != 1 || events[0].Message != "Test Failover API called for node group 0001" {
			t.Errorf("%s: %+v, %v, %v", name, f, events, err)
		}
	}
}
