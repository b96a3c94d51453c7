package rotation

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// This file has the steps with which a group comes to require TLS ([Spec.Secure]). They come before all others: tokens
// need it.

// beforeTLS is where a rotation begins on a group of that mode. Where TLS is required there is nothing to be secured.
func (r *Rotation) beforeTLS(transit cache.Transit, now time.Time) State {
	r.Spec.Secure = r.Spec.Secure && transit != cache.TransitRequired
	switch {
	case !r.Spec.Secure:
		return Pending
	case transit == cache.TransitPreferred:
		r.TLSOfferedAt = now
		return AwaitingTLS
	}
	return OfferingTLS
}

// EndsPlaintext reports whether the rotation is on its way to a group that requires TLS, from where it can still go back.
func (r *Rotation) EndsPlaintext() bool {
	return r.State == OfferingTLS || r.State == AwaitingTLS || r.State == RequiringTLS
}

// OfferTLS begins to have the nodes accept TLS beside plaintext.
func OfferTLS(r *Rotation, _ token.Set, _ time.Time) (Effect, error) {
	if err := r.from(OfferingTLS); err != nil {
		return Effect{}, err
	}
	return encrypt(cache.TransitPreferred, cache.Say(cache.FactTLSOffering)), nil
}

// NoteTLSOffered records that every node accepts both.
func NoteTLSOffered(r *Rotation, _ token.Set, now time.Time) (Effect, error) {
	if err := r.from(OfferingTLS); err != nil {
		return Effect{}, err
	}
	r.TLSOfferedAt = now
	r.enter(AwaitingTLS, now)
	return tell(cache.Say(cache.FactTLSOffered)), nil
}

// EndPlaintext begins to have the nodes accept TLS only.
func EndPlaintext(r *Rotation, _ token.Set, now time.Time) (Effect, error) {
	if err := r.from(AwaitingTLS); err != nil {
		return Effect{}, err
	}
	r.FinishNow = false // the end of the old credential is another question
	r.enter(RequiringTLS, now)
	return encrypt(cache.TransitRequired, cache.Say(cache.FactTLSRequiring)), nil
}

// NoteTLSRequired records that no node accepts plaintext.
func NoteTLSRequired(r *Rotation, _ token.Set, now time.Time) (Effect, error) {
	if err := r.from(RequiringTLS); err != nil {
		return Effect{}, err
	}
	r.TLSRequiredAt = now
	r.enter(Pending, now)
	return tell(cache.Say(cache.FactTLSRequired)), nil
}
