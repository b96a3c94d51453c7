package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Due reports whether something waits for the maintenance window.
func (g *Group) Due() bool { return g.Deferred != (DeferredChanges{}) }

// Enters reports whether [Group.EnterWindow] carries something out.
func (g *Group) Enters(now time.Time) bool {
	return cache.InMaintenanceWindow(g.MaintenanceWindow, now) && g.mustTakeMaintenance() == nil
}

// EnterWindow carries out what waited for the maintenance window, and tells of it. While the group is busy, it waits on.
func (g *Group) EnterWindow(now time.Time) []cache.Event {
	if !g.Enters(now) {
		return nil
	}
	return g.maintain(now, "Applying deferred modifications in the maintenance window")
}

// GiveResizeUp has the group keep its node type instead of the one that waits for the maintenance window, and tells why.
func (g *Group) GiveResizeUp(reason cache.Saying, now time.Time) []cache.Event {
	to := g.Deferred.NodeType
	if to == "" {
		return nil
	}
	g.Deferred.NodeType = ""
	return []cache.Event{g.Tell(now, cache.Say(cache.FactResizeGivenUp, "group", g.ID, "from", g.NodeType, "to", to, "reason", reason))}
}

// CancelMaintenance takes back all that waits for the maintenance window, whatever else the group is busy with. To take back one of two
// things, [Group.Modify] with the present value. Errors: [cache.KindState] when nothing waits, or the group is being deleted.
func (g *Group) CancelMaintenance(now time.Time) ([]cache.Event, error) {
	switch {
	case !g.Due():
		return nil, g.nothingWaits()
	case g.Status != cache.StatusModifying && g.Status != cache.StatusAvailable:
		return nil, g.mustBeAvailable()
	}
	return append(g.takeNodeTypeBack(now), g.takeVersionBack(now)...), nil
}

func (g *Group) takeNodeTypeBack(now time.Time) []cache.Event {
	to := g.Deferred.NodeType
	if to == "" {
		return nil
	}
	g.Deferred.NodeType = ""
	return []cache.Event{g.Tell(now, cache.Say(cache.FactResizeTakenBack, "group", g.ID, "from", g.NodeType, "to", to))}
}

func (g *Group) takeVersionBack(now time.Time) []cache.Event {
	to := g.Deferred.Version.To
	if to == (cache.Offer{}) {
		return nil
	}
	g.Deferred.Version = VersionChange{}
	return []cache.Event{g.Tell(now, cache.Say(cache.FactUpgradeTakenBack, "group", g.ID, "from", g.Offer(), "to", to))}
}

// StartMaintenance carries out at once what waits for the maintenance window. Errors: [cache.KindState] when nothing does, or the group is busy.
func (g *Group) StartMaintenance(now time.Time) ([]cache.Event, error) {
	if err := g.mustTakeMaintenance(); err != nil {
		return nil, err
	}
	return g.maintain(now, "Applying deferred modifications before the maintenance window, on request"), nil
}

// mustTakeMaintenance returns what keeps the group from doing what waits for the window.
func (g *Group) mustTakeMaintenance() error {
	switch {
	case !g.Due():
		return g.nothingWaits()
	case g.Status != cache.StatusAvailable:
		return g.mustBeAvailable()
	case g.Deferred.Version == (VersionChange{}):
		return nil
	case g.RotationUnderWay() != nil:
		return g.RotationUnderWay()
	}
	return g.mustBeQuiet()
}

func (g *Group) nothingWaits() error {
	return cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup, "Nothing waits for the maintenance window of %s.", g.ID)
}

func (g *Group) maintain(now time.Time, why string) []cache.Event {
	g.Status = cache.StatusModifying
	events := []cache.Event{g.Event(now, why)}
	if g.Deferred.NodeType != "" {
		g.NodeType, g.Deferred.NodeType = g.Deferred.NodeType, ""
	}
	if next := g.Deferred.Version; next != (VersionChange{}) {
		events = append(events, g.upgrade(next, now)...)
	}
	return events
}
