package store

import "context"

type deferSyncKey struct{}

// WithDeferredSync lets Updates with this context return before what they wrote is on the disk. Everybody reads it at once
// and it survives the end of the process; a loss of power may undo it, until the next Update without this is done. It is
// for what a loss of power makes void anyway, or what is found out again, and saves the wait for the disk.
func WithDeferredSync(ctx context.Context) context.Context {
	return context.WithValue(ctx, deferSyncKey{}, true)
}

// MayDeferSync reports whether the context is one of [WithDeferredSync].
func MayDeferSync(ctx context.Context) bool {
	may, _ := ctx.Value(deferSyncKey{}).(bool)
	return may
}
