package provider

import (
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// NodeName names a node for ever: the cache cluster's id, a dot, its UID. Neither has a dot.
type NodeName string

// NameOf is the name of a node.
func NameOf(node *cache.Node) NodeName { return NodeName(node.ID + "." + node.UID) }

// ID is the id of the cache cluster.
func (n NodeName) ID() string {
	id, _, _ := strings.Cut(string(n), ".")
	return id
}

// UID tells the node from others of the same id, before and after it.
func (n NodeName) UID() string {
	_, uid, _ := strings.Cut(string(n), ".")
	return uid
}
