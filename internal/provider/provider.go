package provider

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// Errors that every implementation returns, wrapped with what happened.
var (
	// ErrRunning: the node has a process already.
	ErrRunning = errors.New("node is running")
	// ErrNotRunning: the node has no process.
	ErrNotRunning = errors.New("node is not running")
	// ErrAbsent: no node of that name was installed.
	ErrAbsent = errors.New("node does not exist")
	// ErrNoBinary: the engine of that version is not installed where the node runs, or its program cannot be executed.
	ErrNoBinary = errors.New("engine program cannot be run")
	// ErrFull: there is no space left for the node's files.
	ErrFull = errors.New("no space left for the node")
	// ErrSealed: what is in the node's directory cannot be read, or be written so that it is encrypted.
	ErrSealed = errors.New("node's files cannot be decrypted")
)

// Provider runs engine processes. It is safe for concurrent use; calls about one
// node are carried out one after the other, except that Stop and Kill of a known
// process act at once, so that a fence never waits behind a slow disk. A provider
// is in use from its making until Run returns; after that its calls fail.
type Provider interface {
	// Install makes the node's directory, if there is none, and writes the files
	// into it, each atomically: after a crash of the control plane a file is the old
	// one or the new one. After a power cut it may be damaged: a caller installs the
	// files of a node anew before it starts it. Files that are not named stay. A
	// running process is not disturbed. Errors: ErrFull.
	Install(ctx context.Context, node NodeName, files []File) error
	// Start runs the node's process and returns as soon as the program was executed;
	// whether it serves is for the caller to find out over Dial. Errors: ErrRunning,
	// ErrAbsent, ErrNoBinary, ErrFull.
	Start(ctx context.Context, node NodeName, launch Launch) error
	// Stop asks the process to save its data and end (SIGTERM) and returns when it
	// has. If ctx ends first, the process is left as it is and ctx's error returned; when
	// that was because of its deadline, the process is taken to go on (an engine that cannot
	// save does) and is running again. A node that is not running is no error.
	Stop(ctx context.Context, node NodeName) error
	// Kill ends the process and what it forked at once and returns when they are
	// certainly dead, whatever state they are in; if ctx ends first, they are not
	// known to be dead. A node that is not running is no error.
	Kill(ctx context.Context, node NodeName) error
	// Remove kills the process and removes the directory with all that is in it. A
	// node that does not exist is no error.
	Remove(ctx context.Context, node NodeName) error
	// Inspect says how the node is now.
	Inspect(node NodeName) State
	// List says how every node is that was installed and not removed.
	List() []State
	// Dial opens a connection to the node's admin socket, [AdminSocket]. Errors:
	// ErrAbsent, ErrNotRunning.
	Dial(ctx context.Context, node NodeName) (net.Conn, error)
	// ReadFile returns a file of the node's directory; ErrAbsent if there is no
	// directory, fs.ErrNotExist if there is no such file in it.
	ReadFile(node NodeName, name string) ([]byte, error)
	// LastLines returns the last lines that the last process wrote, to [EngineLog] and after
	// those to its output, of a node that has no process: at most so many bytes as a report of a crash
	// has. Nothing if no process was seen to end.
	LastLines(node NodeName) []string
	// SetAside renames a file of a node that has no process. It may be repeated: that the file was
	// renamed already is no error. The node's row of crashes is over and its LastExit forgotten,
	// for what caused them may be. Errors: ErrRunning, ErrAbsent, fs.ErrNotExist.
	SetAside(ctx context.Context, node NodeName, name, as string) error
	// Stat describes a file of the node's directory, with the errors of ReadFile.
	Stat(node NodeName, name string) (fs.FileInfo, error)
	// Propose returns where a node or an endpoint is to serve: at what is not taken, as far as the provider can tell. It
	// reserves none: whoever stores an address first has it, and the other one asks again. taken may be slow.
	// The error is of [cache.KindCapacity], and says what to do, if there is none.
	Propose(ctx context.Context, place Place, taken func(netip.AddrPort) bool) (netip.AddrPort, error)
	// Exits delivers the end of every process that this provider supervised,
	// asked for or not. The channel is never closed; an exit that nobody takes off it
	// waits, and does not hold the provider up. An end that nobody watched, because
	// no provider ran, is not delivered: compare with List.
	Exits() <-chan Exit
	// Run supervises until ctx ends, and gives up what the provider holds. It leaves
	// the processes running. A provider that is not wanted after all is given up by
	// a Run whose ctx has ended.
	Run(ctx context.Context) error
}

