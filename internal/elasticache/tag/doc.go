// Package tag has the actions of tags, on every resource that has some.
package tag

import "github.com/aikagi/aikagi/internal/elasticache/act"

// Handlers are the actions of tags.
type Handlers struct{ act.Groups }
