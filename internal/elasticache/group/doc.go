// Package group has the actions of replication groups, a file for each kind. Package cache/replication says what groups are.
package group

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// AtRest is what encrypts the files of groups that want that.
type AtRest struct {
	// Covered: whatever nodes write is encrypted, by somebody else.
	Covered bool
	// Key makes a key for the group of this UID, wrapped by a key of the KMS if one is named. Errors are of [cache.KindCombination],
	// [cache.KindInvalid] and [cache.KindUnavailable]. Nil: nodes' files cannot be encrypted here, and Hindrance says why, and what to do.
	Key       func(ctx context.Context, group, kmsKeyID string) (*replication.DataKey, error)
	Hindrance string
}

// Handlers are the actions of replication groups.
type Handlers struct {
	act.Groups
	Versions cache.Catalogue // that can be asked for
	AtRest   AtRest          // encrypts nodes' files
}
