package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// This file has which version of an engine a group's owner has asked for, and which build serves it.

// Asked is the engine version that the group's owner has asked for. It is what the original's API tells.
func (g *Group) Asked() cache.EngineVersion { return g.Offer().Asked }

// Offer is what the group's owner has asked for, and what serves it.
func (g *Group) Offer() cache.Offer {
	offer := cache.OfferOf(g.Version())
	if g.AskedFor != (cache.EngineVersion{}) {
		offer.Asked = g.AskedFor
	}
	return offer
}

// Version is the engine version that the group runs.
func (g *Group) Version() cache.EngineVersion {
	return cache.EngineVersion{Engine: g.Engine, Version: g.EngineVersion}
}

// tellAlias tells what serves a new group, if that is not what its owner has asked for.
func (g *Group) tellAlias(now time.Time) []cache.Event {
	offer := g.Offer()
	if !offer.Aliased() {
		return nil
	}
	return []cache.Event{g.Tell(now, cache.Say(cache.FactServedByAlias, "group", g.ID, "asked", offer.Asked, "build", offer.Build))}
}

// Succeed gives the group another version of its engine, for when its own is not
// installed any more. Nodes that run go on; each takes it with its next start.
func (g *Group) Succeed(version cache.EngineVersion, now time.Time) []cache.Event {
	successor := cache.Say(cache.FactVersionSucceeds, "old", g.Version(), "new", version)
	g.EngineVersion, g.BuildGone = version.Version, false
	if g.AskedFor == cache.OfferOf(version).Asked {
		g.AskedFor = cache.EngineVersion{}
	}
	return []cache.Event{g.Tell(now, successor)}
}

// NoteBuild records whether what serves the group is installed. Where it is not, and nothing can take its place, nodes that run go
// on, and none can start.
func (g *Group) NoteBuild(installed bool, now time.Time) []cache.Event {
	switch {
	case g.BuildGone == !installed, g.Status == cache.StatusDeleting, g.Status == cache.StatusCreateFailed:
		return nil
	case installed:
		g.BuildGone = false
		return []cache.Event{g.Tell(now, cache.Say(cache.FactBuildBack, "group", g.ID, "version", g.Version()))}
	}
	g.BuildGone = true
	return []cache.Event{g.Tell(now, g.BuildGoneSaying())}
}

// BuildGoneSaying says that what serves the group is not installed any more.
func (g *Group) BuildGoneSaying() cache.Saying {
	return cache.Say(cache.FactBuildGone, "group", g.ID, "version", g.Version())
}
