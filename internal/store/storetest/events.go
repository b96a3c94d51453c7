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
	e.update(func(tx store.UpdateTx) error { return store.Append(tx, store.Events) })
	got := e.events(store.EntryQuery{})
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
	e.wantEqual(messages(e.events(store.EntryQuery{})), want)
	e.wantEqual(messages(e.events(store.EntryQuery{Label: string(cache.SourceReplicationGroup), Subject: "a"})), want)
	e.wantEqual(messages(e.events(store.EntryQuery{From: noon().Add(-2 * time.Hour)})), want)
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
	second := e.events(store.EntryQuery{})[1].Sequence
	for _, c := range []struct {
		query store.EntryQuery
		want  []string
	}{
		{store.EntryQuery{}, []string{"0", "1", "2", "3", "4"}},
		{store.EntryQuery{Label: string(group)}, []string{"0", "2", "3"}},
		{store.EntryQuery{Subject: "a"}, []string{"0", "3", "4"}},
		{store.EntryQuery{Label: string(group), Subject: "a"}, []string{"0", "3"}},
		{store.EntryQuery{From: noon().Add(2)}, []string{"2", "3", "4"}},
		{store.EntryQuery{Until: noon().Add(2)}, []string{"0", "1"}},
		{store.EntryQuery{From: noon().Add(1), Until: noon().Add(4)}, []string{"1", "2", "3"}},
		{store.EntryQuery{From: noon().Add(1), Until: noon().Add(1)}, nil},
		{store.EntryQuery{From: noon().AddDate(-900, 0, 0), Until: noon().AddDate(900, 0, 0), Limit: 1}, []string{"0"}},
		{store.EntryQuery{After: second}, []string{"2", "3", "4"}},
		{store.EntryQuery{After: second, Label: string(group), Limit: 1}, []string{"2"}},
		{store.EntryQuery{Limit: 2}, []string{"0", "1"}},
		{store.EntryQuery{Newest: true}, []string{"4", "3", "2", "1", "0"}},
		{store.EntryQuery{Newest: true, Limit: 2}, []string{"4", "3"}},
		{store.EntryQuery{Newest: true, After: second}, []string{"0"}},
		{store.EntryQuery{Newest: true, After: second + 2, Label: string(group), Limit: 1}, []string{"2"}},
		{store.EntryQuery{Newest: true, From: noon().Add(1), Until: noon().Add(4)}, []string{"3", "2", "1"}},
		{store.EntryQuery{Label: "snapshot"}, nil},
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
	last := e.events(store.EntryQuery{})[2].Sequence
	prune := func(before time.Time) (n int) {
		e.update(func(tx store.UpdateTx) (err error) {
			n, err = store.Prune(tx, store.Events, before)
			return err
		})
		return n
	}
	for _, c := range []struct {
		before     time.Time
		want, left int
	}{{time.Time{}, 0, 3}, {noon(), 0, 3}, {noon().Add(2), 2, 1}, {noon().AddDate(900, 0, 0), 1, 0}} {
		if n, left := prune(c.before), len(e.events(store.EntryQuery{})); n != c.want || left != c.left {
			e.Errorf("pruning before %s removed %d and left %d, want %d and %d", c.before, n, left, c.want, c.left)
		}
	}
	e.append(event(noon(), cache.SourceCacheCluster, "a", "new"))
	if got := e.events(store.EntryQuery{After: last}); len(got) != 1 {
		e.Errorf("the event after the pruned ones has a number that was used: %v", got)
	}
}

// eventsNeedTime: a zero time is a bug of the caller and must not fail silently,
// as the event would be pruned at once.
func eventsNeedTime(e *env) {
	err := e.store.Update(e.Context(), func(tx store.UpdateTx) error {
		return store.Append(tx, store.Events, event(noon(), cache.SourceCacheCluster, "a", "good"), cache.Event{Message: "bad"})
	})
	if err == nil || len(e.events(store.EntryQuery{})) != 0 {
		e.Errorf("an event without a time was stored (%v)", err)
	}
}
