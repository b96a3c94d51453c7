// Package event has the action that tells what happened.
package event

import "github.com/aikagi/aikagi/internal/elasticache/act"

// Handlers is the action of events.
type Handlers struct{ act.Deps }
