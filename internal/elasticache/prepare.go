package elasticache

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Prepare stores what callers can expect of any service: the default cache subnet group and the default user.
func (a *API) Prepare(ctx context.Context) error {
	return cache.Join(
		prepare(ctx, a, store.SubnetGroups, subnet.Default(a.Now())),
		prepare(ctx, a, store.Users, user.Default(a.Now())),
	)
}

func prepare[K ~string, T any](ctx context.Context, a *API, k store.Kind[K, T], object *T) error {
	err := act.Create(ctx, a.deps(), k, object, func(store.Tx) error { return nil })
	if cache.IsKind(err, cache.KindExists) {
		return nil
	}
	return err
}
