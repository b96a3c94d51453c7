package server

import (
	"context"
	"os"

	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider/process"
)

// EngineUser is whom engines run as when aikagi runs as root. Otherwise they run as aikagi's user.
type EngineUser string

// The users that engines may run as.
const (
	EngineUserOwn  EngineUser = "own"  // each node as a user of its own; the default
	EngineUserSame EngineUser = "same" // as root, like aikagi
)

// own reports whether each node gets a user of its own. The error says why engines have to run as
// root although nobody asked for that: an installation that worked is not to stop working.
func (u EngineUser) own(ctx context.Context, engines []engine.Installed) (bool, error) {
	if u == EngineUserSame || os.Geteuid() != 0 {
		return false, nil
	}
	if err := CheckEngineUsers(ctx, engines); err != nil {
		return false, err
	}
	return true, nil
}

// CheckEngineUsers returns nil if root can run these engines as other users, or what is in the way and what to do.
func CheckEngineUsers(ctx context.Context, engines []engine.Installed) error {
	programs := make([]string, len(engines))
	for i, e := range engines {
		programs[i] = e.Path
	}
	return process.CheckUsers(ctx, programs...)
}
