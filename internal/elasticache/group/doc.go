// Package group has the actions of replication groups, a file for each kind. Package cache/replication says what groups are.
package group

import (
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// Handlers are the actions of replication groups.
type Handlers struct {
	act.Groups
	Versions     cache.Catalogue // that can be asked for
	EncryptedDir bool            // the operator vouches for an encrypted data directory
}
