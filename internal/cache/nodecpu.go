package cache

import (
	"cmp"
	"strings"
)

// vcpusBySize are the vCPUs of a node by the last part of its type's name, and olderVCPUs those of types of earlier generations that have others.
//
// Source: ElastiCache User Guide, "Supported node types", and for the types that are not offered any more the edition of 2023.
var (
	vcpusBySize = map[string]int{
		"micro": 2, "small": 2, "medium": 2, "large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16, "8xlarge": 32,
		"10xlarge": 40, "12xlarge": 48, "16xlarge": 64, "24xlarge": 96,
	}
	olderVCPUs = map[string]int{
		"cache.t1.micro": 1, "cache.m1.small": 1, "cache.m1.medium": 1, "cache.m3.medium": 1, "cache.t2.micro": 1, "cache.t2.small": 1,
		"cache.m2.xlarge": 2, "cache.m2.2xlarge": 4, "cache.c1.xlarge": 8,
	}
)

// NodeVCPUs are the virtual processors that the original gives a node of the type; 0 if there is no such type.
func NodeVCPUs(nodeType string) int {
	nodeType = strings.ToLower(nodeType)
	if _, ok := nodeMemory[nodeType]; !ok {
		return 0
	}
	return cmp.Or(olderVCPUs[nodeType], vcpusBySize[nodeType[strings.LastIndex(nodeType, ".")+1:]])
}
