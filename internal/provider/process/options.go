package process

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cgroup"
)

// StartLog is the name of the file in a node's directory that has what the process
// printed since its last start: errors from before the engine opened its own log.
const StartLog = "start.log"

// Options says where a Provider keeps its nodes.
type Options struct {
	// Dir holds the nodes' directories. It is made if it does not exist.
	Dir string
	// Programs are the engines that are installed, with the absolute paths of their programs. A provider that is
	// to start no node needs none.
	Programs map[cache.EngineVersion]string
	// Addresses are those that Propose has. A provider that is to start no new node needs none.
	Addresses *address.Range
	// Ports are those that Propose has for groups of the address plan host, by the network type of their addresses. Of those that are not
	// in it there are none.
	Ports map[cache.NetworkType]*address.Ports
	// Pools are what Propose has for groups of the address plan pool, likewise, and Hold puts their addresses on this machine's network. Nil: there
	// are none, and they are there already.
	Pools map[cache.NetworkType]*address.Pool
	Hold  func(context.Context, ...netip.Addr) error
	// OwnUsers has each node run as the user [OwnUser], which takes what [CheckUsers] checks. Without it nodes
	// run as whoever we are. A node that was started as somebody else goes on as that until its next start.
	OwnUsers bool
	// Cgroups is where each node gets a control group of its own, with a weight by its type. Nil: nodes are in ours.
	Cgroups *cgroup.Tree
	// Logger is told of starts, ends and adoptions. The default discards.
	Logger *slog.Logger
	// Now is the clock. The default is time.Now.
	Now func() time.Time
	// LogBytes is the length at which a log is renamed, 10 MiB unless given.
	LogBytes int64
	// LogFiles is how many files of a log are kept, the current one included: at least 2,
	// and 3 unless given.
	LogFiles int
	// LogInterval is how often logs are looked at, a minute unless given.
	LogInterval time.Duration
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LogBytes == 0 {
		o.LogBytes = 10 << 20
	}
	if o.LogFiles == 0 {
		o.LogFiles = 3
	}
	o.LogFiles = max(o.LogFiles, 2)
	if o.LogInterval == 0 {
		o.LogInterval = time.Minute
	}
	return o
}
