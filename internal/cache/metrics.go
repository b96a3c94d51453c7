package cache

import "time"

// MetricName names what is measured. The original's names are Amazon CloudWatch's.
//
// Source: Amazon ElastiCache User Guide, "Metrics for Valkey and Redis OSS".
type MetricName string

// The metrics of a node that the original has, too.
const (
	// MetricConnections counts the service's own connections as well, as the original's does.
	MetricConnections    MetricName = "CurrConnections"
	MetricMemory         MetricName = "BytesUsedForCache"
	MetricHitRate        MetricName = "CacheHitRate"
	MetricEngineCPU      MetricName = "EngineCPUUtilization" // of one core
	MetricEvictions      MetricName = "Evictions"            // since the sample before
	MetricReplicationLag MetricName = "ReplicationLag"       // of a replica
)

// The metrics that only aikagi has. The last two are of one credential.
const (
	// MetricCommands counts the service's own questions as well, which are a few a second.
	MetricCommands              MetricName = "CommandsPerSecond"
	MetricReplicationOffset     MetricName = "ReplicationOffsetLag" // of a replica, behind the primary
	MetricAuthentications       MetricName = "AuthenticationsPerSecond"
	MetricCredentialConnections MetricName = "Connections"
)

// MetricUnit is what a metric is measured in, in CloudWatch's words.
type MetricUnit string

// The units.
const (
	UnitCount          MetricUnit = "Count"
	UnitCountPerSecond MetricUnit = "Count/Second"
	UnitBytes          MetricUnit = "Bytes"
	UnitPercent        MetricUnit = "Percent"
	UnitSeconds        MetricUnit = "Seconds"
)

// GroupMetrics is what is remembered of the nodes of a group.
type GroupMetrics struct {
	GroupID string
	At      time.Time     // the present
	Nodes   []NodeMetrics // all of the group, in its order
}

// NodeMetrics is what is remembered of a node. A node that was never asked has no times.
type NodeMetrics struct {
	NodeID string
	Times  []time.Time // of the samples, oldest first, in whole milliseconds
	Series []MetricSeries
}

// MetricSeries is one metric over time. One without any value is left out of a [NodeMetrics].
type MetricSeries struct {
	Name       MetricName
	Unit       MetricUnit
	Credential string    // a fingerprint or [CredentialNone]; empty: of the node as a whole
	Values     []float64 // one for each of the node's times; NaN is a gap
}
