package mirror

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/store"
)

// answer is what EC2 has said.
type answer struct {
	asked []string                   // ids
	found map[string]*security.Group // by id
	at    time.Time
}

// plan is what is to be stored, and what is to be remembered.
type plan struct {
	put     []*security.Group
	drop    []string // ids that no cache names any more
	gone    []string // ids that EC2 does not have any more, since now
	back    []string // ids that it has again
	twice   []string
	missing map[string]bool // ids that it does not have, and that nothing is known of
	idle    map[string]bool // ids that no cache names, for the first time
}

func (p plan) empty() bool { return len(p.put) == 0 && len(p.drop) == 0 }

// decide compares what is stored with an answer. It is pure. The used are the ids that caches name, idle those that none named the last
// time.
func decide(stored []*security.Group, used []string, idle map[string]bool, a answer) plan {
	p := plan{missing: map[string]bool{}, idle: map[string]bool{}}
	known := make(map[string]*security.Group, len(stored))
	for _, g := range stored {
		known[g.ID] = g
	}
	for _, id := range a.asked {
		named := slices.Contains(used, id)
		was, found := known[id], a.found[id]
		switch {
		case was == nil && found == nil:
			p.missing[id] = true
		case was == nil && named:
			p.store(found, nil, a.at)
		case was == nil: // it was named, and is not any more
		case was.Origin == security.OriginOwn:
			if found != nil {
				p.twice = append(p.twice, id)
			}
		case !named && idle[id]:
			p.drop = append(p.drop, id)
		default:
			if !named {
				p.idle[id] = true
			}
			p.store(found, was, a.at)
		}
	}
	return p
}

// store has a group of EC2 stored, if it is another than it was; found nil: EC2 does not have it.
func (p *plan) store(found, was *security.Group, at time.Time) {
	switch {
	case was == nil:
		next := *found
		next.CreatedAt = at
		p.put = append(p.put, &next)
	case found == nil && was.GoneSince.IsZero():
		next := *was
		next.GoneSince = at
		p.put, p.gone = append(p.put, &next), append(p.gone, was.ID)
	case found != nil && !found.SameAs(was):
		next := *found
		next.CreatedAt, next.Revision = was.CreatedAt, was.Revision
		p.put = append(p.put, &next)
		if !was.GoneSince.IsZero() {
			p.back = append(p.back, was.ID)
		}
	}
}

// carryOut stores, and tells the caches that it is about.
func (p plan) carryOut(tx store.UpdateTx, at time.Time) error {
	for _, g := range p.put {
		if err := store.Put(tx, store.SecurityGroups, g); err != nil {
			return err
		}
	}
	for _, id := range p.drop {
		if err := store.Delete(tx, store.SecurityGroups, id); err != nil {
			return err
		}
	}
	if err := tell(tx, p.gone, cache.FactSecurityGone, at); err != nil {
		return err
	}
	return tell(tx, p.back, cache.FactSecurityBack, at)
}

func tell(tx store.UpdateTx, ids []string, what cache.FactCode, at time.Time) error {
	for _, id := range ids {
		keys, err := store.SecurityGroupUsers(tx, id)
		if err != nil {
			return err
		}
		var groups []*replication.Group
		if groups, err = store.Some(tx, store.Groups, keys...); err != nil {
			return err
		}
		for _, g := range groups {
			if err := store.Append(tx, store.Events, g.Tell(at, cache.Say(what, "group", g.ID, "id", id))); err != nil {
				return err
			}
		}
	}
	return nil
}
