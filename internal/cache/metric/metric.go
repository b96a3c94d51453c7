package metric

import "time"

// Name names what is measured. The original's names are Amazon CloudWatch's.
//
// Source: Amazon ElastiCache User Guide, "Metrics for Valkey and Redis OSS".
type Name string

// The metrics of a node that the original has, too.
const (
	// MetricConnections counts the service's own connections as well, as the original's does.
	MetricConnections    Name = "CurrConnections"
	MetricMemory         Name = "BytesUsedForCache"
	MetricHitRate        Name = "CacheHitRate"
	MetricEngineCPU      Name = "EngineCPUUtilization" // of one core
	MetricEvictions      Name = "Evictions"            // since the sample before
	MetricReplicationLag Name = "ReplicationLag"       // of a replica
)

// The metrics that only aikagi has. The last two are of one credential.
const (
	// MetricCommands counts the service's own questions as well, which are a few a second.
	MetricCommands              Name = "CommandsPerSecond"
	MetricReplicationOffset     Name = "ReplicationOffsetLag" // of a replica, behind the primary
	MetricAuthentications       Name = "AuthenticationsPerSecond"
	MetricCredentialConnections Name = "Connections"
)

// Unit is what a metric is measured in, in CloudWatch's words.
type Unit string

// The units.
const (
	UnitCount          Unit = "Count"
	UnitCountPerSecond Unit = "Count/Second"
	UnitBytes          Unit = "Bytes"
	UnitPercent        Unit = "Percent"
	UnitSeconds        Unit = "Seconds"
)

// Group is what is remembered of the nodes of a group.
type Group struct {
	GroupID string
	At      time.Time // the present
	Nodes   []Node    // all of the group, in its order
}

// Node is what is remembered of a node. A node that was never asked has no times.
type Node struct {
	NodeID string
	Times  []time.Time // of the samples, oldest first, in whole milliseconds
	Series []Series
}

// Series is one metric over time. One without any value is left out of a [Node].
type Series struct {
	Name       Name
	Unit       Unit
	Credential string    // a fingerprint or [token.None]; empty: of the node as a whole
	Values     []float64 // one for each of the node's times; NaN is a gap
}
