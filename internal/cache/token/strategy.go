package token

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Strategy says how a token change treats the tokens that are held.
type Strategy string

// The strategies, in the API's words. A token without a strategy means rotate.
const (
	StrategyRotate Strategy = "ROTATE"
	StrategySet    Strategy = "SET"
	StrategyDelete Strategy = "DELETE"
)

// StrategyRestore is the change that brings credentials back. Nobody can ask for it over the API.
const StrategyRestore Strategy = "RESTORE"

// Update is a token change as it is asked for; a strategy without a token
// has no Digest.
type Update struct {
	Digest   *Digest
	Strategy Strategy // empty means [StrategyRotate]
}

// Refusals of token changes, in the original's words.
var (
	ErrNeedsTLS          = cache.Errorf(cache.KindInvalid, "The AUTH token modification is only supported when encryption-in-transit is enabled.")
	ErrDeleteUnsupported = cache.Errorf(cache.KindInvalid, "Auth token update strategy delete is not supported currently")
)

// Update is the set after a change by [StrategyRotate] or [StrategySet]. From the empty set both lead to {T}: the original asks for SET, the
// one that needs no ROTATE before.
func (s Set) Update(token Digest, strategy Strategy, now time.Time) (Set, error) {
	if strategy == StrategySet && !s.Empty() {
		return s.Set(token)
	}
	return s.Rotate(token, now)
}
