package act

import (
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/store"
)

// checkSecurity looks at the security groups that a group is to have instead of those it had. It returns what is to be told of those that
// nothing is known of, or, where all have to be known, a refusal of [cache.KindInvalid].
func checkSecurity(tx store.Tx, d Groups, g *replication.Group, had []string) ([]cache.Event, error) {
	if slices.Equal(g.SecurityGroupIDs, had) {
		return nil, nil
	}
	admission, err := store.AdmissionOf(tx, g)
	if err != nil {
		return nil, err
	}
	if d.StrictSecurity {
		if err := admission.CheckKnown(); err != nil {
			return nil, err
		}
	}
	return g.TellUnknownSecurity(admission, d.Now()), nil
}
