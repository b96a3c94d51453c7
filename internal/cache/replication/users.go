package replication

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// This file has clients log in as the users of a user group instead of with tokens, and back:
//
//	{NONE} ─────UserGroupIdsToAdd──────────▶            ──RemoveUserGroups, AuthToken──▶ {T}
//	                                         user group
//	{…T} ───UserGroupIdsToAdd and DELETE───▶            ──RemoveUserGroups─────────────▶ {NONE}
//
// The token set is empty exactly as long as there is a user group, so a node that knows of no users lets nobody in.

// UserGroupUpdate is what is asked of a group's user groups.
type UserGroupUpdate struct {
	Add, Remove []string // ids of user groups
	RemoveAll   bool
}

func (u UserGroupUpdate) asks() bool { return len(u.Add) > 0 || len(u.Remove) > 0 || u.RemoveAll }

// Refusals of a user group, in the original's words where they are known.
//
// Source: answers quoted in terraform-provider-aws issue 31710 and crossplane-contrib/provider-upjet-aws issue 1370.
var (
	errUsersNeedTLS     = cache.Errorf(cache.KindCombination, "User group based access control requires encryption-in-transit to be enabled on the replication group.")
	errUsersBesideToken = cache.Errorf(cache.KindCombination, "User group can't be associated with auth token enabled. Pass AuthStrategy delete to proceed.")
	errTokenBesideUsers = cache.Errorf(cache.KindCombination, "Auth tokens can't be enabled with a user group already associated. Pass RemoveUserGroups to proceed.")
	errOneUserGroup     = cache.Errorf(cache.KindCombination, "A replication group can have one user group. Remove the one that it has in the same call (UserGroupIdsToRemove).")
	errUsersSchedule    = cache.Errorf(cache.KindCombination, "The group has a schedule of AUTH token rotations, which need tokens. "+
		"Delete the schedule first (aikagi token schedule --off).")
)

// CheckAccess refuses what no change leads to: a group lets its clients in by tokens, or no token at all, or as users.
func (g *Group) CheckAccess() error {
	if g.Tokens.Empty() != (g.UserGroup != "") {
		return cache.Errorf(cache.KindInvalid, "A replication group has tokens, or a user group, and not both.")
	}
	return g.Tokens.Validate()
}

// createUsers gives a new group its user group.
func (g *Group) createUsers(spec Spec) error {
	switch {
	case len(spec.UserGroups) == 0:
		return nil
	case len(spec.UserGroups) > 1:
		return errOneUserGroup
	case spec.Token != nil:
		return errUsersBesideToken
	case spec.Transit != cache.TransitRequired:
		return errUsersNeedTLS
	}
	g.UserGroup, g.Tokens = spec.UserGroups[0], token.Set{}
	return nil
}

// nextUserGroup is the one that an update leads to; empty: none.
func (g *Group) nextUserGroup(u UserGroupUpdate) (string, error) {
	next := g.UserGroup
	for _, id := range u.Remove {
		if id != g.UserGroup {
			return "", cache.Errorf(cache.KindInvalid, "User group %s is not associated with replication group %s.", id, g.ID)
		}
	}
	if u.RemoveAll || len(u.Remove) > 0 {
		next = ""
	}
	for _, id := range u.Add {
		if next != "" && next != id {
			return "", errOneUserGroup
		}
		next = id
	}
	return next, nil
}

// changeAccess takes over who may log in: other tokens, or the users of a user group.
func (g *Group) changeAccess(change Change, now time.Time) ([]cache.Event, error) {
	next, err := g.nextUserGroup(change.UserGroups)
	switch {
	case err != nil:
		return nil, err
	case next == g.UserGroup && next == "":
		return g.changeToken(change, now)
	case next != "" && change.Token != nil && (change.Token.Digest != nil || change.Token.Strategy != token.StrategyDelete):
		return nil, errTokenBesideUsers
	case next == g.UserGroup:
		return nil, nil
	case next == "":
		return g.leaveUsers(change, now)
	}
	return g.joinUsers(next, change, now)
}

