package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// This file moves the group from one mode of encryption in transit to another. Every step keeps the clients that
// both modes allow, so the way from plaintext to TLS, and the way back, goes through preferred:
//
//	none ◀──▶ preferred ◀──▶ required
//
// Tokens and users need required, and keep a group there.

// TransitUpdate is what is asked of encryption in transit: two parameters, each of which may be absent.
type TransitUpdate struct {
	Enabled *bool
	Mode    cache.Transit // preferred or required; empty: absent
}

func (u TransitUpdate) asks() bool { return u.Enabled != nil || u.Mode != "" }

// Refusals of another mode, in the original's words where they are known.
//
// Source: answers quoted in aws-controllers-k8s/community issue 2536, and in cloudposse/terraform-aws-elasticache-redis issues 239 and 240;
// terraform-provider-aws disables encryption by way of preferred.
var (
	errTransitTokens = cache.Errorf(cache.KindCombination, "Modification of transit encryption is not supported for access control enabled clusters.")
	errTransitMode   = cache.Errorf(cache.KindCombination, "To modify transit encryption mode, set encryption-in-transit as enabled.")
	errTransitOn     = cache.Errorf(cache.KindCombination, "Direct transition from transit-encryption-disabled to transit-encryption-enabled is not allowed. "+
		"Update the cluster to transit-encryption-mode preferred prior to enabling transit encryption.")
	errTransitOff = cache.Errorf(cache.KindCombination, "Direct transition from transit-encryption-enabled to transit-encryption-disabled is not allowed. "+
		"Update the cluster to transit-encryption-mode preferred prior to disabling transit encryption.")
	errPreferredTokens = cache.Errorf(cache.KindCombination, "Transit encryption preferred is not supported with redis access control.")
	errTransitLater    = cache.Errorf(cache.KindCombination, "Encryption in transit can only be changed at once. Set ApplyImmediately to true.")
	errTransitSchedule = cache.Errorf(cache.KindCombination, "The group has a schedule of AUTH token rotations, which need TransitEncryptionMode required. "+
		"Delete the schedule first (aikagi token schedule --off).")
)

// nextTransit is the mode that an update leads to.
func (g *Group) nextTransit(u TransitUpdate) (cache.Transit, error) {
	on, off := u.Enabled != nil && *u.Enabled, u.Enabled != nil && !*u.Enabled
	switch {
	case !u.asks():
		return g.Transit, nil
	case len(g.Tokens.Tokens()) > 0, g.UserGroup != "":
		return "", errTransitTokens
	case u.Mode != "" && (off || g.Transit == cache.TransitNone && !on):
		return "", errTransitMode
	case off && g.Transit == cache.TransitRequired:
		return "", errTransitOff
	case off:
		return cache.TransitNone, nil
	case g.Transit == cache.TransitNone && u.Mode != cache.TransitPreferred:
		return "", errTransitOn
	case u.Mode == "":
		return g.Transit, nil
	}
	return u.Mode, nil
}

// changeTransit takes another mode over. What clients see of it changes when every node has it.
func (g *Group) changeTransit(change Change, now time.Time) ([]cache.Event, error) {
	next, err := g.nextTransit(change.Transit)
	switch {
	case err != nil:
		return nil, err
	case next == g.Transit:
		return nil, nil
	case !change.Immediately:
		return nil, errTransitLater
	case g.RotationSchedule != nil && next != cache.TransitRequired:
		return nil, errTransitSchedule
	}
	if err := g.checkPlaintextBeyond(next); err != nil {
		return nil, err
	}
	if err := g.RotationUnderWay(); err != nil {
		return nil, err
	}
	warning, err := g.checkPlaintext(change.Usage, next, now)
	if err != nil {
		return nil, err
	}
	from := g.Transit
	g.setTransit(next)
	events := []cache.Event{g.Tell(now, cache.Say(cache.FactTransitRequested, "group", g.ID, "from", from, "to", next))}
	if !warning.Empty() {
		events = append(events, g.Tell(now, warning))
	}
	return events, nil
}

