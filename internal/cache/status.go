package cache

// Status is what a replication group or a cache cluster is going through, in the
// original's words.
type Status string

// The statuses in use. Rebooting belongs to a cache cluster alone: a replication
// group stays available while one of its nodes is rebooted.
const (
	StatusCreating     Status = "creating"
	StatusAvailable    Status = "available"
	StatusModifying    Status = "modifying"
	StatusDeleting     Status = "deleting"
	StatusCreateFailed Status = "create-failed"
	StatusRebooting    Status = "rebooting cache cluster nodes"
)

// formerRebooting is what the API reference calls [StatusRebooting]. The service itself does not, and
// early releases stored it.
const formerRebooting = "rebooting cluster nodes"

// UnmarshalText reads a status as it is stored.
func (s *Status) UnmarshalText(text []byte) error {
	if *s = Status(text); *s == formerRebooting {
		*s = StatusRebooting
	}
	return nil
}
