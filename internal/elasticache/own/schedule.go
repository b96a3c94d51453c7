package own

import "time"

// Schedules of guided rotations.
const (
	// PutAuthTokenRotationSchedule has a group's token rotated again and again, in its maintenance window. It takes the place
	// of the schedule that the group has.
	PutAuthTokenRotationSchedule Action[PutAuthTokenRotationScheduleInput, RotationScheduleOutput] = "PutAuthTokenRotationSchedule"
	// DeleteAuthTokenRotationSchedule ends a group's schedule. A rotation that is under way goes on.
	DeleteAuthTokenRotationSchedule Action[GroupInput, RotationScheduleOutput] = "DeleteAuthTokenRotationSchedule"
)

// PutAuthTokenRotationScheduleInput says when a token is to be rotated, and how: as in [StartAuthTokenRotationInput].
type PutAuthTokenRotationScheduleInput struct {
	ReplicationGroupId *string
	EveryDays          *int32
	Delivery           *string
	Finish             *string
	Brownout           *string
	EvictOver          *string
	Grace              *string
	RollBackOver       *int64
}

// RotationScheduleOutput answers with the schedule that the group has now; with none after DeleteAuthTokenRotationSchedule.
type RotationScheduleOutput struct {
	ReplicationGroupId string
	RotationSchedule   *RotationSchedule
}

// RotationSchedule is when a group's token is rotated, and how; see [rotation.Schedule].
type RotationSchedule struct {
	EveryDays    int32      `json:"every_days"`
	Delivery     string     `json:"delivery"`
	Finish       string     `json:"finish"`
	Brownout     string     `json:"brownout"`
	EvictOver    string     `json:"evict_over"`
	Grace        string     `json:"grace"`
	RollBackOver int64      `json:"roll_back_over"`
	SetAt        time.Time  `json:"set_at" query:"omitempty"`
	LastAt       *time.Time `json:"last_at,omitempty"`                  // the newest rotation, by schedule or by hand, or attempt
	NextAt       time.Time  `json:"next_at" query:"omitempty"`          // in the past: it waits for the group
	Failed       string     `json:"failed,omitempty" query:"omitempty"` // why the last date came to nothing; absent: it did not fail
	FailedFact   *Fact      `json:"-"`                                  // what that says
	FailedAt     *time.Time `json:"failed_at,omitempty"`
}
