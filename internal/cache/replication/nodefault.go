package replication

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// FaultKind is a kind of reason why a node cannot start.
type FaultKind string

// The kinds; [NodeFault.Why] has each in words.
const (
	FaultSnapshot        FaultKind = "snapshot"         // its snapshot cannot be read
	FaultSnapshotVersion FaultKind = "snapshot-version" // its snapshot was written by a newer engine
	FaultModule          FaultKind = "module"           // the engine module cannot be loaded
	FaultConfiguration   FaultKind = "configuration"    // the engine does not take its configuration
	FaultAddress         FaultKind = "address"          // an address, or the admin socket, cannot be had
	FaultPermission      FaultKind = "permission"       // a file may not be read or written
	FaultMemory          FaultKind = "memory"           // there is not enough memory
	FaultDisk            FaultKind = "disk"             // the disk is full, or does not take writes
	FaultEngine          FaultKind = "engine"           // the engine's program cannot be run
	FaultSealed          FaultKind = "sealed"           // its files are encrypted, and cannot be opened
	FaultCrash           FaultKind = "crash"            // the engine crashes while it starts
	FaultUnknown         FaultKind = "unknown"
)

// NodeFault is why a node cannot start. No secret is in it.
type NodeFault struct {
	Kind FaultKind `json:"kind"`
	// End is how its process ended, "exit status 1"; or what kept it from being started.
	End string `json:"end"`
	// LastLine is the line of its log that tells most, shortened; empty: there is none.
	LastLine string    `json:"last_line,omitempty"`
	Since    time.Time `json:"since"`
}

// OfSnapshot reports whether the node could start without its snapshot.
func (f *NodeFault) OfSnapshot() bool {
	return f != nil && (f.Kind == FaultSnapshot || f.Kind == FaultSnapshotVersion)
}

// OfVersion reports whether another version of the engine may be able to start where this one is not. What the machine lacks, it lacks
// for all of them.
func (f *NodeFault) OfVersion() bool {
	return f != nil && !slices.Contains([]FaultKind{FaultAddress, FaultPermission, FaultMemory, FaultDisk, FaultSealed}, f.Kind)
}

// Certain reports whether the engine itself has said what is wrong, so that another try
// tells nothing new.
func (f *NodeFault) Certain() bool { return f.Kind != FaultCrash && f.Kind != FaultUnknown }

// Why is the reason in words.
func (f *NodeFault) Why() cache.Saying { return cache.Say("node-fault-" + cache.FactCode(f.Kind)) }

// Evidence is how the process ended and the last line of its log.
func (f *NodeFault) Evidence() string {
	if f.LastLine == "" {
		return f.End
	}
	return fmt.Sprintf("%s: %s", f.End, f.LastLine)
}

// Same reports whether two faults tell the same.
func (f *NodeFault) Same(other *NodeFault) bool {
	return f != nil && other != nil && f.Kind == other.Kind && f.Evidence() == other.Evidence()
}

// Fix says what to do about the fault of a node.
func (f *NodeFault) Fix(nodeID string) cache.Saying {
	return cache.Say("node-mend-"+cache.FactCode(f.Kind), "node", nodeID)
}

// Text is all of it.
func (f *NodeFault) Text(nodeID string) cache.Saying {
	return cache.Say(cache.FactNodeFault, "why", f.Why(), "evidence", f.Evidence(), "fix", f.Fix(nodeID))
}

func (n *Node) sayFault() cache.Saying {
	return cache.Say(cache.FactNodeCannotStart, "node", n.ID, "fault", n.Fault.Text(n.ID))
}

// Reasons says what keeps the group from being as it should be, or clients from reaching it.
func (g *Group) Reasons() []cache.Saying {
	var reasons []cache.Saying
	if g.StatusReason != "" {
		reasons = append(reasons, g.sayReason())
	}
	if g.BuildGone {
		reasons = append(reasons, g.BuildGoneSaying())
	}
	for _, taken := range g.Taken {
		reasons = append(reasons, g.SayTaken(taken))
	}
	for _, node := range g.Nodes() {
		if node.Crowd != nil {
			reasons = append(reasons, node.SayCrowd())
		}
	}
	return reasons
}

