package parameter

import (
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// tiered is the family whose nodes keep part of their data on disks. No other can become of one of it, nor it of another.
//
// Source: ElastiCache User Guide, "Data tiering", limitations.
const tiered = "cache.r6gd."

// Resizes are the node types that a cache of a type can be changed to, each list in alphabetical order: those with at least as much memory
// as it has, and those with less in which the data still fits. It is of used bytes on the fullest node.
//
// Source: ElastiCache API reference, ListAllowedNodeTypeModifications.
func (g *Group) Resizes(from string, used int64) (up, down []string) {
	for _, to := range cache.NodeTypes() {
		switch {
		case to == from || g.CheckResize(from, to, used) != nil:
		case Shrinks(from, to):
			down = append(down, to)
		default:
			up = append(up, to)
		}
	}
	return up, down
}

// Shrinks reports whether a node has less memory with another type than with its own.
func Shrinks(from, to string) bool { return cache.NodeMemory(to) < cache.NodeMemory(from) }

// CheckResize refuses what is in neither list, with an error of [cache.KindInvalid]. The engine would evict data that does not fit.
func (g *Group) CheckResize(from, to string, used int64) error {
	switch {
	case from == to:
		return nil
	case strings.HasPrefix(to, tiered) != strings.HasPrefix(from, tiered):
		return cache.Errorf(cache.KindInvalid, "A cache of type %s cannot be changed to %s: nodes of the family r6gd can only be changed among themselves.", from, to)
	}
	if why, full := g.TooSmall(from, to, used); full {
		return cache.Errorf(cache.KindInvalid, "A cache of type %s cannot be changed to %s: %s. ListAllowedNodeTypeModifications has the types that do.", from, to, why)
	}
	return nil
}

// TooSmall reports whether used bytes, of the fullest node of a cache, do not fit into a node of a smaller type, and says so.
func (g *Group) TooSmall(from, to string, used int64) (why cache.Saying, full bool) {
	room := g.MaxMemory(to)
	if !Shrinks(from, to) || used < room {
		return cache.Saying{}, false
	}
	return cache.Say(cache.FactDataTooLarge, "used", used, "room", room, "parameters", g.Name), true
}
