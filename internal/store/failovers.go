package store

import (
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// Failovers are the receipts of failovers, in the order of their DetectedAt, which is also when they begin to be old.
// They are kept when their group is deleted. Of an entry, the subject is the group's id and the label is the cause.
var Failovers = Log[replication.Failover]{
	Name:   "failover",
	ByTime: true,
	Encode: func(f replication.Failover) (Entry, error) {
		return encodeReceipt(f.ID, f.DetectedAt, f.DetectedAt, f.GroupID, string(f.Cause), f)
	},
	Decode: func(e Entry) (replication.Failover, error) {
		return decodeReceipt("failover", e, func(f replication.Failover) string { return f.ID })
	},
}
