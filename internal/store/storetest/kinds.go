package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aikagi/aikagi/internal/store"
)

// box is an object of no product: it has all that a kind can have.
type box struct {
	Name     string
	Born     string // UID
	Label    string // a name that only one box has
	In       []string
	Revision int64 `json:"-"`
}

var errNoBox = errors.New("no box")

// boxes are of the second form: the first had the label in capitals.
var boxes = store.Kind[string, box]{
	Name:     "box",
	ID:       func(b *box) string { return b.Name },
	UID:      func(b *box) string { return b.Born },
	Revision: func(b *box) *int64 { return &b.Revision },
	Claims: func(b *box) (claims []store.Claim) {
		if b.Label != "" {
			claims = append(claims, store.Claim{Space: "label", Name: b.Label})
		}
		return claims
	},
	Refs: func(b *box) (refs []store.Ref) {
		for _, name := range b.In {
			refs = append(refs, store.Ref{Kind: "box", ID: name})
		}
		return refs
	},
	Version: 2,
	Upgrade: func(from int, body []byte) ([]byte, error) {
		var b box
		if err := json.Unmarshal(body, &b); err != nil {
			return nil, err
		}
		b.Label = strings.ToLower(b.Label)
		return json.Marshal(b)
	},
	Missing: func(string) error { return errNoBox },
}

