package sqlite

import (
	"fmt"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

// claims are what only one group at a time can have. Most writes of a group leave
// them as they are, and are spared the work on their tables.
type claims struct {
	nodeIDs   []string
	nodes     [][2]string // id and UID
	addresses []string
}

func claimsOf(group *cache.ReplicationGroup) claims {
	var c claims
	for _, n := range group.NodeGroup.Nodes {
		c.nodeIDs = append(c.nodeIDs, n.ID)
		c.nodes = append(c.nodes, [2]string{n.ID, n.UID})
	}
	for _, a := range group.Addresses() {
		c.addresses = append(c.addresses, a.String())
	}
	return c
}

func (c claims) equal(other claims) bool {
	return slices.Equal(c.nodes, other.nodes) && slices.Equal(c.addresses, other.addresses)
}

func (u *updateTx) checkClaims(key cache.Key, c claims) error {
	id, err := u.taken(key, c.nodeIDs, takenNode)
	switch {
	case err != nil:
		return err
	case id != "":
		return exists(cache.NewKey(cache.ResourceCacheCluster, id))
	}
	address, err := u.taken(key, c.addresses, takenAddress)
	if err == nil && address != "" {
		err = fmt.Errorf("put %s: %s: %w", key, address, store.ErrAddressTaken)
	}
	return err
}

// taken returns the first of a group's names that it has twice, or that the
// statement finds with another group; "" if there is none.
func (u *updateTx) taken(key cache.Key, names []string, statement string) (string, error) {
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if seen[name] {
			return name, nil
		}
		seen[name] = true
	}
	var name string
	_, err := u.lookup([]any{&name}, statement, string(key), array(names))
	return name, err
}

func (u *updateTx) writeClaims(key cache.Key, c claims) error {
	for _, w := range []struct{ statement, rows string }{
		{dropNodes, array(c.nodes)},
		{putNodes, array(c.nodes)},
		{dropAddresses, array(c.addresses)},
		{putAddresses, array(c.addresses)},
	} {
		if _, err := u.exec(w.statement, string(key), w.rows); err != nil {
			return fmt.Errorf("put %s: %w", key, err)
		}
	}
	return nil
}

// Each takes the group's key and an array: of ids, of addresses, or of pairs of id
// and UID.
const (
	takenNode = `SELECT id FROM cache_clusters WHERE group_key <> ? AND id IN
		(SELECT value FROM json_each(?)) ORDER BY id LIMIT 1`
	takenAddress = `SELECT address FROM addresses WHERE group_key <> ? AND address IN
		(SELECT value FROM json_each(?)) ORDER BY address LIMIT 1`

	dropNodes = `DELETE FROM cache_clusters WHERE group_key = ? AND (id, uid) NOT IN
		(SELECT value ->> 0, value ->> 1 FROM json_each(?))`
	putNodes = `INSERT INTO cache_clusters (group_key, id, uid)
		SELECT ?, value ->> 0, value ->> 1 FROM json_each(?) WHERE true ON CONFLICT (id) DO NOTHING`
	dropAddresses = `DELETE FROM addresses WHERE group_key = ? AND address NOT IN
		(SELECT value FROM json_each(?))`
	putAddresses = `INSERT INTO addresses (group_key, address)
		SELECT ?, value FROM json_each(?) WHERE true ON CONFLICT (address) DO NOTHING`
)