// setTransit is how the group's mode changes. What is in force stays until every node has the next.
func (g *Group) setTransit(next cache.Transit) {
	from := g.TransitInForce()
	g.Transit, g.TransitFrom = next, &from
}

// changesTransit reports whether a change leads to another mode, as far as its own words tell.
func (g *Group) changesTransit(change Change) bool {
	next, err := g.nextTransit(change.Transit)
	return err == nil && next != g.Transit
}

// checkPlaintext applies the group's guard to the mode that ends connections in plaintext. The warning is empty if there is
// nothing to tell.
func (g *Group) checkPlaintext(known *usage.Group, next cache.Transit, now time.Time) (warning cache.Saying, err error) {
	if !g.knows(known) {
		known = nil
	}
	if err := g.checkGates(gatedTransit, known); err != nil {
		return cache.Saying{}, err
	}
	guard := g.Tags.TLSGuard()
	if next.Plaintext() || guard.Mode == cache.GuardOff {
		return cache.Saying{}, nil
	}
	found := usage.FindPlaintext(known, guard.Quiet, now)
	switch {
	case !found.Doubtful():
		return cache.Saying{}, nil
	case guard.Mode == cache.GuardRefuse:
		return cache.Saying{}, cache.Refuse(cache.KindCombination, "", cache.Say(cache.FactTLSGuardRefuses, "group", g.ID, "use", found.PlaintextSaying()))
	}
	return cache.Say(cache.FactTLSGuardWarns, "group", g.ID, "use", found.PlaintextSaying()), nil
}

// TransitInForce is the mode that every node has: while it is being changed, the one before.
func (g *Group) TransitInForce() cache.Transit {
	if g.TransitFrom != nil {
		return *g.TransitFrom
	}
	return g.Transit
}

// NoteBarred tells that connections of clients to a node are ended, within a time, because the mode does not allow
// them any more.
func (g *Group) NoteBarred(nodeID string, connections int, within time.Duration, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if node == nil {
		return nil
	}
	what := cache.FactEndingPlaintext
	if !g.Transit.TLS() {
		what = cache.FactEndingTLS
	}
	return []cache.Event{node.Tell(now, cache.Say(what, "connections", connections, "time", within))}
}

// settleTransit ends a change of the mode that every node has.
func (g *Group) settleTransit(now time.Time) []cache.Event {
	if g.TransitFrom == nil {
		return nil
	}
	g.TransitFrom = nil
	finished := map[cache.Transit]cache.FactCode{
		cache.TransitNone: cache.FactTransitNone, cache.TransitPreferred: cache.FactTransitPreferred, cache.TransitRequired: cache.FactTransitRequired,
	}
	return []cache.Event{g.Tell(now, cache.Say(finished[g.Transit], "group", g.ID))}
}

// ForecastRequired is what TransitEncryptionMode required would do if it came now.
func (g *Group) ForecastRequired(known *usage.Group, now time.Time) Forecast {
	f := Forecast{Guard: g.Tags.TLSGuard(), Known: g.knows(known) && len(known.Missing) == 0 && len(known.Gateless) == 0}
	if !g.knows(known) {
		known = nil
	}
	found := usage.FindPlaintext(known, f.Quiet, now)
	f.InUse = found.InUse
	f.Refused = f.Mode == cache.GuardRefuse && found.Doubtful() && g.Transit == cache.TransitPreferred
	use := found.PlaintextSaying()
	switch {
	case g.Transit == cache.TransitRequired:
		f.Text = cache.Say(cache.FactRequiredAlready)
	case g.Transit == cache.TransitNone:
		f.Text = cache.Say(cache.FactRequiredNotYet)
	case f.Refused:
		f.Text = cache.Say(cache.FactRequiredRefused, "use", use)
	case found.Doubtful():
		f.Text = cache.Say(cache.FactRequiredEnds, "use", use)
	default:
		f.Text = cache.Say(cache.FactRequiredEndsNothing, "use", use)
	}
	return f
}
