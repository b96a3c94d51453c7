package storetest

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

func event(at time.Time, source cache.SourceType, id, message string) cache.Event {
	return cache.Event{At: at, SourceType: source, SourceID: id, Message: message}
}

func eventsRoundTrip(e *env) {
	want := []cache.Event{
		event(noon(), cache.SourceReplicationGroup, "a", "created\n鍵 'quoted'"),
		event(noon(), cache.SourceCacheCluster, "a-001", ""),
	}
	want[1].Sequence = 99 // is the store's to give
	fact := cache.Say(cache.FactHeldUp, "problem", cache.Say(cache.FactUndelivered, "problem", cache.Quote("no disk"))).Fact
	want[1].Fact = fact
	e.append(want...)
	e.update(func(tx store.UpdateTx) error { return tx.AppendEvents() })
	got := e.events(store.EventQuery{})
	if len(got) != 2 || got[0].Sequence <= 0 || got[1].Sequence <= got[0].Sequence || got[1].Sequence == 99 {
		e.Fatalf("the events are %+v", got)
	}
	for i := range got {
		got[i].Sequence, want[i].Sequence = 0, 0
	}
	e.wantEqual(got, want)
}

func eventsInSequence(e *env) {
	var want []string
	for _, c := range []struct {
		message string
		step    time.Duration
	}{{"first", 0}, {"second", time.Hour}, {"back", -time.Hour}, {"last", time.Minute}} {
		e.append(event(noon().Add(c.step), cache.SourceReplicationGroup, "a", c.message))
		want = append(want, c.message)
	}
	e.wantEqual(messages(e.events(store.EventQuery{})), want)
	e.wantEqual(messages(e.events(store.EventQuery{SourceType: cache.SourceReplicationGroup, SourceID: "a"})), want)
	e.wantEqual(messages(e.events(store.EventQuery{From: noon().Add(-2 * time.Hour)})), want)
}

func eventsSelected(e *env) {
	const group, cluster = cache.SourceReplicationGroup, cache.SourceCacheCluster
	e.append(
		event(noon(), group, "a", "0"),
		event(noon().Add(1), cluster, "a-001", "1"),
		event(noon().Add(2), group, "b", "2"),
		event(noon().Add(3), group, "a", "3"),
		event(noon().Add(4), cluster, "a", "4"),
	)
	second := e.events(store.EventQuery{})[1].Sequence
	for _, c := range []struct {
		query store.EventQuery
		want  []string
	}{
		{store.EventQuery{}, []string{"0", "1", "2", "3", "4"}},
		{store.EventQuery{SourceType: group}, []string{"0", "2", "3"}},
		{store.EventQuery{SourceID: "a"}, []string{"0", "3", "4"}},
		{store.EventQuery{SourceType: group, SourceID: "a"}, []string{"0", "3"}},
		{store.EventQuery{From: noon().Add(2)}, []string{"2", "3", "4"}},
		{store.EventQuery{Until: noon().Add(2)}, []string{"0", "1"}},
		{store.EventQuery{From: noon().Add(1), Until: noon().Add(4)}, []string{"1", "2", "3"}},
		{store.EventQuery{From: noon().Add(1), Until: noon().Add(1)}, nil},
		{store.EventQuery{From: noon().AddDate(-900, 0, 0), Until: noon().AddDate(900, 0, 0), Limit: 1}, []string{"0"}},
		{store.EventQuery{After: second}, []string{"2", "3", "4"}},
		{store.EventQuery{After: second, SourceType: group, Limit: 1}, []string{"2"}},
		{store.EventQuery{Limit: 2}, []string{"0", "1"}},
		{store.EventQuery{Newest: true}, []string{"4", "3", "2", "1", "0"}},
		{store.EventQuery{Newest: true, Limit: 2}, []string{"4", "3"}},
		{store.EventQuery{Newest: true, After: second}, []string{"0"}},
		{store.EventQuery{Newest: true, After: second + 2, SourceType: group, Limit: 1}, []string{"2"}},
		{store.EventQuery{Newest: true, From: noon().Add(1), Until: noon().Add(4)}, []string{"3", "2", "1"}},
		{store.EventQuery{SourceType: "snapshot"}, nil},
	} {
		if got := messages(e.events(c.query)); !slices.Equal(got, c.want) {
			e.Errorf("%+v: got %v, want %v", c.query, got, c.want)
		}
	}
}

func eventsPruned(e *env) {
	for i := range 3 {
		e.append(event(noon().Add(time.Duration(i)), cache.SourceCacheCluster, "a", "old"))
	}
	last := e.events(store.EventQuery{})[2].Sequence
	prune := func(before time.Time) (n int) {
		e.update(func(tx store.UpdateTx) (err error) {
			n, err = tx.PruneEvents(before)
			return err
		})
		return n
	}
	for _, c := range []struct {
		before     time.Time
		want, left int
	}{{time.Time{}, 0, 3}, {noon(), 0, 3}, {noon().Add(2), 2, 1}, {noon().AddDate(900, 0, 0), 1, 0}} {
		if n, left := prune(c.before), len(e.events(store.EventQuery{})); n != c.want || left != c.left {
			e.Errorf("pruning before %s removed %d and left %d, want %d and %d", c.before, n, left, c.want, c.left)
		}
	}
	e.append(event(noon(), cache.SourceCacheCluster, "a", "new"))
	if got := e.events(store.EventQuery{After: last}); len(got) != 1 {
		e.Errorf("the event after the pruned ones has a number that was used: %v", got)
	}
}

// eventsNeedTime: a zero time is a bug of the caller and must not fail silently,
// as the event would be pruned at once.
func eventsNeedTime(e *env) {
	err := e.store.Update(e.Context(), func(tx store.UpdateTx) error {
		return tx.AppendEvents(event(noon(), cache.SourceCacheCluster, "a", "good"), cache.Event{Message: "bad"})
	})
	if err == nil || len(e.events(store.EventQuery{})) != 0 {
		e.Errorf("an event without a time was stored (%v)", err)
	}
}
