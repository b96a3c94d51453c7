package user

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// membersMax is how many users a group can have.
//
// Source: ElastiCache User Guide, "Quotas".
const membersMax = 100

// Group is a user group: those who can log in to the caches that it is attached to.
type Group struct {
	ID        string       `json:"id"`
	Engine    cache.Engine `json:"engine"`
	UserIDs   []string     `json:"user_ids"` // that it has, without what is pending
	Pending   Pending      `json:"pending"`
	Status    Status       `json:"status"`
	Tags      cache.Tags   `json:"tags,omitempty"`
	CreatedAt time.Time    `json:"created_at"`

	Revision int64 `json:"-"` // the store's
}

// Pending is what caches are being brought to.
type Pending struct {
	Add    []string `json:"add,omitempty"`
	Remove []string `json:"remove,omitempty"`
}

// GroupSpec is what is asked for when a group is created.
type GroupSpec struct {
	ID, Engine string
	UserIDs    []string
	Users      []*User // those of them that there are
	Tags       []cache.Tag
}

// GroupChange is what is asked for when a group is modified. Nil: it stays.
type GroupChange struct {
	Engine      *string
	Add, Remove []string
	Users       []*User // those that there are, of the group's and of Add
	Caches      []Cache // that the group is attached to
}

// Cache is a replication group that has a user group.
type Cache struct {
	ID     string
	Engine cache.Engine
}

// NewGroup makes a group, not stored yet. Errors are of [cache.KindInvalid] and [cache.KindCombination], and those of a list of users:
// of [cache.KindNotFound] and [cache.KindState] about [cache.ResourceUser], [cache.KindQuota], [cache.KindExists] about
// [cache.ResourceUserName], and of [cache.KindInvalid] about [cache.ResourceDefaultUser].
func NewGroup(spec GroupSpec, now time.Time) (*Group, error) {
	g := &Group{ID: strings.ToLower(spec.ID), UserIDs: lower(spec.UserIDs), Status: StatusActive, CreatedAt: now}
	var engineFault, tagFault error
	g.Engine, engineFault = ParseEngine(spec.Engine)
	g.Tags, tagFault = cache.Tags{}.With(spec.Tags)
	if err := cache.Join(checkID("UserGroupId", g.ID), engineFault, tagFault); err != nil {
		return nil, err
	}
	return g, g.check(spec.Users)
}

// Modify changes the group: at once, or beginning what its caches are to be brought to. Errors are those of NewGroup,
// [cache.ErrNoModification], and of [cache.KindState] about [cache.ResourceUserGroup] if it is not active. After an error the group is as it was.
func (g *Group) Modify(c GroupChange) error {
	if err := g.CheckActive("modified"); err != nil {
		return err
	}
	add, remove := lower(c.Add), lower(c.Remove)
	if c.Engine == nil && len(add)+len(remove) == 0 {
		return cache.ErrNoModification
	}
	next := *g
	if c.Engine != nil {
		engine, err := ParseEngine(*c.Engine)
		if err != nil {
			return err
		}
		next.Engine = engine
	}
	for _, id := range add {
		if slices.Contains(remove, id) {
			return cache.Errorf(cache.KindCombination, "User %s cannot be added and removed at the same time.", cache.QuoteName(id))
		}
		if slices.Contains(g.UserIDs, id) {
			return cache.Errorf(cache.KindInvalid, "User %s is already a member of user group %s.", id, g.ID)
		}
	}
	for _, id := range remove {
		if !slices.Contains(g.UserIDs, id) {
			return cache.Errorf(cache.KindInvalid, "User %s is not a member of user group %s.", cache.QuoteName(id), g.ID)
		}
	}
	next.Pending, next.Status = Pending{Add: add, Remove: remove}, StatusModifying
	if err := cache.Join(next.check(c.Users), next.checkCaches(c.Caches)); err != nil {
		return err
	}
	if len(c.Caches) == 0 {
		next.Settle()
	}
	*g = next
	return nil
}

// Members are the users that the group is to have: those of UserIDs, with what is pending.
func (g *Group) Members() []string {
	members := slices.DeleteFunc(slices.Clone(g.UserIDs), func(id string) bool { return slices.Contains(g.Pending.Remove, id) })
	return append(members, g.Pending.Add...)
}

// Has reports whether the group has a user, or has one in what is pending.
func (g *Group) Has(id string) bool {
	return slices.Contains(g.UserIDs, id) || slices.Contains(g.Pending.Add, id)
}

// Drop takes out a user that is being deleted, at once or beginning what caches are to be brought to. Errors are of [cache.KindInUse]
// about [cache.ResourceDefaultUser], for one that a Redis group cannot be without, and of [cache.KindState]. After an error the group is as it was.
//
// Source: the text is quoted in an issue of aws-controllers-k8s; only a group of engine redis needs a user named default.
func (g *Group) Drop(u *User, inUse bool) error {
	if g.Engine == cache.EngineRedis && u.Name == DefaultID {
		return cache.ResourceErrorf(cache.KindInUse, cache.ResourceDefaultUser, "User is associated to user group(s) as a default user and can't be deleted.")
	}
	if err := g.CheckActive("modified"); err != nil {
		return err
	}
	g.Pending, g.Status = Pending{Remove: []string{u.ID}}, StatusModifying
	if !inUse {
		g.Settle()
	}
	return nil
}

