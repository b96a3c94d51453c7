package rotation

import (
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// culpritsKept is how many of those who were refused a rotation names.
const culpritsKept = 20

// blame records who was refused, and how often.
func (r *Rotation) blame(refused int64, culprits []usage.Client) {
	r.Refused = refused
	r.Culprits = append([]usage.Client(nil), culprits[:min(len(culprits), culpritsKept)]...)
}

// blamed names those who were refused.
func (r *Rotation) blamed() cache.Saying {
	if len(r.Culprits) == 0 {
		return cache.Say(cache.FactRefusedOfNobody, "n", r.Refused)
	}
	return cache.Say(cache.FactRefusedOf, "n", r.Refused, "clients", usage.ClientSayings(r.Culprits, 0))
}
