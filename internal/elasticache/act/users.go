package act

import (
	"context"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/store"
)

// Try asks an engine of a group whether an access would let a command through. Errors are of [cache.KindInvalid], for what is no command of
// that engine, and of [cache.KindUnavailable].
type Try func(ctx context.Context, g *replication.Group, access user.Access, words []string) (user.Trial, error)

// checkUsers refuses a user group that does not go with a group of caches. It was had before, or is checked now. Errors are of
// [cache.KindNotFound], of [cache.KindState] while the user group is being changed, and of [cache.KindCombination].
func checkUsers(tx store.Tx, g *replication.Group, had string) error {
	if g.UserGroup == had || g.UserGroup == "" {
		return nil
	}
	users, err := store.Get(tx, store.UserGroups, g.UserGroup)
	if err != nil {
		return err
	}
	if err := users.CheckActive("attached"); err != nil {
		return err
	}
	return users.CheckEngine(g.Asked().Engine)
}

// LowerAll writes ids as they are kept.
func LowerAll(ids []string) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = strings.ToLower(id)
	}
	return all
}