// sayReason finds the sentence that the status's reason was made of. An error's words are not ours.
func (g *Group) sayReason() cache.Saying {
	for _, node := range g.Nodes() {
		if node.Fault != nil && node.sayFault().Text == g.StatusReason {
			return node.sayFault()
		}
	}
	return cache.Quote(g.StatusReason)
}

// NoteFault records why a node cannot start. Its group shows it until it settles.
func (g *Group) NoteFault(nodeID string, fault NodeFault, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if node == nil || node.Status == cache.StatusAvailable || node.Status == cache.StatusDeleting || g.Status == cache.StatusCreateFailed {
		return nil
	}
	if node.Fault.Same(&fault) {
		return nil
	}
	told := node.Fault != nil && node.Fault.Kind == fault.Kind
	if fault.Since = now; told {
		fault.Since = node.Fault.Since
	}
	node.Fault = &fault
	g.StatusReason = node.sayFault().Text
	if told {
		return nil
	}
	return []cache.Event{node.Tell(now, cache.Say(cache.FactCannotStart, "fault", fault.Text(nodeID)))}
}

// Explains reports whether a fault of one of the group's nodes is what an error tells of.
func (g *Group) Explains(problem string) bool {
	for _, n := range g.Nodes() {
		if n.Fault != nil && strings.Contains(problem, n.Fault.End) {
			return true
		}
	}
	return false
}

// SnapshotFile is the name of a node's snapshot in the node's directory.
const SnapshotFile = "dump.rdb"

// SetAsideName is what the snapshot is called after the request to repair the node; it is the same however
// often the request is carried out.
func (n *Node) SetAsideName() string {
	return SnapshotFile + ".set-aside-" + n.SetAside.UTC().Format("20060102T150405Z")
}

// Repair asks for a node to be started without its snapshot, which cannot be loaded. The file is
// kept beside.
func (g *Group) Repair(nodeID string, now time.Time) error {
	node := g.Node(nodeID)
	refuse := func(format string, args ...any) error {
		return cache.ResourceErrorf(cache.KindState, cache.ResourceCacheCluster, "Cache cluster "+nodeID+" "+format, args...)
	}
	switch {
	case node == nil:
		return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceCacheCluster, "CacheCluster %s not found.", nodeID)
	case !node.SetAside.IsZero():
		return refuse("is being repaired already.")
	case node.Fault == nil:
		return refuse("is %s and has no fault; there is nothing to repair.", node.Status)
	case !node.Fault.OfSnapshot():
		return refuse("does not need to lose its snapshot: %s", node.Fault.Text(nodeID))
	case !g.IsPrimary(nodeID):
		return refuse("is a replica and gets its data from its primary by itself; there is nothing to repair.")
	}
	node.SetAside = now.Truncate(time.Second)
	return nil
}

// NoteSetAside records that a node's snapshot was set aside, so that the node starts without it. as is
// the file's name now; empty: there was none.
func (g *Group) NoteSetAside(nodeID, as string, size int64, written time.Time, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if node == nil || node.Fault == nil && node.SetAside.IsZero() {
		return nil
	}
	asked := !node.SetAside.IsZero()
	node.SetAside, node.Fault, g.StatusReason = time.Time{}, nil, ""
	if as == "" {
		return []cache.Event{node.Tell(now, cache.Say(cache.FactNothingSetAside))}
	}
	code := cache.FactSetAsideForOthers
	if asked {
		code = cache.FactSetAsideAsked
	}
	return []cache.Event{node.Tell(now, cache.Say(code, "bytes", size, "written", written, "file", as))}
}
