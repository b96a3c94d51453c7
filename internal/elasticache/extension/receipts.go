package extension

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// receipts is a log of what was done to groups, as an action shows it.
type receipts[T, Shown any] struct {
	read func(store.Tx, store.EntryQuery) ([]T, error) // newest first; those that are under way as their groups have them
	id   func(T) string
	show func(T) Shown
}

// receiptQuery is which part of a log a client asks for.
type receiptQuery struct {
	group  *string // of this one only, which may be deleted by now
	id     *string // this one only
	marker *string
	max    *int32
}

// page returns a page of a log, and the marker of the next if there is one. It is an error if the group that is named neither is
// there nor has left a receipt.
func (r receipts[T, Shown]) page(ctx context.Context, d act.Deps, q receiptQuery) (shown []Shown, marker *string, err error) {
	p, err := act.ParsePage(q.marker, q.max)
	if err != nil {
		return nil, nil, err
	}
	var found []T
	err = d.Store.View(ctx, func(tx store.Tx) (err error) {
		group := act.Lower(q.group)
		if found, err = r.read(tx, store.EntryQuery{Subject: group}); err != nil || group == "" || len(found) > 0 {
			return err
		}
		_, err = act.NamedGroup(q.group)(tx)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if id := aws.ToString(q.id); id != "" {
		found = slices.DeleteFunc(found, func(receipt T) bool { return r.id(receipt) != id })
	}
	found, marker, err = act.Within(p, found, r.id)
	for _, receipt := range found {
		shown = append(shown, r.show(receipt))
	}
	return shown, marker, err
}
