package cache

import (
	"regexp"
	"strings"
)

// DefaultNodeType is the node type of a group that names none.
const DefaultNodeType = "cache.t4g.micro"

const mebibyte = 1 << 20

// memoryMiB is the memory of each node type.
//
// Source: ElastiCache User Guide, "Supported node types", in GiB there.
var memoryMiB = map[string]int64{
	"cache.t2.micro": 568, "cache.t2.small": 1587, "cache.t2.medium": 3297,
	"cache.t3.micro": 512, "cache.t3.small": 1403, "cache.t3.medium": 3164,
	"cache.t4g.micro": 512, "cache.t4g.small": 1403, "cache.t4g.medium": 3164,
	"cache.m4.large": 6574, "cache.m4.xlarge": 14623, "cache.m4.2xlarge": 30413, "cache.m4.4xlarge": 62239,
	"cache.m5.large": 6533, "cache.m5.xlarge": 13240, "cache.m5.2xlarge": 26665, "cache.m5.4xlarge": 53514,
	"cache.m6g.large": 6533, "cache.m6g.xlarge": 13251, "cache.m6g.2xlarge": 26675, "cache.m6g.4xlarge": 53514,
	"cache.m7g.large": 6533, "cache.m7g.xlarge": 13240, "cache.m7g.2xlarge": 26665, "cache.m7g.4xlarge": 53514,
	"cache.r4.large": 12595, "cache.r4.xlarge": 25651, "cache.r4.2xlarge": 51681, "cache.r4.4xlarge": 103813,
	"cache.r5.large": 13384, "cache.r5.xlarge": 26952, "cache.r5.2xlarge": 54088, "cache.r5.4xlarge": 108349,
	"cache.r6g.large": 13384, "cache.r6g.xlarge": 26952, "cache.r6g.2xlarge": 54088, "cache.r6g.4xlarge": 108349,
	"cache.r7g.large": 13384, "cache.r7g.xlarge": 26952, "cache.r7g.2xlarge": 54088, "cache.r7g.4xlarge": 108349,
}

var nodeTypePattern = regexp.MustCompile(`^cache\.[a-z][a-z0-9]*\.[a-z0-9]+$`)

// ParseNodeType checks a node type and returns its name; empty means [DefaultNodeType].
func ParseNodeType(name string) (string, error) {
	if name == "" {
		return DefaultNodeType, nil
	}
	if _, ok := memoryMiB[name]; ok {
		return name, nil
	}
	if !nodeTypePattern.MatchString(name) {
		return "", Errorf(KindInvalid, "The cache node type %q is not of the form cache.FAMILY.SIZE.", name)
	}
	return "", Errorf(KindInvalid, "The cache node type %q is not known. Known families: t2 to t4g (micro to medium), "+
		"m4 to m7g and r4 to r7g (large to 4xlarge).", name)
}

// MaxMemory is the memory in bytes that a node of the type may fill with data: a
// quarter is kept back, as the original's reserved-memory-percent does.
func MaxMemory(nodeType string) int64 {
	return memoryMiB[strings.ToLower(nodeType)] * mebibyte / 4 * 3
}
