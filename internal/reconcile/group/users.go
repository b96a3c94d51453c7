package group

import (
	"context"
	"fmt"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/store"
)

// This file brings the users of a user group to nodes. What a node lets in is compared as tokens are, so a change of a user needs no order of
// its own. A user, or a user group, is active again when every node of every cache that has it has noted that it is as it should be.

// callersOf are whom a group lets in.
func callersOf(g *replication.Group, users []user.Account) engine.Callers {
	return engine.Callers{Tokens: g.Tokens, Users: users}
}

// settleUsers writes down what is with all caches of these user groups, if somebody waits for that.
func (r *Reconciler) settleUsers(ctx context.Context, userGroups []string) error {
	if len(userGroups) == 0 {
		return nil
	}
	waited := false
	err := r.Store.View(ctx, func(tx store.Tx) (err error) {
		waited, err = store.UsersPending(tx, userGroups)
		return err
	})
	if err == nil && waited {
		err = r.Store.Update(store.WithReserve(ctx), func(tx store.UpdateTx) error { return store.SettleUsers(tx, userGroups, r.Now()) })
	}
	if err != nil && !cache.IsKind(err, cache.KindNotFound) { // it was deleted meanwhile, with all that was pending
		return fmt.Errorf("settle users: %w", err)
	}
	return nil
}
