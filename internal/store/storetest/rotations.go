package storetest

import (
	"reflect"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/store"
)

// rotation is one that is over an hour after it was begun, if its state is final.
func newRotation(id, group string, state rotation.State, at time.Time) rotation.Rotation {
	r := rotation.Rotation{ID: id, GroupID: group, Cause: rotation.Requested, State: state, StartedAt: at, Since: at}
	if state.Final() {
		r.EndedAt = at.Add(time.Hour)
	}
	return r
}

// rotationIDs shows receipts in short.
func rotationIDs(rotations []rotation.Rotation) []string {
	var all []string
	for _, r := range rotations {
		all = append(all, r.ID)
	}
	return all
}

// fullRotation is a rotation in which every field says something, the salt too.
func fullRotation(group string) rotation.Rotation {
	r := newRotation("full", group, rotation.Done, noon())
	r.Salt = "salt-of-the-new-token"
	r.Old = token.Credential{Digest: token.Generate().Digest(), AddedAt: noon().Add(-time.Hour)}
	r.New = token.Credential{Digest: token.Generate().Digest(), AddedAt: noon()}
	r.Spec = rotation.Spec{
		Delivery: &rotation.Target{File: &rotation.FileTarget{Path: "/run/鍵/token"}}, Adopt: true, RollBackOver: 1 << 60,
		Finish:   rotation.FinishRule{Quiet: time.Minute, Deadline: time.Hour, Ask: true},
		Brownout: time.Second, Secure: true, EvictOver: 2 * time.Second, Grace: 3 * time.Second,
	}
	for i, at := range []*time.Time{&r.TLSOfferedAt, &r.TLSRequiredAt, &r.RotatedAt, &r.DeliveredAt, &r.BrownoutAt, &r.SetAt, &r.EndedAt, &r.Since} {
		*at = noon().Add(time.Duration(i+1) * time.Microsecond)
	}
	r.FinishNow, r.CancelNow, r.RollBackNow = true, true, true
	r.RefusedFrom, r.RefusedSince, r.Refused, r.Evicted = map[string]int64{group + "-001": 1}, noon(), 2, 3
	r.Culprits = []usage.Client{{
		Address: "::1", Name: "worker", Library: "redis-py", LibraryVersion: "5.0.1", Nodes: []string{group + "-001"}, Formerly: []string{"worker"},
		Connections: 1, Closed: 2, Refused: 3, FirstSeen: noon(), LastSeen: noon().Add(1),
	}}
	r.ProblemAt = noon()
	r.Notes, r.Problem, r.Reason = []cache.Saying{cache.Quote("a note"), cache.Say(cache.FactUndelivered, "problem", cache.Quote("no disk"))}, cache.Quote("the problem"), cache.Say(cache.FactOwnerCancelled)
	return r
}

func rotationsRoundTrip(e *env) {
	full := fullRotation("a")
	wantNoZero(e.T, reflect.ValueOf(full), "Rotation")
	begun := newRotation("begun", "鍵 'quoted'", rotation.Pending, noon().Add(time.Nanosecond))
	e.putRotations(full, begun)
	full.Salt = ""
	e.wantEqual(e.rotations(store.EntryQuery{}), []rotation.Rotation{full, begun})
}

// rotationsHoldNoSalt: receipts are kept for long and shown; the group's own copy, from
// which the token is made again after a crash, is not changed.
func rotationsHoldNoSalt(e *env) {
	g, r := e.group("a", 1), newRotation("r", "a", rotation.Rotating, noon())
	r.Salt = "salt-of-the-new-token"
	g.Rotation = &r
	e.update(func(tx store.UpdateTx) error {
		if err := store.Put(tx, store.Groups, g); err != nil {
			return err
		}
		return store.Append(tx, store.Rotations, *g.Rotation)
	})
	if got := e.rotations(store.EntryQuery{})[0].Salt; got != "" {
		e.Errorf("the receipt has the salt %q", got)
	}
	if got := e.get(g.Key()).Rotation; got == nil || got.Salt != r.Salt {
		e.Errorf("the group's rotation is %+v", got)
	}
}

// rotationsReplaced: a receipt is put again with each step of the rotation, and what it
// is selected by changes with it.
func rotationsReplaced(e *env) {
	at := noon()
	e.putRotations(newRotation("first", "a", rotation.Pending, at), newRotation("second", "a", rotation.Pending, at))
	changed := newRotation("first", "b", rotation.Failed, at)
	changed.Reason = cache.Quote("the reason")
	e.putRotations(changed)
	e.wantEqual(rotationIDs(e.rotations(store.EntryQuery{})), []string{"first", "second"})
	e.wantEqual(e.rotations(store.EntryQuery{Subject: "b", Label: string(rotation.Failed)}), []rotation.Rotation{changed})
	e.wantEqual(rotationIDs(e.rotations(store.EntryQuery{Subject: "a"})), []string{"second"})
	changed.StartedAt = at.Add(time.Hour)
	e.putRotations(changed)
	e.wantEqual(rotationIDs(e.rotations(store.EntryQuery{})), []string{"second", "first"})
}

