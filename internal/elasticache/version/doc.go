// Package version has the action that says which versions of which engines there are.
package version

import "github.com/aikagi/aikagi/internal/cache"

// Handlers is the action of engine versions.
type Handlers struct {
	Versions cache.Catalogue // that can be asked for
}
