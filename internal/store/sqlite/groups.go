package sqlite

import (
	"database/sql"
	"errors"
	"net/netip"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

const selectGroups = "SELECT key, revision, body FROM groups"

func (t *tx) ReplicationGroup(key cache.Key) (*cache.ReplicationGroup, error) {
	groups, err := t.groups(selectGroups+" WHERE key = ?", string(key))
	if err != nil {
		return nil, err
	}
	if len(groups) == 0 {
		return nil, notFound(key)
	}
	return groups[0], nil
}

func (t *tx) ReplicationGroups(q store.GroupQuery) ([]*cache.ReplicationGroup, error) {
	var s selection
	switch {
	case q.Resource != "":
		// A colon ends the resource in a key, and a semicolon comes right after it.
		s.where("key > ? AND key < ?", string(cache.NewKey(q.Resource, q.After)), string(q.Resource)+";")
	case q.After != "":
		return nil, errors.New("list groups: After needs a Resource")
	}
	statement, args := s.statement(selectGroups, "key", q.Limit)
	return t.groups(statement, args...)
}

func (t *tx) GroupOfNode(nodeID string) (*cache.ReplicationGroup, error) {
	groups, err := t.groups(selectGroups+" WHERE key = (SELECT group_key FROM cache_clusters WHERE id = ?)", nodeID)
	if err != nil {
		return nil, err
	}
	if len(groups) == 0 {
		return nil, notFound(cache.NewKey(cache.ResourceCacheCluster, nodeID))
	}
	return groups[0], nil
}

// GroupsOfNodes reads the ids first and then each group once, rather than a body
// for every node.
func (t *tx) GroupsOfNodes(after string, limit int) ([]store.NodeRef, error) {
	var s selection
	s.where("id > ?", after)
	statement, args := s.statement("SELECT id, group_key FROM cache_clusters", "id", limit)
	var ids []string
	var keys []cache.Key
	err := t.query(func(rows *sql.Rows) error {
		var id string
		var key cache.Key
		if err := rows.Scan(&id, &key); err != nil {
			return err
		}
		ids, keys = append(ids, id), append(keys, key)
		return nil
	}, statement, args...)
	if err != nil {
		return nil, err
	}
	groups, err := t.groups(selectGroups+" WHERE key IN (SELECT value FROM json_each(?))", array(keys))
	if err != nil {
		return nil, err
	}
	byKey := make(map[cache.Key]*cache.ReplicationGroup, len(groups))
	for _, g := range groups {
		byKey[g.Key()] = g
	}
	refs := make([]store.NodeRef, len(ids))
	for i, id := range ids {
		refs[i] = store.NodeRef{NodeID: id, Group: byKey[keys[i]]}
	}
	return refs, nil
}

func (t *tx) Addresses() (map[netip.Addr]cache.Key, error) {
	held := map[netip.Addr]cache.Key{}
	err := t.query(func(rows *sql.Rows) error {
		var text string
		var key cache.Key
		if err := rows.Scan(&text, &key); err != nil {
			return err
		}
		address, err := netip.ParseAddr(text)
		if err != nil {
			return corrupt(t.store.path, err.Error())
		}
		held[address] = key
		return nil
	}, "SELECT address, group_key FROM addresses")
	if err != nil {
		return nil, err
	}
	return held, nil
}

// groups runs a statement that begins with selectGroups.
func (t *tx) groups(statement string, args ...any) ([]*cache.ReplicationGroup, error) {
	var groups []*cache.ReplicationGroup
	err := t.query(func(rows *sql.Rows) error {
		var key cache.Key
		var revision int64
		var body []byte
		if err := rows.Scan(&key, &revision, &body); err != nil {
			return err
		}
		g, err := t.decode(key, body)
		if err != nil {
			return err
		}
		g.Revision = revision
		groups = append(groups, g)
		return nil
	}, statement, args...)
	if err != nil {
		return nil, err
	}
	return groups, nil
}
