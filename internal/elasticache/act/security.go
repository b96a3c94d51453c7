package act

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/cache/subnet"
	"github.com/aikagi/aikagi/internal/store"
)

// EC2 is an EC2 API, which has security groups and subnets. It is asked between transactions.
type EC2 interface {
	// Learn makes sure that security groups are stored. Errors are of [cache.KindInvalid], for those that EC2 does not have, and of
	// [cache.KindUnavailable].
	Learn(ctx context.Context, ids []string) error
	// Has reports whether EC2 has a security group. The error is of [cache.KindUnavailable].
	Has(ctx context.Context, id string) (bool, error)
	// Subnets returns which of these subnets EC2 has. The error is of [cache.KindUnavailable].
	Subnets(ctx context.Context, ids []string) ([]subnet.Subnet, error)
	// Link says how it goes with the API.
	Link() security.Link
}

// checkSecurity looks at the security groups that a group is to have instead of those it had. It returns what is to be told of those that
// nothing is known of, or, where all have to be known, a refusal of [cache.KindInvalid]. Where EC2 may know them, it is an error for
// [learning].
func checkSecurity(tx store.Tx, d Groups, g *replication.Group, had []string) ([]cache.Event, error) {
	if slices.Equal(g.SecurityGroupIDs, had) {
		return nil, nil
	}
	admission, err := store.AdmissionOf(tx, g)
	if err != nil {
		return nil, err
	}
	if d.EC2 != nil {
		return nil, checkAtEC2(tx, g, had, admission.Unknown)
	}
	if d.StrictSecurity {
		if err := admission.CheckKnown(); err != nil {
			return nil, err
		}
	}
	return g.TellUnknownSecurity(admission, d.Now()), nil
}

// checkAtEC2 checks what is new to a group, and then whether all of it is in one place.
func checkAtEC2(tx store.Tx, g *replication.Group, had, unknown []string) error {
	isNew := func(id string) bool { return !slices.Contains(had, id) }
	if unknown = filter(unknown, isNew); len(unknown) > 0 {
		return &unlearnedError{unknown}
	}
	known, err := store.Some(tx, store.SecurityGroups, filter(g.SecurityGroupIDs, isNew)...)
	if err != nil {
		return err
	}
	return cache.Join(security.CheckThere(known), store.CheckSecurityPlace(tx, g))
}

func filter(ids []string, keep func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !keep(id) })
}

// unlearnedError breaks off a transaction that needs security groups which EC2 may have.
type unlearnedError struct{ ids []string }

func (e *unlearnedError) Error() string {
	return "security groups are to be looked up first: " + strings.Join(e.ids, ", ")
}

// learnsMax is how often a change looks up security groups: they would have to be forgotten again each time in between.
const learnsMax = 3

// learning tries a change, and tries again after EC2 was asked for the security groups that it needs.
func learning(ctx context.Context, d Groups, try func() error) error {
	for range learnsMax {
		err := try()
		var unlearned *unlearnedError
		if !errors.As(err, &unlearned) {
			return err
		}
		if err := d.EC2.Learn(ctx, unlearned.ids); err != nil {
			return err
		}
	}
	return cache.Errorf(cache.KindUnavailable, "The security groups are being changed at the same time. Nothing was changed. Try again.")
}
