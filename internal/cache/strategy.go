package cache

import (
	"time"
)

// TokenStrategy says how a token change treats the tokens that are held.
type TokenStrategy string

// The strategies, in the API's words. A token without a strategy means rotate.
const (
	StrategyRotate TokenStrategy = "ROTATE"
	StrategySet    TokenStrategy = "SET"
	StrategyDelete TokenStrategy = "DELETE"
)

// StrategyRestore is the change that brings credentials back. Nobody can ask for it over the API.
const StrategyRestore TokenStrategy = "RESTORE"

// TokenUpdate is a token change as it is asked for; a strategy without a token
// has no Digest.
type TokenUpdate struct {
	Digest   *Digest
	Strategy TokenStrategy // empty means [StrategyRotate]
}

// Refusals of token changes, in the original's words.
var (
	ErrTokenNeedsTLS     = Errorf(KindInvalid, "The AUTH token modification is only supported when encryption-in-transit is enabled.")
	ErrDeleteUnsupported = Errorf(KindInvalid, "Auth token update strategy delete is not supported currently")
)

// Update is the set after a change by [StrategyRotate] or [StrategySet].
func (s TokenSet) Update(token Digest, strategy TokenStrategy, now time.Time) (TokenSet, error) {
	if strategy == StrategySet {
		return s.Set(token)
	}
	return s.Rotate(token, now)
}
