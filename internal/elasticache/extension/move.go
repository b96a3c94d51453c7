package extension

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/store"
)

// Guests returns who came through the places of a group that is being moved.
type Guests func(context.Context, *replication.Group) usage.Guests

// defaultQuiet is for how long nobody must have used places that are closed.
const defaultQuiet = 10 * time.Minute

// MoveCache is the action [own.MoveCache].
func (h Handlers) MoveCache(ctx context.Context, in *own.MoveCacheInput) (*own.CacheMove, error) {
	plan, err := cache.ParseAddressPlan(aws.ToString(in.AddressPlan))
	if err != nil {
		return nil, err
	}
	want := replication.MoveRequest{To: plan, Anew: aws.ToBool(in.Anew)}
	if want.CloseIn, err = duration("CloseAfter", in.CloseAfter, 0); err != nil {
		return nil, err
	}
	find := cacheNamed(in.ReplicationGroupId, in.CacheClusterId)
	if want.Known, err = h.known(ctx, find); err != nil {
		return nil, err
	}
	return h.changeMove(ctx, find, want.Known, func(g *replication.Group) ([]cache.Event, error) { return g.BeginMove(want, h.Now()) })
}

// FinishCacheMove is the action [own.FinishCacheMove].
func (h Handlers) FinishCacheMove(ctx context.Context, in *own.EndCacheMoveInput) (*own.CacheMove, error) {
	return h.endMove(ctx, in, (*replication.Group).FinishMove)
}

// CancelCacheMove is the action [own.CancelCacheMove].
func (h Handlers) CancelCacheMove(ctx context.Context, in *own.EndCacheMoveInput) (*own.CacheMove, error) {
	return h.endMove(ctx, in, (*replication.Group).CancelMove)
}

func (h Handlers) endMove(ctx context.Context, in *own.EndCacheMoveInput, end func(*replication.Group, replication.End, time.Time) ([]cache.Event, error)) (*own.CacheMove, error) {
	quiet, err := duration("Quiet", in.Quiet, defaultQuiet)
	if err != nil {
		return nil, err
	}
	find := cacheNamed(in.ReplicationGroupId, in.CacheClusterId)
	known, err := h.known(ctx, find)
	if err != nil {
		return nil, err
	}
	how := replication.End{Known: known, Quiet: quiet, Force: aws.ToBool(in.Force)}
	return h.changeMove(ctx, find, known, func(g *replication.Group) ([]cache.Event, error) { return end(g, how, h.Now()) })
}

// DescribeCacheMove is the action [own.DescribeCacheMove].
func (h Handlers) DescribeCacheMove(ctx context.Context, in *own.CacheInput) (*own.CacheMove, error) {
	g, err := act.ReadGroup(ctx, h.Groups, cacheNamed(in.ReplicationGroupId, in.CacheClusterId))
	if err != nil {
		return nil, err
	}
	return h.cacheMove(g, h.guests(ctx, g)), nil
}

// cacheNamed finds what a request about a cache names: one of the two.
func cacheNamed(group, cluster *string) act.Find {
	if act.Lower(cluster) == "" {
		return act.NamedGroup(group)
	}
	return func(tx store.Tx) (*replication.Group, error) {
		if act.Lower(group) != "" {
			return nil, cache.Errorf(cache.KindCombination, "Name a replication group or a cache cluster, not both.")
		}
		g, err := act.GroupOf(act.Lower(cluster))(tx)
		if err == nil && !g.Standalone {
			return nil, cache.Errorf(cache.KindCombination, "Cache cluster %s is part of replication group %s: name that.", act.Lower(cluster), g.ID)
		}
		return g, err
	}
}

// known asks the nodes, before the change's transaction: it does not wait for them. The moment in between is unavoidable, as clients come when
// they like.
func (h Handlers) known(ctx context.Context, find act.Find) (*usage.Guests, error) {
	g, err := act.ReadGroup(ctx, h.Groups, find)
	if err != nil {
		return nil, err
	}
	return new(h.guests(ctx, g)), nil
}

func (h Handlers) guests(ctx context.Context, g *replication.Group) usage.Guests {
	if h.Guests == nil {
		return usage.Guests{At: h.Now()}
	}
	return h.Guests(ctx, g)
}

func (h Handlers) changeMove(ctx context.Context, find act.Find, known *usage.Guests, change func(*replication.Group) ([]cache.Event, error)) (*own.CacheMove, error) {
	g, err := act.ChangeGroup(ctx, h.Groups, find, change)
	if err != nil {
		return nil, err
	}
	return h.cacheMove(g, *known), nil
}

func (h Handlers) cacheMove(g *replication.Group, known usage.Guests) *own.CacheMove {
	out := &own.CacheMove{
		CacheId: g.ID, Status: string(g.Status), StatusReason: strings.Join(textsOf(h.reasons(g)), "; "), AddressPlan: g.AddressPlan.String(), Move: moveOf(g.Move),
		Places: h.movedPlaces(g), AsOf: known.At, Complete: len(known.Missing) == 0, MissingNodes: missingNodes(known.Missing), Clients: []own.PlaceClient{},
	}
	others, links := g.Others(), g.Links()
	for _, c := range known.Guests {
		if slices.Contains(links, c.At) {
			continue
		}
		out.Clients = append(out.Clients, own.PlaceClient{
			Address: c.From.String(), Place: c.At.String(), Shown: !slices.Contains(others, c.At), Connections: int32(c.Connections), Opened: c.Opened, LastAt: c.LastAt,
		})
	}
	return out
}

// moveOf is how a move is told; absent: there is none.
func moveOf(m *replication.Move) *own.Move {
	if m == nil {
		return nil
	}
	return &own.Move{
		FromPlan: m.From.String(), ToPlan: m.To.String(), State: string(m.State), Back: m.Back,
		StartedAt: m.StartedAt, OpenedAt: instant(m.OpenedAt), CloseAt: instant(m.CloseAt),
	}
}

func (h Handlers) movedPlaces(g *replication.Group) []own.MovedPlace {
	all := []own.MovedPlace{}
	place := func(endpoint, node string, shown, other netip.AddrPort) {
		if shown.IsValid() {
			all = append(all, own.MovedPlace{Endpoint: endpoint, CacheClusterId: node, Shown: h.hostPort(g, shown), Other: h.hostPort(g, other)})
		}
	}
	for i := range g.Shards {
		shard := &g.Shards[i]
		place(string(replication.EndpointPrimary), "", g.Shown(shard.PrimaryEndpoint, shard.PrimaryEndpoint6), g.Shown(shard.OtherPrimary, shard.OtherPrimary6))
		place(string(replication.EndpointReader), "", g.Shown(shard.ReaderEndpoint, shard.ReaderEndpoint6), g.Shown(shard.OtherReader, shard.OtherReader6))
		for j := range shard.Nodes {
			node := &shard.Nodes[j]
			place("", node.ID, g.Shown(node.Address, node.Address6), g.Shown(g.OtherOf(node), node.Other6))
		}
	}
	return all
}

// duration reads a parameter that people write; absent, it is the default.
func duration(name string, text *string, otherwise time.Duration) (time.Duration, error) {
	if text == nil {
		return otherwise, nil
	}
	d, err := time.ParseDuration(*text)
	if err != nil || d < 0 {
		return 0, cache.Errorf(cache.KindInvalid, "The parameter %s is not a duration like 30s, 10m or 24h.", name)
	}
	return d, nil
}
