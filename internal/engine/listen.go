package engine

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/valkey-io/valkey-go"

	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/engine/gate"
	"github.com/aikagi/aikagi/internal/engine/module"
)

// EndTime is how long a gate takes to end connections that a mode does not allow any more, or that are to leave: not all of their clients come back at once.
const EndTime = time.Second

// Doors are where a node serves clients, and how.
type Doors struct {
	Addresses []netip.AddrPort
	Mode      gate.Mode
	Shared    []netip.AddrPort // those of them that other nodes serve, too; the system spreads connections
	Links     []netip.AddrPort // those of them that nobody but the service and other nodes may come to
	Network   netip.Prefix     // that the service's own connections come from; invalid: there are none
	// Nodes are where the group's other nodes come from: they may be in no network of the service's any more.
	Nodes     []netip.Prefix
	Admits    security.Admission
	PerSource gate.PerSource
	// Left are places of the group that clients are to leave which came by them. Watch has the node note who comes by which.
	Left  []netip.AddrPort
	Watch bool
}

// linkRules let the service and other nodes in alone.
const linkRules = "links"

// order is what the node's gate is told. The gate's limit of clients is a second wall behind the module's, which knows what
// a client has said.
func (d Doors) order() gate.Order {
	o := gate.Order{Service: d.Network, Clients: clientsMax + module.ReservedClients/4, PerSource: d.PerSource, End: EndTime, Left: d.Left, Watch: d.Watch}
	o.Rules = map[string][]netip.Prefix{}
	if d.Admits.Ruled {
		o.Rules[d.Admits.Name()] = append(slices.Clip(d.Admits.Networks), d.own()...)
	}
	if len(d.Links) > 0 {
		o.Rules[linkRules] = d.own()
	}
	for _, a := range d.Addresses {
		o.Listeners = append(o.Listeners, gate.Listener{At: a, Mode: d.Mode, Rules: d.RulesAt(a), Shared: slices.Contains(d.Shared, a)})
	}
	return o
}

// RulesAt is the name of the rules that say who may come to one of the addresses; empty: everybody may.
func (d Doors) RulesAt(at netip.AddrPort) string {
	if slices.Contains(d.Links, at) {
		return linkRules
	}
	return d.Admits.Name()
}

// own are the networks that proofs and replicas come from, whatever rules say.
func (d Doors) own() []netip.Prefix {
	all := slices.Clone(d.Nodes)
	if d.Network.IsValid() {
		all = append(all, d.Network)
	}
	return all
}

// How often and how far apart addresses are tried to be opened at an engine without a gate, as earlier releases have started them. Such
// an engine closes all of its listeners and opens them anew; for some milliseconds after a fork (a snapshot, a
// replica's first copy) its child holds them still, and they are refused.
const (
	listenTries = 150
	listenEvery = 2 * time.Millisecond
)

// Ended is what became of connections that a node does not allow any more.
type Ended struct {
	Barred  int // that clients have in a way that the mode does not allow: the gate ends them within [EndTime]
	ShutOut int // from addresses that no rule allows: they are closed
	Leaving int // of clients that came by places which are left: the gate ends them within [EndTime]
}

// ErrCannotEnforce says that a node has no gate to keep anybody out with: an earlier release has started it.
var ErrCannotEnforce = errors.New("node cannot enforce security groups until it is rebooted: an earlier release has started it")

// Listen makes the node serve clients at these addresses and no others, in their mode. Open connections stay, but for those
// that are not allowed any more. If somebody else listens at one of the addresses, which is a refusal
// ([IsRefused]), the node serves what it served before or, without a gate and failing that, nothing. Errors: [ErrCannotEnforce].
func (a *Admin) Listen(ctx context.Context, doors Doors) (Ended, error) {
	ended, _, err := a.listenAfter(ctx, doors)
	return ended, err
}

// listenAfter is Listen, with commands that are carried out before it in the same exchange; see obey.
func (a *Admin) listenAfter(ctx context.Context, doors Doors, before ...valkey.Completed) (Ended, []valkey.ValkeyResult, error) {
	report, replies, err := a.obey(ctx, doors.order(), before...)
	switch {
	case !errors.Is(err, errNoGate):
		return Ended{report.BarredClients, report.ShutOut, report.Leaving}, replies, err
	case doors.Admits.Ruled:
		return Ended{}, replies, ErrCannotEnforce
	}
	return Ended{}, replies, a.listenItself(ctx, doors)
}

// listenItself has an engine without a gate open its addresses.
func (a *Admin) listenItself(ctx context.Context, doors Doors) error {
	err := a.bind(ctx, joinAddresses(doors.Addresses))
	if err == nil || !IsRefused(err) {
		return err
	}
	// The engine has tried to go back itself, and says so, whether it could or not.
	settings, failed := a.client.Do(ctx, a.renamed("CONFIG", "GET", "bind")).AsStrMap()
	if failed == nil {
		failed = a.bind(ctx, settings["bind"])
	}
	if failed != nil {
		failed = a.bind(ctx, "")
	}
	return errors.Join(err, failed)
}

// TurnAway closes all of the node's addresses, and ends the connections of the clients that came through
// them: who has one open would go on reading there for as long as it lasts. It is one exchange, so
// that a control plane which is killed meanwhile leaves no half of it. The gate ends whom the engine does not know yet, too; the
// engine those who have an address of the service's network.
//
// CLIENT KILL may crash a Valkey with CVE-2026-56684. Here that costs a replica its
// process, and it is started again.
func (a *Admin) TurnAway(ctx context.Context, doors Doors) error {
	order := Doors{Network: doors.Network, Watch: doors.Watch}.order()
	order.Away = true
	text, err := order.Render()
	if err != nil {
		return err
	}
	commands := []valkey.Completed{a.command(gateCommand, "OBEY", text)}
	for _, at := range doors.Addresses {
		for _, kind := range []string{"normal", "pubsub"} {
			commands = append(commands, a.command("CLIENT", "KILL", "TYPE", kind, "LADDR", at.String()))
		}
	}
	err = a.all(ctx, "turn node's clients away", commands...)
	if !isGateless(err) {
		return err
	}
	commands[0] = a.renamed("CONFIG", "SET", "bind", "")
	return a.all(ctx, "turn node's clients away", commands...)
}

// bind sets the addresses of an engine without a gate, again and again if need be.
func (a *Admin) bind(ctx context.Context, addresses string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	again := time.NewTicker(listenEvery)
	defer again.Stop()
	for range listenTries {
		err = a.client.Do(ctx, a.renamed("CONFIG", "SET", "bind", addresses)).Error()
		if err == nil || !IsRefused(err) {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
	}
	if err != nil {
		return fmt.Errorf("open node's addresses: %w", err)
	}
	return nil
}

// joinAddresses leaves the ports out: an engine without a gate has one, its configuration's, for all of its addresses.
func joinAddresses(addresses []netip.AddrPort) string {
	words := make([]string, len(addresses))
	for i, at := range addresses {
		words[i] = at.Addr().String()
	}
	return strings.Join(words, " ")
}
