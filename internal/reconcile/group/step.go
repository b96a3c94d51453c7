package group

import (
	"net/netip"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/lag"
	"github.com/aikagi/aikagi/internal/provider"
)

// StepKind says what a step does to its node.
type StepKind string

// The steps; see the diagrams of the package.
const (
	StepAddress      StepKind = "GiveAddresses" // to all nodes and endpoints of the group that have none
	StepStart        StepKind = "StartNode"
	StepStop         StepKind = "StopNode"
	StepKill         StepKind = "KillNode"
	StepRemove       StepKind = "RemoveNode"
	StepNoteCrash    StepKind = "NoteCrash"
	StepNoteHang     StepKind = "NoteHang"
	StepNoteSaving   StepKind = "NoteSaving"
	StepNoteBehind   StepKind = "NoteBehind"   // a replica is too late to be read
	StepNoteCurrent  StepKind = "NoteCaughtUp" // it can be read again
	StepNoteRules    StepKind = "NoteRules"    // which rules the node enforces
	StepNoteUsers    StepKind = "NoteUsers"    // which accounts the node has
	StepNoteCrowd    StepKind = "NoteCrowd"    // a node's connections for clients are full, or are not any more
	StepReplicate    StepKind = "Replicate"
	StepLend         StepKind = "LendData"
	StepListen       StepKind = "Listen"
	StepReplicateTLS StepKind = "SetReplication" // whether the node connects to its primary over TLS
	StepAccess       StepKind = "ApplyAccess"
	StepMemory       StepKind = "SetMemory"
	StepShare        StepKind = "ShareProcessors" // the node gets its part of the processors by its type
	StepParameters   StepKind = "SetParameters"
	StepNoteRefused  StepKind = "NoteRefused"    // parameters that the node's engine does not know
	StepNoteParams   StepKind = "NoteParameters" // all nodes have the group's parameters
	StepCertificate  StepKind = "RenewCertificate"
	StepTick         StepKind = "SetTick"
	StepProve        StepKind = "Prove"
	StepNoteFault    StepKind = "NoteFault"        // the node cannot start, and why
	StepSetAside     StepKind = "SetSnapshotAside" // the node's snapshot, which cannot be loaded

	StepUpgradeNode   StepKind = "UpgradeNode"   // the node is to restart with the group's version, in the store
	StepUpgradeSwitch StepKind = "UpgradeSwitch" // the primary is to hand over to a node that has the group's version, in the store
	StepUndoUpgrade   StepKind = "UndoUpgrade"   // the node cannot start with it, and the group goes back

	StepElect    StepKind = "Elect"           // the node was the primary, and another one is, in the store
	StepPromote  StepKind = "Promote"         // the elected node takes the role
	StepHandOver StepKind = "HandOver"        // the primary gives its role to another node
	StepSwitched StepKind = "NoteSwitch"      // a handover that was broken off after its point of no return
	StepAbandon  StepKind = "AbandonFailover" // a planned failover cannot be carried out
)

// Step is one thing to do to one node; a handover concerns two, and addresses are given to the whole group.
type Step struct {
	Kind   StepKind
	NodeID string
	// Source is the node to replicate, for StepStart and StepReplicate; empty: none,
	// the node is a primary.
	Source   string
	To       string                       // for StepHandOver: the node that takes over
	Listen   []netip.AddrPort             // for StepListen, StepPromote and, if it serves none or in another mode, StepLend: the addresses to serve
	Keep     []netip.AddrPort             // for StepHandOver: what the old primary goes on serving
	Tick     int                          // for StepTick
	Version  cache.EngineVersion          // for StepAccess, StepParameters and StepNoteRefused: of the node's process
	Reason   cache.Saying                 // for StepNoteCrash, how the process ended; for StepAbandon and StepUndoUpgrade, why
	Counts   bool                         // for StepProve: the node counts logins, and is to leave ours out
	Failed   bool                         // for StepNoteSaving: whether the last snapshot failed
	TurnAway bool                         // for StepListen: nothing is to be served, and who came in is to go
	Rules    string                       // for StepNoteRules
	Users    string                       // for StepNoteUsers, by [user.Mark]
	Lateness replication.Lateness         // for StepNoteBehind
	Crowd    *replication.Crowd           // for StepNoteCrowd; nil: they are not any more
	Hang     *replication.Hang            // for StepNoteHang
	Fault    *replication.NodeFault       // for StepNoteFault
	Resumed  bool                         // for StepPromote: the node was promoted before, and nobody noted it
	Election *replication.Election        // for StepElect
	Settings []engine.Setting             // for StepParameters and StepNoteRefused
	Change   *replication.ParameterChange // for StepNoteParams
	Optional bool                         // for StepAddress: the group does without, if there is none just now
}

// Outcome says what follows when every step of a plan succeeded.
type Outcome string

// The outcomes.
const (
	OutcomeAgain  Outcome = "again"  // observe and plan anew
	OutcomeRest   Outcome = "rest"   // nothing to do before Decision.After
	OutcomeSettle Outcome = "settle" // the group is what it should be
	OutcomeFail   Outcome = "fail"   // the creation is given up
	OutcomeForget Outcome = "forget" // the last of a deleted group is gone
)

// Decision is what Plan returns.
type Decision struct {
	Steps  []Step
	Then   Outcome
	After  time.Duration // for OutcomeRest: look again then
	Reason string        // for OutcomeFail
}

// Observed is how the nodes of a group are, by node id.
type Observed map[string]NodeObserved

// NodeObserved is how one node is.
type NodeObserved struct {
	Process provider.State
	// Serving is whether the process answers its administrator. View is what it
	// answered, and CertificateDue whether its certificate should be renewed.
	Serving        bool
	View           engine.View
	CertificateDue bool
	// ShareDue is whether its part of the processors is not, or not known to be, what its type says.
	ShareDue bool
	// HungSince is when a process that lives was found not to answer; zero: it was not.
	HungSince time.Time
	// Fault is why the last process could not start; nil: it had started, or nothing is known.
	// End is how it ended, with its last line.
	Fault *replication.NodeFault
	End   string
	// HasSnapshot says that a node without a process has one on disk, good or bad.
	HasSnapshot bool
	// LastOffset is the last replication offset that is known of the node, from before
	// it was lost.
	LastOffset int64
	// AskedAt and HeardAt are when View was asked for, and when it was there. Lag is how late a replica
	// was then; zero: nothing is known, as when the primary does not answer.
	AskedAt, HeardAt time.Time
	Lag              lag.Lag
}
