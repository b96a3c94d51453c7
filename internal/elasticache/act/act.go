package act

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

// Deps are what a handler needs. It owns none of them.
type Deps struct {
	Store   store.Store
	Region  string
	Account string
	Now     func() time.Time
}

// ARN is the resource name of something in this account and region.
func (d Deps) ARN(resource cache.Resource, id string) *string {
	return aws.String(cache.ARN{Region: d.Region, Account: d.Account, Resource: resource, ID: id}.String())
}

// Lower is an id as it is stored; empty when the client named none.
func Lower(id *string) string { return strings.ToLower(aws.ToString(id)) }

// Create stores a new object, when allow finds nothing against it in the transaction. Errors are those of [store.Put], and
// allow's.
func Create[K ~string, T any](ctx context.Context, d Deps, k store.Kind[K, T], object *T, allow func(store.Tx) error) error {
	return d.Store.Update(ctx, func(tx store.UpdateTx) error {
		if err := allow(tx); err != nil {
			return err
		}
		return store.Put(tx, k, object)
	})
}

// Change reads an object, lets fn change it, which can look at others in the transaction, and stores it. Errors are those of [store.Get], and fn's.
func Change[K ~string, T any](ctx context.Context, d Deps, k store.Kind[K, T], id K, fn func(store.Tx, *T) error) (object *T, err error) {
	err = d.Store.Update(ctx, func(tx store.UpdateTx) error {
		if object, err = store.Get(tx, k, id); err != nil {
			return err
		}
		if err := fn(tx, object); err != nil {
			return err
		}
		return store.Put(tx, k, object)
	})
	return object, err
}

// Delete removes an object. Errors are those of [store.Delete].
func Delete[K ~string, T any](ctx context.Context, d Deps, k store.Kind[K, T], id K) error {
	return d.Store.Update(ctx, func(tx store.UpdateTx) error { return store.Delete(tx, k, id) })
}

// List returns the object of an id, or where that is empty a page of all, with the marker of the next page if there is
// one. Errors are those of [store.Get].
func List[K ~string, T any](ctx context.Context, d Deps, k store.Kind[K, T], id K, p Page) (objects []*T, marker *string, err error) {
	err = d.Store.View(ctx, func(tx store.Tx) (err error) {
		if id != "" {
			object, err := store.Get(tx, k, id)
			objects = []*T{object}
			return err
		}
		objects, err = store.Page(tx, k, store.Range{After: p.After, Limit: p.Size + 1})
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	objects, marker = Cut(p, objects, func(object *T) string { return string(k.ID(object)) })
	return objects, marker, nil
}
