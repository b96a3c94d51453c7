package own

import "time"

// What waits for maintenance windows. The original shows it with each cluster, and cannot begin it sooner, nor take back all of it at once.
const (
	// DescribeMaintenance tells of all replication groups and cache clusters that stand alone, or of one.
	DescribeMaintenance Action[CacheInput, DescribeMaintenanceOutput] = "DescribeMaintenance"
	// StartMaintenance has what waits be done now.
	StartMaintenance Action[CacheInput, Maintenance] = "StartMaintenance"
	// CancelMaintenance takes back all that waits: the cache stays as it is. The original's way, to modify with the present value, works as
	// well, and takes back one of two things.
	CancelMaintenance Action[CacheInput, Maintenance] = "CancelMaintenance"
)

// DescribeMaintenanceOutput has those first whose window opens first.
type DescribeMaintenanceOutput struct {
	Caches []Maintenance
}

// Maintenance is a cache's window, and what waits for it.
type Maintenance struct {
	CacheId       string    `json:"id"`
	Status        string    `json:"status"`
	Window        string    `json:"window"`         // ddd:hh:mm-ddd:hh:mm, UTC
	OpensAt       time.Time `json:"opens_at"`       // the next time, also while it is open
	Open          bool      `json:"open,omitempty"` // it is now
	Due           bool      `json:"due"`            // something waits for it: at least one of the following
	NodeType      string    `json:"node_type,omitempty" query:"omitempty"`
	Engine        string    `json:"engine,omitempty" query:"omitempty"`         // another one, or another version of it
	EngineVersion string    `json:"engine_version,omitempty" query:"omitempty"` // of Engine
}
