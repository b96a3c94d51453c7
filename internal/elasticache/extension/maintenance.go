package extension

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/store"
)

// DescribeMaintenance is the action [own.DescribeMaintenance].
func (h Handlers) DescribeMaintenance(ctx context.Context, in *own.CacheInput) (*own.DescribeMaintenanceOutput, error) {
	var groups []*replication.Group
	err := h.Store.View(ctx, func(tx store.Tx) (err error) {
		if act.Lower(in.ReplicationGroupId) == "" && act.Lower(in.CacheClusterId) == "" {
			groups, err = store.Page(tx, store.Groups, store.Range{})
			return err
		}
		g, err := cacheNamed(in.ReplicationGroupId, in.CacheClusterId)(tx)
		groups = []*replication.Group{g}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &own.DescribeMaintenanceOutput{Caches: []own.Maintenance{}}
	for _, g := range groups {
		out.Caches = append(out.Caches, h.maintenance(g))
	}
	slices.SortStableFunc(out.Caches, func(a, b own.Maintenance) int {
		return cmp.Or(a.OpensAt.Compare(b.OpensAt), cmp.Compare(a.CacheId, b.CacheId))
	})
	return out, nil
}

// StartMaintenance is the action [own.StartMaintenance].
func (h Handlers) StartMaintenance(ctx context.Context, in *own.CacheInput) (*own.Maintenance, error) {
	return h.maintain(ctx, in, (*replication.Group).StartMaintenance)
}

// CancelMaintenance is the action [own.CancelMaintenance].
func (h Handlers) CancelMaintenance(ctx context.Context, in *own.CacheInput) (*own.Maintenance, error) {
	return h.maintain(ctx, in, (*replication.Group).CancelMaintenance)
}

func (h Handlers) maintain(ctx context.Context, in *own.CacheInput, step func(*replication.Group, time.Time) ([]cache.Event, error)) (*own.Maintenance, error) {
	g, err := act.ChangeGroup(ctx, h.Groups, cacheNamed(in.ReplicationGroupId, in.CacheClusterId), func(g *replication.Group) ([]cache.Event, error) {
		return step(g, h.Now())
	})
	if err != nil {
		return nil, err
	}
	out := h.maintenance(g)
	return &out, nil
}

func (h Handlers) maintenance(g *replication.Group) own.Maintenance {
	out := own.Maintenance{
		CacheId: g.ID, Status: string(g.Status), Window: g.MaintenanceWindow, OpensAt: cache.WindowStart(g.MaintenanceWindow, h.Now()),
		Open: cache.InMaintenanceWindow(g.MaintenanceWindow, h.Now()), Due: g.Due(), NodeType: g.Deferred.NodeType,
	}
	if to := g.Deferred.Version.To.Asked; to != (cache.EngineVersion{}) {
		out.Engine, out.EngineVersion = string(to.Engine), to.Version
	}
	return out
}
