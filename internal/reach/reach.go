// Package reach connects to nodes as their administrator: over the admin socket that their provider dials, with the
// password that the keyring has for each.
package reach

import (
	"context"
	"net"

	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// Nodes are all nodes of a provider. Errors of its methods are those of [provider.Provider.Dial] and of package engine.
type Nodes struct {
	Provider provider.Provider
	Keyring  engine.Keyring
}

func (n Nodes) dial(name provider.NodeName) engine.Dial {
	return func(ctx context.Context) (net.Conn, error) { return n.Provider.Dial(ctx, name) }
}

// Connect opens a connection that lasts until ctx ends, or the caller closes it.
func (n Nodes) Connect(ctx context.Context, name provider.NodeName) (*engine.Admin, error) {
	return engine.ConnectUntil(ctx, n.dial(name), n.Keyring, name.UID())
}

// Counters asks a node for its counters; see [engine.AskCounters].
func (n Nodes) Counters(ctx context.Context, name provider.NodeName) (engine.Counters, error) {
	return engine.AskCounters(ctx, n.dial(name), n.Keyring, name.UID())
}

// Acknowledge has a replica tell its primary how far it has come; see [engine.Acknowledge].
func (n Nodes) Acknowledge(ctx context.Context, name provider.NodeName) error {
	return engine.Acknowledge(ctx, n.dial(name), n.Keyring, name.UID())
}