func (e *env) putBoxes(all ...*box) {
	e.Helper()
	e.update(func(tx store.UpdateTx) error {
		for _, b := range all {
			if err := store.Put(tx, boxes, b); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *env) tryPutBox(b *box) error {
	return e.store.Update(e.Context(), func(tx store.UpdateTx) error { return store.Put(tx, boxes, b) })
}

func (e *env) boxNames(r store.Range) (names []string) {
	e.Helper()
	e.view(func(tx store.Tx) error {
		all, err := store.Page(tx, boxes, r)
		for _, b := range all {
			names = append(names, b.Name)
		}
		return err
	})
	return names
}

// kindsAreApart: the same id in two kinds is of two objects.
func kindsAreApart(e *env) {
	others := boxes
	others.Name = "crate"
	e.putBoxes(&box{Name: "a", Born: "1"})
	e.update(func(tx store.UpdateTx) error {
		if _, err := store.Get(tx, others, "a"); !errors.Is(err, errNoBox) {
			e.Errorf("a crate that is a box: %v", err)
		}
		if err := store.Put(tx, others, &box{Name: "a", Born: "2"}); err != nil {
			return err
		}
		return store.Delete(tx, others, "a")
	})
	e.wantEqual(e.boxNames(store.Range{}), []string{"a"})
}

func kindsInRanges(e *env) {
	for i, name := range []string{"b:1", "a:2", "a:10", "a:", "a;", "ä:1", "鍵"} {
		e.putBoxes(&box{Name: name, Born: fmt.Sprint(i)})
	}
	for _, c := range []struct {
		r    store.Range
		want []string
	}{
		{store.Range{}, []string{"a:", "a:10", "a:2", "a;", "b:1", "ä:1", "鍵"}},
		{store.Range{Prefix: "a:"}, []string{"a:", "a:10", "a:2"}},
		{store.Range{Prefix: "a:", After: "a:"}, []string{"a:10", "a:2"}},
		{store.Range{Prefix: "a:", After: "a:10", Limit: 5}, []string{"a:2"}},
		{store.Range{Prefix: "a", Limit: 2}, []string{"a:", "a:10"}},
		{store.Range{After: "b:1", Limit: 1}, []string{"ä:1"}},
		{store.Range{Prefix: "鍵"}, []string{"鍵"}},
		{store.Range{Prefix: "c"}, nil},
	} {
		e.wantEqual(e.boxNames(c.r), c.want)
	}
	e.view(func(tx store.Tx) error {
		some, err := store.Some(tx, boxes, "b:1", "none", "a:2", "b:1")
		if err == nil && (len(some) != 2 || some[0].Name != "a:2" || some[1].Name != "b:1") {
			e.Errorf("some boxes are %+v", some)
		}
		return err
	})
}

// claimsFollow: a name is its object's until the object gives it up or is deleted.
func claimsFollow(e *env) {
	a := &box{Name: "a", Born: "1", Label: "fragile"}
	e.putBoxes(a)
	e.wantTaken(e.tryPutBox(&box{Name: "b", Born: "2", Label: "fragile"}))
	held := func() (name string) {
		e.view(func(tx store.Tx) error {
			b, err := store.Holder(tx, boxes, "label", "fragile")
			if b != nil {
				name = b.Name
			}
			return err
		})
		return name
	}
	e.wantEqual(held(), "a")
	a.Label = ""
	b := &box{Name: "b", Born: "2", Label: "fragile"}
	e.putBoxes(a, b)
	e.wantEqual(held(), "b")
	e.update(func(tx store.UpdateTx) error { return store.Delete(tx, boxes, "b") })
	e.wantEqual(held(), "")
	e.putBoxes(&box{Name: "c", Born: "3", Label: "fragile"})
	e.wantEqual(held(), "c")
}

// refsKeep: what is used cannot go, and nothing can use what is not there.
func refsKeep(e *env) {
	remove := func(name string) error {
		return e.store.Update(e.Context(), func(tx store.UpdateTx) error { return store.Delete(tx, boxes, name) })
	}
	var dangling *store.DanglingError
	if err := e.tryPutBox(&box{Name: "in", Born: "1", In: []string{"none"}}); !errors.As(err, &dangling) || dangling.To.ID != "none" {
		e.Errorf("a reference to nothing: %v", err)
	}
	in := &box{Name: "in", Born: "1", In: []string{"outer", "outer", "other"}}
	e.putBoxes(&box{Name: "outer", Born: "2"}, &box{Name: "other", Born: "3"}, in, &box{Name: "also", Born: "4", In: []string{"outer"}})
	e.view(func(tx store.Tx) error {
		by, err := tx.Referrers(store.Ref{Kind: "box", ID: "outer"}, 0)
		e.wantEqual(by, []store.Ref{{Kind: "box", ID: "also"}, {Kind: "box", ID: "in"}})
		return err
	})
	var used *store.InUseError
	if err := remove("outer"); !errors.As(err, &used) || used.By.ID != "also" {
		e.Errorf("delete what is used: %v", err)
	}
	in.In = []string{"other"}
	e.putBoxes(in)
	for _, name := range []string{"also", "outer", "in", "other"} {
		if err := remove(name); err != nil {
			e.Errorf("delete %s: %v", name, err)
		}
	}
	if err := remove("other"); !errors.Is(err, errNoBox) {
		e.Errorf("delete what is gone: %v", err)
	}
}

// refusedRefsWriteNothing: what goes on after a refusal does not find half of it.
func refusedRefsWriteNothing(e *env) {
	a := &box{Name: "a", Born: "1", Label: "old"}
	e.putBoxes(a)
	e.update(func(tx store.UpdateTx) error {
		a.Label, a.In = "new", []string{"none"}
		if err := store.Put(tx, boxes, a); err == nil {
			e.Error("a reference to nothing was written")
		}
		b, err := store.Holder(tx, boxes, "label", "old")
		if err == nil && b == nil {
			e.Error("a refused Put gave a claim up")
		}
		return err
	})
	if a.Revision != 1 {
		e.Errorf("a refused Put set the revision to %d", a.Revision)
	}
}

// bodiesAreUpgraded: what an earlier release wrote is read in today's form, and written so.
func bodiesAreUpgraded(e *env) {
	e.update(func(tx store.UpdateTx) error {
		return tx.PutRow(store.Row{Kind: "box", ID: "a", UID: "1", Version: 1, Body: []byte(`{"Name": "a", "Born": "1", "Label": "LOUD"}`)})
	})
	e.update(func(tx store.UpdateTx) error {
		b, err := store.Get(tx, boxes, "a")
		if err != nil {
			return err
		}
		e.wantEqual(b, &box{Name: "a", Born: "1", Label: "loud", Revision: 1})
		return store.Put(tx, boxes, b)
	})
	e.view(func(tx store.Tx) error {
		rows, err := tx.Rows("box", "a")
		if err == nil && (rows[0].Version != 2 || rows[0].Revision != 2 || !strings.Contains(string(rows[0].Body), `"loud"`)) {
			e.Errorf("the row is %+v", rows[0])
		}
		return err
	})
}

// newerBodiesAreRefused: a form that this release does not know is not guessed at, and one that cannot be read is said to be
// damaged.
func newerBodiesAreRefused(e *env) {
	for id, row := range map[string]store.Row{
		"newer": {Version: 3, Body: []byte(`{"Name": "newer"}`)},
		"torn":  {Version: 2, Body: []byte(`{"Name": "to`)},
		"other": {Version: 2, Body: []byte(`{"Name": "another"}`)},
		"old":   {Version: 1, Body: []byte(`[]`)},
	} {
		row.Kind, row.ID, row.UID = "box", id, id
		e.update(func(tx store.UpdateTx) error { return tx.PutRow(row) })
		want := store.ErrCorrupt
		if id == "newer" {
			want = store.ErrNewer
		}
		e.wantIs(e.store.View(e.Context(), func(tx store.Tx) error {
			_, err := store.Get(tx, boxes, id)
			return err
		}), want)
	}
}