// AdminSocket is the name of the unix socket that the engine is configured to
// open in its directory.
const AdminSocket = "admin.sock"

// EngineLog is the name of the engine's log file in the node's directory. The
// provider keeps it from growing without bound.
const EngineLog = "engine.log"

// File is a file of a node's directory. It is readable by its owner only.
type File struct {
	Name       string // relative to the directory; may have folders
	Data       []byte
	Link       string // not empty: the file is a symbolic link to this absolute path, and has no data
	Executable bool
}

// Launch says how a node's process is started. No secret may be in it: arguments
// are visible to every user of the machine.
type Launch struct {
	Engine      cache.EngineVersion // whose program is run; where that is, the provider knows
	Args        []string            // relative file names are relative to the node's directory
	Preload     string              // library that is loaded into the process before all others (LD_PRELOAD); empty: none
	Incarnation int64               // kept across restarts of the control plane, see State
	// Group is the UID of the node's group, whose nodes can listen together at one address (SO_REUSEPORT): the system wants such
	// processes to be of one user. Empty: the node shares nothing.
	Group string
	// VCPUs are those of the node's type: by them a [Sharer] divides the processors among nodes. 0: the node takes part like the control plane.
	VCPUs int
}

// Place is what an address is for.
type Place struct {
	Group    string               // UID of the replication group, or of the cache cluster that stands alone
	Node     NodeName             // empty: an endpoint of the group
	Shard    string               // whose endpoint it is; empty: a node
	Endpoint replication.Endpoint // empty: a node
	Link     bool                 // of a node: for the service and the group's other nodes, not for clients
	Plan     cache.AddressPlan    // of the group; a link is always at a loopback address of its own
	Network  cache.NetworkType    // the family of the address; empty: any
	Pair     bool                 // of the network type dual_stack: what is free at one address of each family is looked for
	Beside   netip.AddrPort       // of a pair: the address of IPv4 whose port this one of IPv6 is to have; zero: it is another place
	Port     int                  // that the group's owner asked for; the place's, if the address is its own
	Networks []netip.Prefix       // of the subnets that the place is to be in, if the provider has addresses of any of them
}

// Phase is where a node is in its life.
type Phase string

// The phases; see the diagram of the package.
const (
	PhaseAbsent   Phase = "absent"
	PhaseStopped  Phase = "stopped"
	PhaseRunning  Phase = "running"
	PhaseStopping Phase = "stopping"
)

// State is how a node is.
type State struct {
	Node        NodeName
	Phase       Phase
	PID         int       // 0 unless there is a process
	StartedAt   time.Time // of the process; zero unless there is one
	Incarnation int64     // of the last Launch
	// Crashes counts, since the last process that lived longer than StableAfter, the
	// ends that nobody asked for. RetryAt is the time before which a caller should
	// not start the node again: it doubles from a tenth of a second to half a minute.
	Crashes int
	RetryAt time.Time
	// LastExit says how the last process ended: "exit status 1", "signal: killed"; "" if
	// unknown or none did.
	LastExit string
	// ExitedAt is when that was; zero if unknown or none did.
	ExitedAt time.Time
	// Saved says that the last process ended because of Stop and by itself (exit status
	// 0), so that its data is on disk. False if there is a process, or if how the last one
	// ended is not known.
	Saved bool
	// VCPUs are those by which the process has its part of the processors, where there is a [Sharer]. 0 if there is no process, or if nobody
	// has said since this provider took it over.
	VCPUs int
}

// StableAfter is how long a process has to live for its end not to count as one
// of a row of crashes.
const StableAfter = 30 * time.Second

