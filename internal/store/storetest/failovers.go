package storetest

import (
	"reflect"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

func failover(id, group string, cause replication.FailoverCause, at time.Time) replication.Failover {
	return replication.Failover{ID: id, GroupID: group, NodeGroupID: "0001", Cause: cause, From: group + "-001", DetectedAt: at}
}

// failoverIDs shows receipts in short.
func failoverIDs(failovers []replication.Failover) []string {
	var all []string
	for _, f := range failovers {
		all = append(all, f.ID)
	}
	return all
}

// fullFailover is a receipt in which every field says something.
func fullFailover(group string) replication.Failover {
	f := failover("full", group, replication.CauseHang, noon())
	f.To = group + "-002"
	for i, at := range []*time.Time{&f.PausedAt, &f.FencedAt, &f.ElectedAt, &f.PromotedAt, &f.EndpointMovedAt, &f.WriteAcceptedAt, &f.RecoveredAt} {
		*at = noon().Add(time.Duration(i+1) * time.Microsecond)
	}
	f.Offsets = []replication.NodeOffset{{NodeID: group + "-002", Offset: 1 << 60}, {NodeID: group + "-003", Offset: 7}}
	f.FromOffset, f.Exact, f.Resumed, f.GivenUp = 1<<60+1, true, true, cache.Say(cache.FactNoReplicaInSync)
	return f
}

func failoversRoundTrip(e *env) {
	full := fullFailover("a")
	wantNoZero(e.T, reflect.ValueOf(full), "Failover")
	begun := failover("begun", "鍵 'quoted'", replication.CauseTest, noon().Add(time.Nanosecond))
	e.putFailovers(full, begun)
	e.wantEqual(e.failovers(store.EntryQuery{}), []replication.Failover{full, begun})
}

// failoversReplaced: a receipt is put again as the failover goes on, and what it is
// selected by may change with it.
func failoversReplaced(e *env) {
	at := noon()
	e.putFailovers(failover("first", "a", replication.CauseCrash, at), failover("second", "a", replication.CauseCrash, at))
	changed := failover("first", "b", replication.CauseHang, at)
	changed.To = "b-002"
	e.putFailovers(changed)
	e.wantEqual(failoverIDs(e.failovers(store.EntryQuery{})), []string{"first", "second"})
	e.wantEqual(e.failovers(store.EntryQuery{Subject: "b", Label: string(replication.CauseHang)}), []replication.Failover{changed})
	e.wantEqual(failoverIDs(e.failovers(store.EntryQuery{Subject: "a"})), []string{"second"})
	changed.DetectedAt = at.Add(time.Hour)
	e.putFailovers(changed)
	e.wantEqual(failoverIDs(e.failovers(store.EntryQuery{})), []string{"second", "first"})
}

func failoversInOrder(e *env) {
	for _, c := range []struct {
		id   string
		step time.Duration
	}{{"late", time.Hour}, {"early", -time.Hour}, {"same 1", 0}, {"same 2", 0}} {
		e.putFailovers(failover(c.id, "a", replication.CauseCrash, noon().Add(c.step)))
	}
	want := []string{"early", "same 1", "same 2", "late"}
	e.wantEqual(failoverIDs(e.failovers(store.EntryQuery{})), want)
	e.wantEqual(failoverIDs(e.failovers(store.EntryQuery{Subject: "a"})), want)
	slices.Reverse(want)
	e.wantEqual(failoverIDs(e.failovers(store.EntryQuery{Newest: true})), want)
}

func failoversSelected(e *env) {
	e.putFailovers(
		failover("0", "a", replication.CauseCrash, noon()),
		failover("1", "b", replication.CauseCrash, noon().Add(1)),
		failover("2", "a", replication.CauseTest, noon().Add(2)),
		failover("3", "a", replication.CauseCrash, noon().Add(3)),
	)
	for _, c := range []struct {
		query store.EntryQuery
		want  []string
	}{
		{store.EntryQuery{}, []string{"0", "1", "2", "3"}},
		{store.EntryQuery{Subject: "a"}, []string{"0", "2", "3"}},
		{store.EntryQuery{Subject: "a-001"}, nil},
		{store.EntryQuery{Label: string(replication.CauseCrash)}, []string{"0", "1", "3"}},
		{store.EntryQuery{Label: string(replication.CauseHang)}, nil},
		{store.EntryQuery{From: noon().Add(2)}, []string{"2", "3"}},
		{store.EntryQuery{From: noon().AddDate(-900, 0, 0), Limit: 1}, []string{"0"}},
		{store.EntryQuery{Subject: "a", Label: string(replication.CauseCrash), From: noon().Add(1)}, []string{"3"}},
		{store.EntryQuery{Limit: 2}, []string{"0", "1"}},
		{store.EntryQuery{Newest: true, Limit: 1}, []string{"3"}},
		{store.EntryQuery{Newest: true, Subject: "a", Limit: 2}, []string{"3", "2"}},
	} {
		if got := failoverIDs(e.failovers(c.query)); !slices.Equal(got, c.want) {
			e.Errorf("%+v: got %v, want %v", c.query, got, c.want)
		}
	}
}

func failoversPruned(e *env) {
	for i, id := range []string{"0", "1", "2"} {
		e.putFailovers(failover(id, "a", replication.CauseCrash, noon().Add(time.Duration(i))))
	}
	for _, c := range []struct {
		before time.Time
		want   int
		left   []string
	}{
		{time.Time{}, 0, []string{"0", "1", "2"}},
		{noon(), 0, []string{"0", "1", "2"}},
		{noon().Add(2), 2, []string{"2"}},
		{noon().AddDate(900, 0, 0), 1, nil},
	} {
		var n int
		e.update(func(tx store.UpdateTx) (err error) {
			n, err = store.Prune(tx, store.Failovers, c.before)
			return err
		})
		if left := failoverIDs(e.failovers(store.EntryQuery{})); n != c.want || !slices.Equal(left, c.left) {
			e.Errorf("pruning before %s removed %d and left %v, want %d and %v", c.before, n, left, c.want, c.left)
		}
	}
}

func failoversOutliveGroup(e *env) {
	g := e.group("a", 1)
	e.put(g)
	want := failover("f", "a", replication.CauseCrash, noon())
	e.putFailovers(want)
	e.update(func(tx store.UpdateTx) error { return store.Delete(tx, store.Groups, g.Key()) })
	e.wantEqual(e.failovers(store.EntryQuery{Subject: "a"}), []replication.Failover{want})
}

// failoversNeedIdentity: without an id one receipt would take the place of another,
// and without a time it would be pruned at once.
func failoversNeedIdentity(e *env) {
	for _, bad := range []replication.Failover{
		failover("", "a", replication.CauseCrash, noon()),
		failover("no time", "a", replication.CauseCrash, time.Time{}),
	} {
		err := e.store.Update(e.Context(), func(tx store.UpdateTx) error {
			if err := store.Append(tx, store.Failovers, failover("good", "a", replication.CauseCrash, noon())); err != nil {
				return err
			}
			return store.Append(tx, store.Failovers, bad)
		})
		if err == nil {
			e.Errorf("%+v was stored", bad)
		}
	}
	if left := e.failovers(store.EntryQuery{}); len(left) != 0 {
		e.Errorf("%v is stored", failoverIDs(left))
	}
}
