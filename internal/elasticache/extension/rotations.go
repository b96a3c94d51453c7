package extension

import (
	"context"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/store"
)

// rotations returns guided rotations, newest first, those that are under way as their
// groups have them.
func rotations(tx store.Tx, q store.EntryQuery) ([]rotation.Rotation, error) {
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
			r.State, r.Reason = rotation.Failed, cache.Say(cache.FactGroupLostIt)
		default:
			return nil, err
		}
	}
	return found, nil
}

// DescribeAuthTokenRotations is the action [own.DescribeAuthTokenRotations].
func (h Handlers) DescribeAuthTokenRotations(ctx context.Context, in *own.DescribeAuthTokenRotationsInput) (out *own.DescribeAuthTokenRotationsOutput, err error) {
	out = &own.DescribeAuthTokenRotationsOutput{}
	log := receipts[rotation.Rotation, own.Rotation]{rotations, func(r rotation.Rotation) string { return r.ID }, authTokenRotation}
	out.Rotations, out.Marker, err = log.page(ctx, h.Deps, receiptQuery{group: in.ReplicationGroupId, id: in.RotationId, marker: in.Marker, max: in.MaxRecords})
	return out, err
}

// authTokenRotation renders a rotation. The salt is nowhere in it.
func authTokenRotation(r rotation.Rotation) own.Rotation {
	out := own.Rotation{
		RotationId: r.ID, ReplicationGroupId: r.GroupID, Cause: string(r.Cause), State: r.State, Over: r.State.Final(), OldCredential: r.Old.String(),
		FinishOnly: r.Spec.Adopt, Finish: r.Spec.Finish.String(), Brownout: r.Spec.Brownout.String(),
		EvictOver: r.Spec.EvictOver.String(), Grace: r.Spec.Grace.String(), RollBackOver: r.Spec.RollBackOver,
		StartedAt: r.StartedAt, RotatedAt: instant(r.RotatedAt), DeliveredAt: instant(r.DeliveredAt),
		BrownoutAt: instant(r.BrownoutAt), SetAt: instant(r.SetAt), EndedAt: instant(r.EndedAt), StateSince: instant(r.Since),
		FinishRequested: r.FinishNow, CancelRequested: r.CancelNow, RollBackRequested: r.RollBackNow,
		RefusedBefore: r.RefusedBefore(), RefusedLogins: r.Refused, EvictedConnections: r.Evicted, Notes: textsOf(r.Notes), NoteFacts: factsOf(r.Notes),
		Problem: r.Problem.Text, ProblemFact: factOf(r.Problem), Reason: r.Reason.Text, ReasonFact: factOf(r.Reason),
		Secure: r.Spec.Secure, TlsOfferedAt: instant(r.TLSOfferedAt), TlsRequiredAt: instant(r.TLSRequiredAt),
	}
	if r.Spec.Delivery != nil {
		out.Delivery = r.Spec.Delivery.String()
	}
	if !r.New.IsNone() {
		out.NewCredential = r.New.String()
	}
	for _, c := range r.Culprits {
		out.Culprits = append(out.Culprits, tokenClient(c))
	}
	return out
}

// lastRotation is the newest rotation of the group that is over, if there is one.
func lastRotation(tx store.Tx, g *replication.Group) (*own.Rotation, error) {
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
