package parameter

import (
	"strconv"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// Parameters about memory.
const (
	reservedMemory  = "reserved-memory"
	reservedPercent = "reserved-memory-percent"
)

// NodeParameter is a parameter whose value depends on the type of a node. None can be set.
type NodeParameter struct {
	Parameter
	Value func(nodeType string) string
}

// replicaLimitPart of a node's memory may wait to be sent to a replica.
//
// Source: ElastiCache User Guide, "Redis OSS parameters", client-output-buffer-limit-replica-hard-limit.
const replicaLimitPart = 10

// NodeParameters are those of the family. Those of memcached are not known to aikagi, which does not run it.
func (f *Family) NodeParameters() []NodeParameter {
	if f.IsMemcached() {
		return nil
	}
	replica := "replica"
	if f.Parameter("client-output-buffer-limit-slave-soft-seconds") != nil {
		replica = "slave"
	}
	whole := func(nodeType string) string { return strconv.FormatInt(cache.NodeMemory(nodeType), 10) }
	part := func(nodeType string) string { return strconv.FormatInt(replicaLimit(nodeType), 10) }
	of := func(name, description string, value func(string) string) NodeParameter {
		return NodeParameter{Parameter{Name: name, Allowed: "0-", Type: "integer", Access: Fixed, Description: description}, value}
	}
	return []NodeParameter{
		of("client-output-buffer-limit-"+replica+"-hard-limit", "Bytes of pending output that disconnect a replica at once", part),
		of("client-output-buffer-limit-"+replica+"-soft-limit", "Bytes of pending output that disconnect a replica when they persist", part),
		of("maxmemory", "Bytes that a node can fill with data and buffers, before what is reserved", whole),
	}
}

func replicaLimit(nodeType string) int64 { return cache.NodeMemory(nodeType) / replicaLimitPart }

// MaxMemory is what a node of a type may fill with data, in bytes: what the group reserves is kept back. It is a limit: the machine may
// have less.
func (g *Group) MaxMemory(nodeType string) int64 {
	all := cache.NodeMemory(nodeType)
	if text, ok := g.Value(reservedMemory); ok && g.Values[reservedPercent] == "" {
		if bytes, _ := strconv.ParseInt(text, 10, 64); bytes > 0 || g.family().Parameter(reservedPercent) == nil {
			return max(least, all-bytes)
		}
	}
	text, _ := g.Value(reservedPercent)
	percent, _ := strconv.ParseInt(text, 10, 64)
	return max(least, all*(100-percent)/100)
}

// least is what a node may always fill: to an engine, 0 means that there is no limit.
const least = 1 << 20

// OutputLimit is how much may wait to be sent to connections of a class before they are closed, as engines write it:
// HARD-LIMIT SOFT-LIMIT SOFT-SECONDS.
func (g *Group) OutputLimit(class, nodeType string) string {
	limits := make([]string, 0, 3)
	for _, what := range []string{"hard-limit", "soft-limit", "soft-seconds"} {
		value, ok := g.Value("client-output-buffer-limit-" + class + "-" + what)
		if !ok {
			value = strconv.FormatInt(replicaLimit(nodeType), 10)
		}
		limits = append(limits, value)
	}
	return strings.Join(limits, " ")
}
