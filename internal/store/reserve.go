package store

import "context"

type reserveKey struct{}

// WithReserve lets Updates with this context use the space that a store keeps back for when the disk is full. It
// is for writing down what has happened, or was decided: who is the primary, who signed in. What
// somebody asks for anew is refused then, or the reserve would soon be gone.
func WithReserve(ctx context.Context) context.Context {
	return context.WithValue(ctx, reserveKey{}, true)
}

// MayUseReserve reports whether the context is one of [WithReserve].
func MayUseReserve(ctx context.Context) bool {
	may, _ := ctx.Value(reserveKey{}).(bool)
	return may
}
