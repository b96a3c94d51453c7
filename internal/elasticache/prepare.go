package elasticache

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Prepare stores what callers can expect of any service: the default cache subnet group.
func (a *API) Prepare(ctx context.Context) error {
	err := act.Create(ctx, a.deps(), store.SubnetGroups, subnet.Default(a.Now()), func(store.Tx) error { return nil })
	if cache.IsKind(err, cache.KindExists) {
		return nil
	}
	return err
}