// Settle notes that all caches have what is pending.
func (g *Group) Settle() {
	g.UserIDs, g.Pending, g.Status = g.Members(), Pending{}, StatusActive
}

// CheckActive refuses an action while the group is being changed. The error is of [cache.KindState] about [cache.ResourceUserGroup].
//
// Source: the answer is quoted in hashicorp/terraform-provider-aws issue 37911.
func (g *Group) CheckActive(how string) error {
	if g.Status != StatusActive {
		return cache.ResourceErrorf(cache.KindState, cache.ResourceUserGroup, "User group %s has status %s. Only active user groups can be %s.", g.ID, g.Status, how)
	}
	return nil
}

// ChangeTags changes the group's tags.
func (g *Group) ChangeTags(change func(cache.Tags) (cache.Tags, error)) error {
	next, err := change(g.Tags)
	if err == nil {
		g.Tags = next
	}
	return err
}

// Event makes an event about the group.
func (g *Group) Event(now time.Time, message string) cache.Event {
	return cache.Event{At: now, SourceType: cache.SourceUserGroup, SourceID: g.ID, Message: message}
}

// MinimumEngineVersion is the oldest engine that understands all of the group's users.
func (g *Group) MinimumEngineVersion(users []*User) string {
	oldest := "6.0"
	if g.Engine == cache.EngineValkey {
		oldest = "7.2"
	}
	for _, u := range users {
		oldest = max(oldest, u.MinimumEngineVersion()) // of numbers with one digit each
	}
	return oldest
}

// CheckEngine refuses to attach the group to a cache of an engine. The error is of [cache.KindCombination].
//
// Source: ElastiCache User Guide, "Role-Based Access Control (RBAC)".
func (g *Group) CheckEngine(engine cache.Engine) error {
	if g.Engine == cache.EngineValkey && engine != cache.EngineValkey {
		return cache.Errorf(cache.KindCombination, "User group %s has engine valkey and cannot be used with a cache of engine %s.", g.ID, engine)
	}
	return nil
}

func (g *Group) checkCaches(caches []Cache) error {
	for _, c := range caches {
		if err := g.CheckEngine(c.Engine); err != nil {
			return err
		}
	}
	return nil
}

// check looks at the users that the group is to have.
func (g *Group) check(there []*User) error {
	ids := g.Members()
	if len(ids) > membersMax {
		return cache.ResourceErrorf(cache.KindQuota, cache.ResourceUser, "A user group can have at most %d users.", membersMax)
	}
	names, members := map[string]bool{}, map[string]bool{}
	for _, id := range ids {
		i := slices.IndexFunc(there, func(u *User) bool { return u.ID == id })
		if i < 0 {
			return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceUser, "User %s not found.", cache.QuoteName(id))
		}
		u := there[i]
		if members[id] {
			return cache.Errorf(cache.KindInvalid, "User %s is named twice.", id)
		}
		if err := cmp.Or(u.checkJoin(), g.admits(u)); err != nil {
			return err
		}
		if names[u.Name] {
			return cache.ResourceErrorf(cache.KindExists, cache.ResourceUserName, "User group %s cannot have more than one user with the user name %s.", g.ID, u.Name)
		}
		names[u.Name], members[id] = true, true
	}
	if g.Engine == cache.EngineRedis && !names[DefaultID] {
		return cache.ResourceErrorf(cache.KindInvalid, cache.ResourceDefaultUser, "Redis user group needs to contain a user with the user name default.")
	}
	return nil
}

// checkJoin refuses one that is about to be gone.
func (u *User) checkJoin() error {
	if u.Status == StatusDeleting {
		return cache.ResourceErrorf(cache.KindState, cache.ResourceUser, "User %s has status %s. Only active users can be in a user group.", u.ID, u.Status)
	}
	return nil
}

// admits refuses a user that cannot be in a group of this engine. The error is of [cache.KindCombination].
//
// Source: ElastiCache User Guide, "Role-Based Access Control (RBAC)"; the first answer is quoted in cdk-preflight.
func (g *Group) admits(u *User) error {
	switch {
	case g.Engine == cache.EngineValkey && u.Login.Authentication == AuthenticationNone:
		return cache.Errorf(cache.KindCombination, "No password user %s cannot be added to user group with engine Valkey", u.ID)
	case g.Engine == cache.EngineRedis && u.Engine == cache.EngineValkey:
		return cache.Errorf(cache.KindCombination, "User %s has engine valkey and cannot be in user group %s, which has engine redis.", u.ID, g.ID)
	}
	return nil
}

// CheckGroupCount refuses one more group than there can be; the error is of [cache.KindQuota].
func CheckGroupCount(there int) error {
	if there >= GroupsMax {
		return cache.ResourceErrorf(cache.KindQuota, cache.ResourceUserGroup, "There can be at most %d user groups.", GroupsMax)
	}
	return nil
}

func lower(ids []string) []string {
	var all []string
	for _, id := range ids {
		all = append(all, strings.ToLower(id))
	}
	return all
}