func rotationsInOrder(e *env) {
	for _, c := range []struct {
		id   string
		step time.Duration
	}{{"late", time.Hour}, {"early", -time.Hour}, {"same 1", 0}, {"same 2", 0}} {
		e.putRotations(newRotation(c.id, "a", rotation.Done, noon().Add(c.step)))
	}
	want := []string{"early", "same 1", "same 2", "late"}
	e.wantEqual(rotationIDs(e.rotations(store.EntryQuery{})), want)
	e.wantEqual(rotationIDs(e.rotations(store.EntryQuery{Subject: "a"})), want)
	slices.Reverse(want)
	e.wantEqual(rotationIDs(e.rotations(store.EntryQuery{Newest: true})), want)
}

func rotationsSelected(e *env) {
	e.putRotations(
		newRotation("0", "a", rotation.Done, noon()),
		newRotation("1", "b", rotation.Done, noon().Add(1)),
		newRotation("2", "a", rotation.Failed, noon().Add(2)),
		newRotation("3", "a", rotation.Done, noon().Add(3)),
	)
	for _, c := range []struct {
		query store.EntryQuery
		want  []string
	}{
		{store.EntryQuery{}, []string{"0", "1", "2", "3"}},
		{store.EntryQuery{Subject: "a"}, []string{"0", "2", "3"}},
		{store.EntryQuery{Subject: "a-001"}, nil},
		{store.EntryQuery{Label: string(rotation.Done)}, []string{"0", "1", "3"}},
		{store.EntryQuery{Label: string(rotation.Cancelled)}, nil},
		{store.EntryQuery{From: noon().Add(2)}, []string{"2", "3"}},
		{store.EntryQuery{From: noon().AddDate(-900, 0, 0), Limit: 1}, []string{"0"}},
		{store.EntryQuery{Subject: "a", Label: string(rotation.Done), From: noon().Add(1)}, []string{"3"}},
		{store.EntryQuery{Limit: 2}, []string{"0", "1"}},
		{store.EntryQuery{Newest: true, Limit: 1}, []string{"3"}},
		{store.EntryQuery{Newest: true, Subject: "a", Limit: 2}, []string{"3", "2"}},
	} {
		if got := rotationIDs(e.rotations(c.query)); !slices.Equal(got, c.want) {
			e.Errorf("%+v: got %v, want %v", c.query, got, c.want)
		}
	}
}

// rotationsPruned: what counts is the end, and what has none stays.
func rotationsPruned(e *env) {
	for i, id := range []string{"0", "1", "2"} {
		e.putRotations(newRotation(id, "a", rotation.Done, noon().Add(time.Duration(i))))
	}
	e.putRotations(newRotation("under way", "a", rotation.Waiting, noon().AddDate(-1, 0, 0)))
	ended := noon().Add(time.Hour)
	for _, c := range []struct {
		before time.Time
		want   int
		left   []string
	}{
		{time.Time{}, 0, []string{"under way", "0", "1", "2"}},
		{ended, 0, []string{"under way", "0", "1", "2"}},
		{ended.Add(2), 2, []string{"under way", "2"}},
		{ended.AddDate(900, 0, 0), 1, []string{"under way"}},
	} {
		var n int
		e.update(func(tx store.UpdateTx) (err error) {
			n, err = store.Prune(tx, store.Rotations, c.before)
			return err
		})
		if left := rotationIDs(e.rotations(store.EntryQuery{})); n != c.want || !slices.Equal(left, c.left) {
			e.Errorf("pruning before %s removed %d and left %v, want %d and %v", c.before, n, left, c.want, c.left)
		}
	}
}

func rotationsOutliveGroup(e *env) {
	g := e.group("a", 1)
	e.put(g)
	want := newRotation("r", "a", rotation.Done, noon())
	e.putRotations(want)
	e.update(func(tx store.UpdateTx) error { return store.Delete(tx, store.Groups, g.Key()) })
	e.wantEqual(e.rotations(store.EntryQuery{Subject: "a"}), []rotation.Rotation{want})
}

// rotationsNeedIdentity: without an id one receipt would take the place of another, and
// without a time it could not be put in order.
func rotationsNeedIdentity(e *env) {
	for _, bad := range []rotation.Rotation{
		newRotation("", "a", rotation.Done, noon()),
		newRotation("no time", "a", rotation.Done, time.Time{}),
	} {
		err := e.store.Update(e.Context(), func(tx store.UpdateTx) error {
			if err := store.Append(tx, store.Rotations, newRotation("good", "a", rotation.Done, noon())); err != nil {
				return err
			}
			return store.Append(tx, store.Rotations, bad)
		})
		if err == nil {
			e.Errorf("%+v was stored", bad)
		}
	}
	if left := e.rotations(store.EntryQuery{}); len(left) != 0 {
		e.Errorf("%v is stored", rotationIDs(left))
	}
}