// RoomTeller is a provider that can tell beforehand, at once and without changing anything, whether there are addresses.
type RoomTeller interface {
	// Room returns the error of Propose if it would not find so many: addresses for the port, of either kind, or ports.
	Room(port int, wanted replication.Wanted, taken func(netip.AddrPort) bool) error
}

// RoomOf asks a provider whether it has room for so many. One that cannot tell is taken to have it.
func RoomOf(p Provider, port int, wanted replication.Wanted, taken func(netip.AddrPort) bool) error {
	if teller, ok := p.(RoomTeller); ok {
		return teller.Room(port, wanted, taken)
	}
	return nil
}

// Holder is a provider that has to do something for an address to be there before a node can be reached at it.
type Holder interface {
	// Hold has the addresses be there, of which a group's place is each. Those that are there already cost nothing.
	Hold(ctx context.Context, addresses ...netip.Addr) error
}

// Hold has addresses be there that a group holds.
func Hold(ctx context.Context, p Provider, addresses ...netip.Addr) error {
	if holder, ok := p.(Holder); ok && len(addresses) > 0 {
		return holder.Hold(ctx, addresses...)
	}
	return nil
}

// Sealer is a provider that can keep what nodes write encrypted, so that it is worth nothing without a key that is kept elsewhere.
type Sealer interface {
	// Seal makes the node's directory, if there is none, so that all that comes into it is encrypted under the key, and has what is in one
	// that was made so be read. It comes before Install and Start of such a node, each time. The key is asked for only where it is needed:
	// while the machine runs, that is once. Remove has it forgotten. Errors: ErrSealed, ErrFull.
	Seal(ctx context.Context, node NodeName, key KeyFunc) error
}

// KeyFunc returns the key of a node's files.
type KeyFunc func(context.Context) ([]byte, error)

// Seal has a node's files be encrypted. The error of a provider that cannot is ErrSealed.
func Seal(ctx context.Context, p Provider, node NodeName, key KeyFunc) error {
	if sealer, ok := p.(Sealer); ok {
		return sealer.Seal(ctx, node, key)
	}
	return fmt.Errorf("%w: the provider of node %s does not encrypt", ErrSealed, node)
}

// OccupancyTeller is a provider on whose addresses others may listen, too, and which can tell who does.
type OccupancyTeller interface {
	// Occupied reports whether somebody has the address, a node or another program. It does not disturb who has it.
	Occupied(at netip.AddrPort) bool
	// Occupant says who has the address, as exactly as can be told. It may take long.
	Occupant(at netip.AddrPort) Occupant
}

// Occupant is who has an address that somebody else is to have, as far as can be told.
type Occupant struct {
	PID     int    // 0: not known, as when the process is another user's
	Program string // the name that the process gives itself; empty: not known
	User    string // name or number of the user that it runs as; empty: not known
}

// ActivityTeller is a provider that can tell what a process does without asking it, so that it answers for a process that
// hangs, too. One that runs nodes on other machines may not be able to.
type ActivityTeller interface {
	// Activity says what the node's process does. Errors: ErrAbsent, ErrNotRunning.
	Activity(node NodeName) (Activity, error)
}

// ActivityOf asks a provider what a node's process does. The error of one that cannot tell is [errors.ErrUnsupported].
func ActivityOf(p Provider, node NodeName) (Activity, error) {
	if teller, ok := p.(ActivityTeller); ok {
		return teller.Activity(node)
	}
	return Activity{}, errors.ErrUnsupported
}

// Activity is what a process does, as the operating system sees it.
type Activity struct {
	// CPU is the processor time that all threads of the process have used so far. It may be
	// known in steps of a hundredth of a second only.
	CPU time.Duration
	// Runnable: the main thread runs, or waits for nothing but a processor. It is not
	// while it sleeps, was stopped by a signal, or waits for a disk.
	Runnable bool
}

// Exit is the end of a process.
type Exit struct {
	Node      NodeName
	At        time.Time
	Requested bool   // by Stop, Kill or Remove
	Reason    string // as in State.LastExit
}
