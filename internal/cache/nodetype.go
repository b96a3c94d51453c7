package cache

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// DefaultNodeType is the node type of a [replication.Spec] that names none. Callers of the API have to name one.
const DefaultNodeType = "cache.t4g.micro"

var nodeTypePattern = regexp.MustCompile(`^cache\.[a-z][a-z0-9]*\.[a-z0-9]+$`)

// ParseNodeType checks a node type and returns its name; empty means [DefaultNodeType].
func ParseNodeType(name string) (string, error) {
	if name == "" {
		return DefaultNodeType, nil
	}
	if _, ok := nodeMemory[name]; ok {
		return name, nil
	}
	if !nodeTypePattern.MatchString(name) {
		return "", Errorf(KindInvalid, "The cache node type %q is not of the form cache.FAMILY.SIZE.", name)
	}
	prefix := name[:strings.LastIndex(name, ".")+1]
	sizes := slices.Sorted(maps.Keys(nodeMemory))
	sizes = slices.DeleteFunc(sizes, func(known string) bool { return !strings.HasPrefix(known, prefix) })
	if len(sizes) == 0 {
		return "", Errorf(KindInvalid, "The cache node type %q is not known. ElastiCache has, among others, cache.t4g.micro, cache.m7g.large and cache.r7g.large.", name)
	}
	return "", Errorf(KindInvalid, "The cache node type %q is not known. Its family has %s.", name, strings.Join(sizes, ", "))
}

// NodeTypes are the names of all node types, in alphabetical order.
func NodeTypes() []string { return slices.Sorted(maps.Keys(nodeMemory)) }

// NodeMemory is the memory in bytes that the original gives a node of the type, before what its parameter group reserves.
func NodeMemory(nodeType string) int64 { return nodeMemory[strings.ToLower(nodeType)] }

// MaxMemory is the memory in bytes that a node of the type may fill with data if its parameter group is a default one: a quarter is kept
// back. It is a limit: nothing is reserved, and the machine may have less.
func MaxMemory(nodeType string) int64 { return NodeMemory(nodeType) * 3 / 4 }