// joinUsers ends tokens, and what an earlier user group let in.
func (g *Group) joinUsers(next string, change Change, now time.Time) ([]cache.Event, error) {
	switch {
	case len(g.Tokens.Tokens()) > 0 && change.Token == nil:
		return nil, errUsersBesideToken
	case g.Transit != cache.TransitRequired:
		return nil, errUsersNeedTLS
	case g.RotationSchedule != nil:
		return nil, errUsersSchedule
	}
	if err := g.RotationUnderWay(); err != nil {
		return nil, err
	}
	var events []cache.Event
	for _, ends := range g.Tokens.Credentials() {
		warning, err := g.checkEnd(change, token.StrategyDelete, ends, now)
		if err != nil {
			return nil, err
		}
		if !warning.Empty() {
			events = append(events, g.Tell(now, warning))
		}
	}
	if len(g.Tokens.Tokens()) > 0 {
		g.TokenChange, g.TokensModifiedAt = token.StrategyDelete, now
	}
	g.Tokens = token.Set{}
	return append([]cache.Event{g.setUserGroup(next, now)}, events...), nil
}

// leaveUsers lets clients in by a token again, or without one.
func (g *Group) leaveUsers(change Change, now time.Time) ([]cache.Event, error) {
	next := token.OpenSet(now)
	if change.Token != nil {
		tokens, strategy, err := g.nextTokens(*change.Token, now)
		if err != nil {
			return nil, err
		}
		next, g.TokenChange, g.TokensModifiedAt = tokens, strategy, now
	}
	g.Tokens = next
	return []cache.Event{g.setUserGroup("", now)}, nil
}

// setUserGroup is how the group's user group changes. What answers show of it stays until every node has the next.
func (g *Group) setUserGroup(next string, now time.Time) cache.Event {
	from := g.UserGroupInForce()
	g.UserGroup, g.UserGroupFrom = next, &from
	if next == "" {
		return g.Tell(now, cache.Say(cache.FactUsersLeaving, "group", g.ID, "users", from, "tokens", g.Tokens))
	}
	return g.Tell(now, cache.Say(cache.FactUsersJoining, "group", g.ID, "users", next))
}

// UserGroupInForce is the one that every node has: while it is being changed, the one before. Empty: none.
func (g *Group) UserGroupInForce() string {
	if g.UserGroupFrom != nil {
		return *g.UserGroupFrom
	}
	return g.UserGroup
}

// settleUsers tells that a user group has arrived.
func (g *Group) settleUsers(now time.Time) []cache.Event {
	changed := g.UserGroupFrom != nil
	g.UserGroupFrom = nil
	if !changed || g.UserGroup == "" {
		return nil // the tokens that follow users are told of, if there are any
	}
	return []cache.Event{g.Tell(now, cache.Say(cache.FactUsersInForce, "group", g.ID, "users", g.UserGroup))}
}

// NoteUsers records which accounts a node has.
func (g *Group) NoteUsers(nodeID, accounts string) []cache.Event {
	if node := g.Node(nodeID); node != nil {
		node.Users = accounts
	}
	return nil
}

// HasUsers reports whether every node that lets clients in has these accounts of the group's user group.
func (g *Group) HasUsers(accounts string) bool {
	return !slices.ContainsFunc(g.Nodes(), func(n *Node) bool { return n.Status != cache.StatusCreating && n.Users != accounts })
}

// UserGroups are the user groups that the group has to do with, also while it changes from one to another.
func (g *Group) UserGroups() []string {
	all := slices.DeleteFunc([]string{g.UserGroup, g.UserGroupInForce()}, func(id string) bool { return id == "" })
	return slices.Compact(slices.Sorted(slices.Values(all)))
}
