package mirror

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/ec2"
	"github.com/aikagi/aikagi/internal/store"
)

// read is one round.
func (m *Mirror) read(ctx context.Context) {
	m.round.Lock()
	defer m.round.Unlock()
	named, err := m.named(ctx)
	if err == nil {
		err = m.take(ctx, named)
	}
	m.note(ctx, err)
	m.keep(ctx, keepEvery)
}

// named are the ids of the groups that a round is about: those that caches name, and of EC2's those that one named.
func (m *Mirror) named(ctx context.Context) (ids []string, err error) {
	err = m.Store.View(ctx, func(tx store.Tx) error {
		stored, err := store.Page(tx, store.SecurityGroups, store.Range{})
		if err != nil {
			return err
		}
		ids, err = store.SecurityGroupsInUse(tx)
		for _, g := range stored {
			if g.Origin == security.OriginEC2 {
				ids = append(ids, g.ID)
			}
		}
		return err
	})
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// probe is the id of no group.
const probe = "sg-00000000"

// take asks for groups, and stores what has changed. The caller holds round.
func (m *Mirror) take(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		_, err := m.API.SecurityGroups(ctx, []string{probe}) // whether it works should be known before it is needed
		return err
	}
	found, err := m.ask(ctx, ids)
	if err != nil {
		return err
	}
	a := answer{asked: ids, found: found, at: m.Now()}
	var p plan
	err = m.Store.View(ctx, func(tx store.Tx) (err error) {
		p, err = m.plan(tx, a)
		return err
	})
	if err == nil && !p.empty() {
		err = m.Store.Update(store.WithReserve(ctx), func(tx store.UpdateTx) (err error) {
			if p, err = m.plan(tx, a); err != nil {
				return err
			}
			return p.carryOut(tx, a.at)
		})
	}
	if err != nil {
		return fmt.Errorf("store security groups of EC2: %w", err)
	}
	m.idle = p.idle
	m.mu.Lock()
	defer m.mu.Unlock()
	m.link.Twice, m.missing = p.twice, p.missing
	return nil
}

func (m *Mirror) plan(tx store.Tx, a answer) (plan, error) {
	stored, err := store.Page(tx, store.SecurityGroups, store.Range{})
	if err != nil {
		return plan{}, err
	}
	used, err := store.SecurityGroupsInUse(tx)
	return decide(stored, used, m.idle, a), err
}

// ask reads groups with everything that their rules mean.
func (m *Mirror) ask(ctx context.Context, ids []string) (map[string]*security.Group, error) {
	groups, err := m.API.SecurityGroups(ctx, ids)
	if err != nil {
		return nil, err
	}
	s := sources{groups: map[string][]netip.Addr{}, lists: map[string][]ec2.Network{}}
	wanted := map[string]bool{}
	for _, g := range groups {
		for _, p := range g.Permissions {
			for _, id := range p.Groups {
				wanted[id] = true
			}
			for _, id := range p.PrefixLists {
				s.lists[id] = nil
			}
		}
	}
	interfaces, err := m.API.Interfaces(ctx, slices.Sorted(maps.Keys(wanted)))
	if err != nil {
		return nil, err
	}
	for _, i := range interfaces {
		for _, id := range i.Groups {
			s.groups[id] = append(s.groups[id], i.Addresses...)
		}
	}
	for id := range s.lists {
		if s.lists[id], err = m.API.PrefixList(ctx, id); err != nil {
			return nil, err
		}
	}
	found := make(map[string]*security.Group, len(groups))
	for _, g := range groups {
		found[g.ID] = groupOf(g, s)
	}
	return found, nil
}

// note remembers how a round went, and says when that has changed.
func (m *Mirror) note(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	now := m.Now()
	m.mu.Lock()
	was, link := m.link, &m.link
	if err == nil {
		link.ReadAt, link.FailingSince, link.Failure = now, time.Time{}, ""
	} else {
		link.Failure = err.Error()
		if link.FailingSince.IsZero() {
			link.FailingSince = now
		}
	}
	m.mu.Unlock()
	switch {
	case err != nil && was.FailingSince.IsZero():
		m.Logger.WarnContext(ctx, "security groups cannot be read from EC2; the last known rules stay in force", "endpoint", m.Endpoint, "read_at", was.ReadAt, "reason", err)
		m.keep(ctx, 0)
	case err == nil && !was.FailingSince.IsZero():
		m.Logger.InfoContext(ctx, "security groups can be read from EC2 again", "endpoint", m.Endpoint, "failed_since", was.FailingSince)
	}
	if twice := m.Link().Twice; err == nil && len(twice) > 0 && !slices.Equal(twice, was.Twice) {
		m.Logger.WarnContext(ctx, "EC2 has security groups with the ids of our own; our own rules are in force", "ids", twice)
	}
}

// Learn makes sure that something is known of these groups. Errors are of [cache.KindInvalid] for those that EC2 does not have, and of
// [cache.KindUnavailable].
func (m *Mirror) Learn(ctx context.Context, ids []string) error {
	m.round.Lock()
	defer m.round.Unlock()
	found, err := m.ask(ctx, ids)
	if err != nil {
		return m.unavailable(err)
	}
	missing := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return found[id] != nil })
	if len(missing) > 0 {
		return security.ErrNotThere(missing)
	}
	return m.Store.Update(ctx, func(tx store.UpdateTx) error {
		known, err := store.Some(tx, store.SecurityGroups, ids...)
		if err != nil {
			return err
		}
		for _, id := range security.Unknown(ids, known) {
			found[id].CreatedAt = m.Now()
			if err := store.Put(tx, store.SecurityGroups, found[id]); err != nil {
				return err
			}
		}
		return nil
	})
}

// Has reports whether EC2 has a security group. The error is of [cache.KindUnavailable].
func (m *Mirror) Has(ctx context.Context, id string) (bool, error) {
	found, err := m.API.SecurityGroups(ctx, []string{id})
	if err != nil {
		return false, m.unavailable(err)
	}
	return len(found) > 0, nil
}

// Subnets returns which of these subnets EC2 has. The error is of [cache.KindUnavailable].
func (m *Mirror) Subnets(ctx context.Context, ids []string) ([]subnet.Subnet, error) {
	found, err := m.API.Subnets(ctx, ids)
	if err != nil {
		return nil, m.unavailable(err)
	}
	all := make([]subnet.Subnet, len(found))
	for i, s := range found {
		all[i] = subnet.Subnet(s)
	}
	return all, nil
}

// unavailable is the refusal of a request that EC2 had to be asked for.
func (m *Mirror) unavailable(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return cache.Errorf(cache.KindUnavailable, "The EC2 API at %s does not answer, so security groups and subnets cannot be checked. Nothing was changed. Try again. (%v)", m.Endpoint, err)
}
