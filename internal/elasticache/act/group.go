package act

import (
	"context"
	"errors"
	"net/netip"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/fault"
	"github.com/aikagi/aikagi/internal/store"
)

// Groups is what the actions of replication groups and cache clusters need. It owns nothing of it.
type Groups struct {
	Deps
	// AddressPlan is that of new groups.
	AddressPlan cache.AddressPlan
	// NetworkTypes are those that it has addresses of; a new group that asks for none gets the first.
	NetworkTypes []cache.NetworkType
	Room         Room // nil: whether there are addresses is not known beforehand
	Witness      Witness
	Usage        Usage  // nil: the use of credentials is never known
	Memory       Memory // nil: how full nodes are is never known
	// NodeMemory is how much the nodes of all groups may have together by their node types, in bytes; 0: any amount.
	NodeMemory int64
	EC2        EC2 // nil: security groups are our own, or not known
	// StrictSecurity: caches can only name security groups that are known here.
	StrictSecurity bool
	// HostName names one of a group's addresses; nil: answers show the address.
	HostName func(*replication.Group, netip.AddrPort) string
}

// Witness is told of the tokens of changes that are asked for, so that a real login can prove them; the store never sees
// them.
type Witness interface {
	// Remember keeps the token of a change until that is proven.
	Remember(group cache.Key, token token.Token)
	// Drop takes back one Remember, for a change that was not stored.
	Drop(group cache.Key, token token.Token)
}

// Find finds the group that a request is about. Errors are of [cache.KindNotFound], about what the request names.
type Find func(store.Tx) (*replication.Group, error)

// Group finds a replication group.
func Group(id *string) Find { return Keyed(cache.ResourceReplicationGroup, Lower(id)) }

// NamedGroup finds a replication group, and refuses a request that names none with an error of [cache.KindMissing]. Our own
// actions need it: the model of the original says which of its parameters are required.
func NamedGroup(id *string) Find {
	if Lower(id) == "" {
		return func(store.Tx) (*replication.Group, error) {
			return nil, cache.Errorf(cache.KindMissing, "The request must contain the parameter ReplicationGroupId.")
		}
	}
	return Group(id)
}

// Keyed finds a replication group, or a cache cluster that stands alone, by its stored id.
func Keyed(resource cache.Resource, id string) Find {
	return func(tx store.Tx) (*replication.Group, error) {
		return store.Get(tx, store.Groups, cache.NewKey(resource, id))
	}
}

// GroupOf finds the group that a cache cluster belongs to (or is).
func GroupOf(nodeID string) Find {
	return func(tx store.Tx) (*replication.Group, error) { return store.GroupOfNode(tx, nodeID) }
}

// ReadGroup returns the group that a request is about. Errors are those of find.
func ReadGroup(ctx context.Context, d Groups, find Find) (g *replication.Group, err error) {
	err = d.Store.View(ctx, func(tx store.Tx) error {
		g, err = find(tx)
		return err
	})
	return g, err
}

// CreateGroup stores a new group, if there is room for it, and has the witness remember its token, if it has one.
// Errors are those of [CheckRoom], of [cache.KindCapacity] where there is not as much memory, and [store.PutGroup].
func CreateGroup(ctx context.Context, d Groups, g *replication.Group, token *token.Token) error {
	return learning(ctx, d, func() error {
		t := testimony{d.Witness, token, g.Key()}
		t.give()
		return t.kept(d.Store.Update(ctx, func(tx store.UpdateTx) error {
			if err := place(tx, d, g, nil); err != nil {
				return err
			}
			if err := CheckRoom(tx, d, g); err != nil {
				return err
			}
			if err := checkCapacity(tx, d, g, 0); err != nil {
				return err
			}
			if err := checkParameters(tx, g, ""); err != nil {
				return err
			}
			if err := checkUsers(tx, g, ""); err != nil {
				return err
			}
			events, err := checkSecurity(tx, d, g, nil)
			if err != nil {
				return err
			}
			return put(tx, g, events...)
		}))
	})
}

// With is what some changes of a group come with.
type With func(*groupChange)

// Token is one that a change brings: the witness remembers it as soon as the change may be durable. Nil: there is none.
func Token(token *token.Token) With { return func(c *groupChange) { c.token = token } }

