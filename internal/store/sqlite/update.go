package sqlite

import (
	"fmt"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

// updateTx is a transaction that writes.
type updateTx struct {
	*tx
	put       []putGroup
	committed bool
}

// putGroup remembers the revision that a group had before it was put.
type putGroup struct {
	group    *cache.ReplicationGroup
	revision int64
}

// commit makes the writes durable. What failed within the transaction fails it as
// a whole, even if fn went on.
func (u *updateTx) commit() error {
	if u.failed != nil {
		return u.failed
	}
	if err := u.sql.Commit(); err != nil {
		return fmt.Errorf("commit: %w", u.fail(err))
	}
	u.committed = true
	return nil
}

// end rolls back unless commit succeeded. Groups get back the revisions that they
// were put with, so that the caller can put them again.
func (u *updateTx) end() {
	if u.committed {
		return
	}
	u.rollback()
	for i := len(u.put) - 1; i >= 0; i-- {
		u.put[i].group.Revision = u.put[i].revision
	}
}

// PutReplicationGroup checks everything before it writes anything, so that a
// refusal leaves the transaction as it was.
func (u *updateTx) PutReplicationGroup(group *cache.ReplicationGroup) error {
	body, err := encode(group)
	if err != nil {
		return err
	}
	old, err := u.readRevision(group)
	if err != nil {
		return err
	}
	wanted := claimsOf(group)
	moved := old == nil || !wanted.equal(claimsOf(old))
	if moved {
		if err := u.checkClaims(group.Key(), wanted); err != nil {
			return err
		}
	}
	if _, err := u.exec(putBody, string(group.Key()), group.UID, group.Revision+1, body); err != nil {
		return fmt.Errorf("put %s: %w", group.Key(), err)
	}
	if moved {
		if err := u.writeClaims(group.Key(), wanted); err != nil {
			return err
		}
	}
	u.put = append(u.put, putGroup{group, group.Revision})
	group.Revision++
	return nil
}

func (u *updateTx) DeleteReplicationGroup(key cache.Key) error {
	n, err := u.exec("DELETE FROM groups WHERE key = ?", string(key))
	if err != nil {
		return err
	}
	if n == 0 {
		return notFound(key)
	}
	return nil
}

// readRevision reads the group that is to be replaced, nil if there is none, and
// checks that it is the one that was read before. The UID tells it from a group of
// the same key that was deleted and made anew, whose revisions are the same.
func (u *updateTx) readRevision(group *cache.ReplicationGroup) (*cache.ReplicationGroup, error) {
	stored, err := u.groups(selectGroups+" WHERE key = ?", string(group.Key()))
	switch {
	case err != nil:
		return nil, err
	case len(stored) == 0 && group.Revision == 0:
		return nil, nil
	case len(stored) == 0:
		return nil, fmt.Errorf("put %s, which is gone: %w", group.Key(), store.ErrConflict)
	case group.Revision == 0:
		return nil, exists(group.Key())
	case stored[0].UID != group.UID || stored[0].Revision != group.Revision:
		return nil, fmt.Errorf("put %s: %w", group.Key(), store.ErrConflict)
	}
	return stored[0], nil
}

const putBody = `INSERT INTO groups (key, uid, revision, body) VALUES (?, ?, ?, ?)
	ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, body = excluded.body`
