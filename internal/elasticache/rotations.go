package elasticache

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// DescribeAuthTokenRotationsInput asks for guided rotations, under way and over.
type DescribeAuthTokenRotationsInput struct {
	ReplicationGroupId *string // of this group only, which may be deleted by now
	RotationId         *string // this one only
	MaxRecords         *int32
	Marker             *string
}

// DescribeAuthTokenRotationsOutput is the answer, newest first.
type DescribeAuthTokenRotationsOutput struct {
	Rotations []AuthTokenRotation
	Marker    *string
}

// AuthTokenRotation is a guided rotation; see [cache.Rotation]. Times that are absent have
// not come.
type AuthTokenRotation struct {
	RotationId         *string
	ReplicationGroupId *string
	Cause              *string // request, schedule
	State              *string // see the diagram of package cache
	Over               *bool
	OldCredential      *string // a fingerprint, or NONE
	NewCredential      *string // absent: it is not in use yet

	Delivery     *string
	FinishOnly   *bool
	Finish       *string
	Brownout     *string
	EvictOver    *string
	Grace        *string
	RollBackOver *int64

	StartedAt   *time.Time
	RotatedAt   *time.Time // every node accepts both
	DeliveredAt *time.Time
	BrownoutAt  *time.Time // the last one was over
	SetAt       *time.Time // every node refuses the old one
	EndedAt     *time.Time
	StateSince  *time.Time

	FinishRequested    *bool
	CancelRequested    *bool
	RollBackRequested  *bool
	RefusedBefore      *int64 // logins with the old one that were refused before it was on purpose
	RefusedLogins      *int64 // and since, when that was last put down
	EvictedConnections *int64
	Culprits           []AuthTokenClient // who tried the old one when it was refused
	Notes              []string
	NoteFacts          []Fact  // what they say, one for each
	Problem            *string // holds it up, and is tried again
	ProblemFact        *Fact   // what the problem says
	Reason             *string // why it ended as it did
	ReasonFact         *Fact   // what the reason says
}

// rotations returns guided rotations, newest first, those that are under way as their
// groups have them.
func rotations(tx store.Tx, q store.EntryQuery) ([]cache.Rotation, error) {
	q.Newest = true
	found, err := store.Read(tx, store.Rotations, q)
	if err != nil {
		return nil, err
	}
	for i := range found {
		r := &found[i]
		if r.State.Final() {
			continue
		}
		g, err := store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, r.GroupID))
		switch {
		case err == nil && g.Rotation != nil && g.Rotation.ID == r.ID:
			*r = g.Rotation.Receipt()
		case err == nil, cache.IsKind(err, cache.KindNotFound):
			r.State, r.Reason = cache.RotationFailed, cache.Say(cache.FactGroupLostIt)
		default:
			return nil, err
		}
	}
	return found, nil
}

func (a *API) describeAuthTokenRotations(ctx context.Context, in *DescribeAuthTokenRotationsInput) (*DescribeAuthTokenRotationsOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	var found []cache.Rotation
	err = a.Store.View(ctx, func(tx store.Tx) (err error) {
		id := act.Lower(in.ReplicationGroupId)
		if found, err = rotations(tx, store.EntryQuery{Subject: id}); err != nil || id == "" || len(found) > 0 {
			return err
		}
		_, err = store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, id))
		return err
	})
	if err != nil {
		return nil, err
	}
	if id := aws.ToString(in.RotationId); id != "" {
		found = slices.DeleteFunc(found, func(r cache.Rotation) bool { return r.ID != id })
	}
	found, marker, err := act.Within(p, found, func(r cache.Rotation) string { return r.ID })
	if err != nil {
		return nil, err
	}
	out := &DescribeAuthTokenRotationsOutput{Marker: marker}
	for _, r := range found {
		out.Rotations = append(out.Rotations, authTokenRotation(r))
	}
	return out, nil
}

// authTokenRotation renders a rotation. The salt is nowhere in it.
func authTokenRotation(r cache.Rotation) AuthTokenRotation {
	out := AuthTokenRotation{
		RotationId: aws.String(r.ID), ReplicationGroupId: aws.String(r.GroupID), Cause: aws.String(string(r.Cause)),
		State: aws.String(string(r.State)), Over: aws.Bool(r.State.Final()), OldCredential: aws.String(r.Old.String()),
		FinishOnly: aws.Bool(r.Spec.Adopt), Finish: aws.String(r.Spec.Finish.String()), Brownout: aws.String(r.Spec.Brownout.String()),
		EvictOver: aws.String(r.Spec.EvictOver.String()), Grace: aws.String(r.Spec.Grace.String()), RollBackOver: aws.Int64(r.Spec.RollBackOver),
		StartedAt: instant(r.StartedAt), RotatedAt: instant(r.RotatedAt), DeliveredAt: instant(r.DeliveredAt),
		BrownoutAt: instant(r.BrownoutAt), SetAt: instant(r.SetAt), EndedAt: instant(r.EndedAt), StateSince: instant(r.Since),
		FinishRequested: aws.Bool(r.FinishNow), CancelRequested: aws.Bool(r.CancelNow), RollBackRequested: aws.Bool(r.RollBackNow),
		RefusedBefore: aws.Int64(r.RefusedBefore()), RefusedLogins: aws.Int64(r.Refused), EvictedConnections: aws.Int64(r.Evicted), Notes: textsOf(r.Notes), NoteFacts: factsOf(r.Notes),
		Problem: optional(r.Problem.Text), ProblemFact: factOf(r.Problem), Reason: optional(r.Reason.Text), ReasonFact: factOf(r.Reason),
	}
	if r.Spec.Delivery != nil {
		out.Delivery = aws.String(r.Spec.Delivery.String())
	}
	if !r.New.IsNone() {
		out.NewCredential = aws.String(r.New.String())
	}
	for _, c := range r.Culprits {
		out.Culprits = append(out.Culprits, authTokenClient(c))
	}
	return out
}

// lastRotation is the newest rotation of the group that is over, if there is one.
func lastRotation(tx store.Tx, g *cache.ReplicationGroup) (*AuthTokenRotation, error) {
	found, err := store.Read(tx, store.Rotations, store.EntryQuery{Subject: g.ID, From: g.CreatedAt, Newest: true, Limit: 2}) // one may be under way
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		if r.State.Final() {
			last := authTokenRotation(r)
			return &last, nil
		}
	}
	return nil, nil
}
