package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
)

var (
	rotations      = describe("rotations", "Token rotations that are under way, by state.", "state")
	scheduleFailed = describe("rotation_schedule_failed", "1 while the last scheduled rotation of the group failed; absent without a schedule.", "group")
	heldUp         = describe("rotation_held_up", "1 while something holds up the group's rotation and is being retried; absent without a rotation under way.", "group")
)

// underWay are the states that are shown with 0, too, so that a rate or an alert finds them
// before the first rotation.
var underWay = []rotation.State{
	rotation.OfferingTLS, rotation.AwaitingTLS, rotation.RequiringTLS, rotation.Pending, rotation.Rotating, rotation.Delivering, rotation.Waiting, rotation.Brownout,
	rotation.Setting, rotation.Watching, rotation.RollingBack, rotation.Cancelling,
}

// collectRotations tells of the rotations in the groups. One that is over and has only not been taken from its group
// yet does not count.
func collectRotations(to chan<- prometheus.Metric, all []*replication.Group) {
	byState := map[string]int{}
	for _, state := range underWay {
		byState[string(state)] = 0
	}
	for _, g := range all {
		if s := g.RotationSchedule; s != nil {
			gauge(to, scheduleFailed, flag(!s.Failed.Empty()), g.ID)
		}
		if r := g.Rotation; r != nil && !r.State.Final() {
			byState[string(r.State)]++
			gauge(to, heldUp, flag(!r.Problem.Empty()), g.ID)
		}
	}
	count(to, rotations, byState)
}

func flag(set bool) float64 {
	if set {
		return 1
	}
	return 0
}
