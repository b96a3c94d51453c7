// Package fault holds the points at which a test can kill the control plane, to
// show that a kill -9 between any two steps loses nothing.
//
// In an ordinary build a point is nothing. A build with the tag "faults" ends
// itself with SIGKILL when it reaches the point that the environment variable
// AIKAGI_FAULT names, for the n-th time if ":n" follows the name.
package fault

// Points are all the points of groups, so that a test can try every one.
var Points = [...]string{
	StoreBeforeCommit, StoreAfterCommit,
	AddressesProposed, AddressesGiven, NodeInstalled, NodeStarted, NodeStopped, NodeRemoved,
	AccessWritten, AccessApplied, CertificateWritten, RoleChanged,
	Proven, BeforeSettle, AfterSettle, BeforeForget, AfterForget, CrashNoted,
	DoorsOpened, HangNoted, NodeKilled, Elected, WritesPaused, Demoted, Promoted, SwitchNoted,
}

// RotationPoints are those of guided rotations; package delivery has more.
var RotationPoints = [...]string{TokenStaged, TokenDelivered, RotationBeforeCommit, RotationNoted}

// PoolPoints are those of addresses that the service puts on a network interface.
var PoolPoints = [...]string{AddressesRecorded, AddressesHeld, AddressRemoved}

// MovePoints are those of the end of a move to another address plan.
var MovePoints = [...]string{PlacesLeft, MoveEnded}

// UpgradePoints are those of a change of the engine's version.
var UpgradePoints = [...]string{UpgradeNoted}

// RepairPoints are those of a node whose snapshot cannot be loaded.
var RepairPoints = [...]string{SnapshotSetAside}

// ParameterPoints are those of parameters on their way to the nodes.
var ParameterPoints = [...]string{ParametersWritten, ParametersSet, ParametersNoted}

// The points, in the order in which a group's life reaches them.
const (
	StoreBeforeCommit  = "store-before-commit" // the API's write is made, but not durable
	StoreAfterCommit   = "store-after-commit"  // the API's write is durable, its caller does not know
	AddressesProposed  = "addresses-proposed"  // by the provider, and the store does not know
	AddressesGiven     = "addresses-given"     // the store knows
	NodeInstalled      = "node-installed"
	NodeStarted        = "node-started"
	NodeStopped        = "node-stopped"
	NodeRemoved        = "node-removed"
	AccessWritten      = "access-written" // in the node's file, not in the process
	AccessApplied      = "access-applied"
	CertificateWritten = "certificate-written"
	RoleChanged        = "role-changed"
	Proven             = "proven"
	BeforeSettle       = "before-settle"
	AfterSettle        = "after-settle"
	BeforeForget       = "before-forget"
	AfterForget        = "after-forget"
	CrashNoted         = "crash-noted"
	DoorsOpened        = "doors-opened" // the node listens at the addresses of its role
	HangNoted          = "hang-noted"   // in the store; the node still lives
	NodeKilled         = "node-killed"
	Elected            = "elected" // the new primary is in the store, and does not know
	WritesPaused       = "writes-paused"
	Demoted            = "demoted"      // nobody takes writes
	Promoted           = "promoted"     // the new primary takes writes
	SwitchNoted        = "switch-noted" // the store knows

	UpgradeNoted = "upgrade-noted" // the next step of an upgrade is in the store, and no node knows

	TokenStaged          = "token-staged"           // at its destination, and perhaps in use there
	TokenDelivered       = "token-delivered"        // and the store does not know
	RotationBeforeCommit = "rotation-before-commit" // any step of a rotation, with the change of tokens that it makes
	RotationNoted        = "rotation-noted"         // the same, durable

	ParametersWritten = "parameters-written" // in the parameter group and its users: durable, and no node knows
	ParametersSet     = "parameters-set"     // a node has them
	ParametersNoted   = "parameters-noted"   // all nodes have, and the store knows

	AddressesRecorded = "addresses-recorded" // and not on the interface
	AddressesHeld     = "addresses-held"     // on the interface, and nobody listens there
	AddressRemoved    = "address-removed"    // from the interface, and not from the record

	PlacesLeft = "places-left" // a node has closed those that its group moves away from
	MoveEnded  = "move-ended"  // the store knows

	SnapshotSetAside = "snapshot-set-aside" // and the store does not know
)
