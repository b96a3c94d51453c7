package simulated

import (
	"context"
	"errors"
	"net/netip"
	"sync"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/provider"
)

// World has nodes, and the programs that they run. It is safe for concurrent use, one provider after the other.
type World struct {
	programs  map[cache.EngineVersion]Program
	addresses netip.Prefix

	mu    sync.Mutex // guards what follows, and the fields of nodes and processes that do not say otherwise
	nodes map[provider.NodeName]*node
	pids  int        // the last that was given out
	last  netip.Addr // that was proposed
	open  *Provider  // nil: none
}

// NewWorld makes a world without nodes, in which these engines are installed. Its addresses are those of the network,
// wherever that is; the world itself neither serves nor looks at them.
func NewWorld(programs map[cache.EngineVersion]Program, addresses netip.Prefix) *World {
	return &World{programs: programs, addresses: addresses, last: addresses.Masked().Addr(), nodes: map[provider.NodeName]*node{}}
}

var (
	// errInUse: one provider has the world already.
	errInUse = errors.New("open simulated provider: the world is in use by another one")
	// errEnded: Run has returned.
	errEnded = errors.New("provider has ended")
)

// Open returns a provider that takes over the nodes. It fails if another one has them: one whose Run has not
// returned.
func (w *World) Open() (*Provider, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open != nil {
		return nil, errInUse
	}
	p := &Provider{world: w, exits: provider.NewExitQueue()}
	p.life, p.end = context.WithCancel(context.Background())
	p.work.Go(func() { p.exits.Deliver(p.life) })
	w.open = p
	return p, nil
}

// End ends all processes, as when the machine is switched off.
func (w *World) End() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.nodes {
		if n.process != nil {
			w.ended(n.process, killed, nil)
		}
	}
}
