package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Due reports whether something waits for the maintenance window.
func (g *Group) Due() bool { return g.Deferred != (DeferredChanges{}) }

// EnterWindow carries out what waited for the maintenance window, and tells of it. While the group is busy, it waits on.
func (g *Group) EnterWindow(now time.Time) []cache.Event {
	if !cache.InMaintenanceWindow(g.MaintenanceWindow, now) || g.mustTakeMaintenance() != nil {
		return nil
	}
	return g.maintain(now, "Applying deferred modifications in the maintenance window")
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
		return cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup, "Nothing waits for the maintenance window of %s.", g.ID)
	case g.Status != cache.StatusAvailable:
		return g.mustBeAvailable()
	case g.Deferred.Version == (VersionChange{}):
		return nil
	case g.RotationUnderWay() != nil:
		return g.RotationUnderWay()
	}
	return g.mustBeQuiet()
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
