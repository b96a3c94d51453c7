package replication

import (
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

func TestModifyRefusesOverlappingWindows(t *testing.T) {
	t.Parallel()
	g := newGroup(t, func(s *Spec) { s.MaintenanceWindow, s.SnapshotWindow = "sun:05:00-sun:06:00", "01:00-02:00" })
	g.Settle(noon, nil)
	maintenance, snapshot, other := "mon:01:30-mon:02:30", "05:59-07:00", "new"
	for name, change := range map[string]Change{
		"maintenance": {MaintenanceWindow: &maintenance}, "snapshot": {SnapshotWindow: &snapshot}, "both": {MaintenanceWindow: &snapshot, SnapshotWindow: &snapshot},
	} {
		if _, err := g.Modify(change, noon); !cache.IsKind(err, cache.KindInvalid) || name != "both" && err != cache.ErrWindowsOverlap { //nolint:errorlint // as above
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := g.Modify(Change{MaintenanceWindow: &maintenance, SnapshotWindow: &snapshot}, noon); err != nil {
		t.Errorf("both, apart: %v", err)
	}
	ours := newGroup(t, nil)
	ours.Settle(noon, nil)
	early, later := "sun:05:00-sun:09:00", "sun:09:30-sun:11:00"
	for _, window := range []string{early, later, early} {
		if _, err := ours.Modify(Change{MaintenanceWindow: &window}, noon); err != nil || cache.WindowsOverlap(ours.MaintenanceWindow, ours.SnapshotWindow) {
			t.Errorf("a snapshot window that the service chose does not make way: %v, %s beside %s", err, ours.SnapshotWindow, window)
		}
	}
	ours.SnapshotWindow = "01:00-02:00" // an earlier release did not keep who chose it
	night := "sun:01:00-sun:02:00"
	if _, err := ours.Modify(Change{MaintenanceWindow: &night}, noon); err != cache.ErrWindowsOverlap { //nolint:errorlint // as above
		t.Errorf("a window that only its owner can have chosen: %v", err)
	}
	g.SnapshotWindow = "01:00-02:00" // as a group of an early release may have it
	if _, err := g.Modify(Change{Description: &other}, noon); err != nil {
		t.Errorf("a description beside windows that overlap: %v", err)
	}
}
