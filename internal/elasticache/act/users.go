package act

import (
	"strings"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

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