// Question is a change that may end a credential. If the group's guard wants to know who uses that
// ([replication.Group.UsageWanted]), nodes are asked first, and change has the answer in its Usage when the group is
// changed.
func Question(change *replication.Change) With { return func(c *groupChange) { c.question = change } }

// ChangeGroup reads a group, lets fn change it, and stores it with the events that fn returns. fn may be run again, so it must
// have no other effects. Errors are those of find, fn and [store.PutGroup], and those of [CheckRoom] for a change that adds nodes.
func ChangeGroup(ctx context.Context, d Groups, find Find, fn func(*replication.Group) ([]cache.Event, error), with ...With) (g *replication.Group, err error) {
	c := groupChange{Groups: d, find: find, fn: fn}
	for _, w := range with {
		w(&c)
	}
	for {
		err := learning(ctx, d, func() (err error) {
			g, err = c.carryOut(ctx)
			return err
		})
		switch {
		case errors.Is(err, errAskFirst):
			err = c.ask(ctx, g)
		case errors.Is(err, errMeasureFirst):
			err = c.measure(ctx, g)
		default:
			return g, err
		}
		if err != nil {
			return nil, err
		}
	}
}

// groupChange is a change on its way.
type groupChange struct {
	Groups
	find     Find
	fn       func(*replication.Group) ([]cache.Event, error)
	token    *token.Token
	question *replication.Change // nil: nothing is to be asked
	asked    int
	used     *int64 // bytes, by the fullest node; nil: not asked yet
}

// carryOut makes the change in one transaction. The error is [errAskFirst] or [errMeasureFirst] if nodes have to be asked first; it then
// returns the group that they are to be asked about.
func (c *groupChange) carryOut(ctx context.Context) (g *replication.Group, err error) {
	t := testimony{witness: c.Witness, token: c.token}
	err = c.Store.Update(ctx, func(tx store.UpdateTx) (err error) {
		if g, err = c.find(tx); err != nil {
			return err
		}
		if c.mustAsk(g) {
			return errAskFirst
		}
		nodes, before, had, parameters, size, need := nodesOf(g), len(g.Unaddressed()), g.SecurityGroupIDs, g.ParameterGroup, sizeOf(g), needOf(g)
		users := g.UserGroup
		events, err := c.fn(g)
		if err != nil {
			return err
		}
		if err := place(tx, c.Groups, g, nodes); err != nil {
			return err
		}
		if len(g.Unaddressed()) > before {
			if err := CheckRoom(tx, c.Groups, g); err != nil {
				return err
			}
		}
		if err := checkCapacity(tx, c.Groups, g, need); err != nil {
			return err
		}
		if err := checkParameters(tx, g, parameters); err != nil {
			return err
		}
		if err := checkUsers(tx, g, users); err != nil {
			return err
		}
		if err := c.checkSize(tx, g, size); err != nil {
			return err
		}
		told, err := checkSecurity(tx, c.Groups, g, had)
		if err != nil {
			return err
		}
		if t.group == "" { // the reconciler may look at the group as soon as this is durable
			t.group = g.Key()
			t.give()
		}
		return put(tx, g, append(events, told...)...)
	})
	return g, t.kept(err)
}

// put stores a group, and what is to be told. Errors are those of [store.PutGroup].
func put(tx store.UpdateTx, g *replication.Group, events ...cache.Event) error {
	if err := store.PutGroup(tx, g, events...); err != nil {
		return err
	}
	fault.Point(fault.StoreBeforeCommit)
	return nil
}

// testimony is what the witness is told of a write.
type testimony struct {
	witness Witness
	token   *token.Token // nil: there is nothing to tell
	group   cache.Key    // empty: the write came to nothing before it was told
}

func (t testimony) give() {
	if t.token != nil {
		t.witness.Remember(t.group, *t.token)
	}
}

// kept follows the write: if that failed, the testimony is taken back.
func (t testimony) kept(err error) error {
	switch {
	case err == nil:
		fault.Point(fault.StoreAfterCommit)
	case t.token != nil && t.group != "":
		t.witness.Drop(t.group, *t.token)
	}
	return err
}
