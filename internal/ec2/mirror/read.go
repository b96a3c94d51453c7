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

// How long it may take. A round is given up then, and begun anew at its time; who wants to learn an id waits for another's round, too.
const (
	roundLimit = 2 * time.Minute
	learnLimit = 20 * time.Second // unless a test says another
)

// read is one round.
func (m *Mirror) read(ctx context.Context) {
	end, err := m.begin(ctx)
	if err != nil {
		return
	}
	defer end()
	named, err := m.named(ctx)
	if err == nil {
		bounded, cancel := context.WithTimeout(ctx, roundLimit)
		err = m.take(bounded, named)
		cancel()
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

// take asks for groups, and stores what has changed. Those that have a source which cannot be read stay as they were, and are the error;
// the others are stored all the same. The caller holds round.
func (m *Mirror) take(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		_, err := m.API.SecurityGroups(ctx, []string{probe}) // whether it works should be known before it is needed
		return err
	}
	found, unread, err := m.ask(ctx, ids)
	if err != nil {
		return err
	}
	read := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return unread[id] != nil })
	a := answer{asked: read, found: found, at: m.Now()}
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
	return unreadOf(unread)
}

// unreadOf is what is wrong with groups that could not be read; nil, if there are none.
func unreadOf(unread map[string]error) error {
	var all []error
	for _, id := range slices.Sorted(maps.Keys(unread)) {
		all = append(all, fmt.Errorf("a source of %s: %w", id, unread[id]))
	}
	return errors.Join(all...)
}

func (m *Mirror) plan(tx store.Tx, a answer) (plan, error) {
	stored, err := store.Page(tx, store.SecurityGroups, store.Range{})
	if err != nil {
		return plan{}, err
	}
	used, err := store.SecurityGroupsInUse(tx)
	return decide(stored, used, m.idle, a), err
}

// ask reads groups with everything that their rules mean. Those that have a source which cannot be read are not found, but unread, with
// the reason. The error is about all of them.
func (m *Mirror) ask(ctx context.Context, ids []string) (found map[string]*security.Group, unread map[string]error, err error) {
	groups, err := m.API.SecurityGroups(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	s := m.sources(ctx, groups)
	found, unread = make(map[string]*security.Group, len(groups)), map[string]error{}
	for _, g := range groups {
		if err := s.failure(g); err != nil {
			unread[g.ID] = err
			continue
		}
		found[g.ID] = groupOf(g, s)
	}
	return found, unread, nil
}

// sources looks up what the rules of groups name.
func (m *Mirror) sources(ctx context.Context, groups []ec2.SecurityGroup) sources {
	s := sources{groups: map[string][]netip.Addr{}, lists: map[string][]ec2.Network{}, listFailures: map[string]error{}}
	wanted, lists := map[string]bool{}, map[string]bool{}
	for _, g := range groups {
		for _, p := range g.Permissions {
			for _, id := range p.Groups {
				wanted[id] = true
			}
			for _, id := range p.PrefixLists {
				lists[id] = true
			}
		}
	}
	var interfaces []ec2.Interface
	interfaces, s.groupFailure = m.API.Interfaces(ctx, slices.Sorted(maps.Keys(wanted)))
	for _, i := range interfaces {
		for _, id := range i.Groups {
			s.groups[id] = append(s.groups[id], i.Addresses...)
		}
	}
	for id := range lists {
		s.lists[id], s.listFailures[id] = m.API.PrefixList(ctx, id)
	}
	return s
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

// Learn makes sure that something is known of these groups. It gives up after a time, also when a round takes so long that is under way.
// Errors are of [cache.KindInvalid] for those that EC2 does not have, and of [cache.KindUnavailable].
func (m *Mirror) Learn(ctx context.Context, ids []string) error {
	bounded, cancel := context.WithTimeout(ctx, m.learnLimit)
	defer cancel()
	end, err := m.begin(bounded)
	if err != nil {
		return m.unavailable(ctx, fmt.Errorf("what caches name already is being read, for longer than %s", m.learnLimit))
	}
	defer end()
	found, unread, err := m.ask(bounded, ids)
	if err == nil {
		err = unreadOf(unread)
	}
	if err != nil {
		return m.unavailable(ctx, err)
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
		return false, m.unavailable(ctx, err)
	}
	return len(found) > 0, nil
}

// Subnets returns which of these subnets EC2 has. The error is of [cache.KindUnavailable].
func (m *Mirror) Subnets(ctx context.Context, ids []string) ([]subnet.Subnet, error) {
	found, err := m.API.Subnets(ctx, ids)
	if err != nil {
		return nil, m.unavailable(ctx, err)
	}
	all := make([]subnet.Subnet, len(found))
	for i, s := range found {
		all[i] = subnet.Subnet(s)
	}
	return all, nil
}

// unavailable is the refusal of a request that EC2 had to be asked for; if who asked does not wait any more, it is ctx's error.
func (m *Mirror) unavailable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return cache.Errorf(cache.KindUnavailable, "The EC2 API at %s does not answer, so security groups and subnets cannot be checked. Nothing was changed. Try again. (%v)", m.Endpoint, err)
}
