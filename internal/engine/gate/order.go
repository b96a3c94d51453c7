package gate

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What an engine behind a gate has in its configuration in place of addresses of its own. No machine has this address (RFC 5737), so an
// engine without the gate does not start.
const (
	BindAddress = "192.0.2.1"
	TLSPort     = 2 // tls-port; port is any other
)

// Files is how many files the gate may have open at a time: sockets that wait, or are on their way to the engine. An engine's limit
// of clients has to be higher by so many, because it counts the numbers of files.
const Files = 2*512 + 512

// What a gate can have; as in order.h.
const (
	ListenersMax = 64
	RulesMax     = 64
	NetworksMax  = 2048
	LeftMax      = 16
)

// ErrOrder says that an order cannot be given.
var ErrOrder = errors.New("invalid order for a gate")

// Mode is what a listener takes.
//
// Source: ElastiCache API reference, TransitEncryptionMode. None is a group without transit encryption.
type Mode string

// The modes.
const (
	ModeNone      Mode = "none"      // plaintext
	ModePreferred Mode = "preferred" // plaintext and TLS
	ModeRequired  Mode = "required"  // TLS
)

// Refusal is what a gate answers to plaintext where TLS is required.
const Refusal = "-ERR this cache takes connections over TLS only"

// Listener is an address that a gate listens on.
type Listener struct {
	At     netip.AddrPort
	Mode   Mode
	Rules  string // a name of Order.Rules; empty: everybody may come
	Shared bool   // with other gates, of which each has it so. It cannot be changed while the listener is open.
}

// PerSource limits the clients from one source: an IPv4 address, or an IPv6 network of 64 bits, as one host is given. 0: there is no limit.
// The service's own connections have none.
type PerSource struct {
	Connections int // at a time
	Rate        int // new ones in a second; after a second without any, as many at once
}

// Order is what a gate is to do from now on.
type Order struct {
	Listeners []Listener
	// Rules are the networks that may come to the listeners of a name. A name without networks lets nobody in.
	Rules map[string][]netip.Prefix
	// Service has the addresses that the service's own connections come from, which Clients does not limit. Invalid: there are none.
	Service   netip.Prefix
	Clients   int // how many connections others can have; 0: as many as the engine's own limit
	PerSource PerSource
	// Silent is how long a socket may say nothing before it is closed, or, where plaintext is allowed, given to the engine as such;
	// 0: ten seconds.
	Silent time.Duration
	// Away: who came through listeners that are not in the order any more is sent away, at once, but for the service.
	Away bool
	// Left are places that others than the service are sent away from that came by them, within End, whether or not this gate listens
	// there still.
	Left []netip.AddrPort
	// Watch has the gate note who comes, by listener and address ([Report.Guests]).
	Watch bool
	// End is the time over which connections are ended that a mode does not allow any more, or that came by places in Left; 0: one second.
	End time.Duration
}

var rulesName = regexp.MustCompile(`^[!-~]{1,63}$`)

// Render writes the order as the gate reads it. The same order gives the same text. The error is [ErrOrder].
func (o Order) Render() (string, error) {
	if len(o.Listeners) > ListenersMax || len(o.Rules) > RulesMax || len(o.Left) > LeftMax {
		return "", fmt.Errorf("%w: more than %d listeners, %d rules, or %d places that are left", ErrOrder, ListenersMax, RulesMax, LeftMax)
	}
	var b strings.Builder
	if err := o.renderRules(&b); err != nil {
		return "", err
	}
	for _, l := range o.Listeners {
		if err := o.renderListener(&b, l); err != nil {
			return "", err
		}
	}
	if o.Service.IsValid() {
		fmt.Fprintf(&b, "service %s\n", o.Service)
	}
	if o.Away {
		b.WriteString("away\n")
	}
	if o.Watch {
		b.WriteString("watch\n")
	}
	for _, at := range o.Left {
		fmt.Fprintf(&b, "left %s %d\n", at.Addr().Unmap(), at.Port())
	}
	for word, n := range map[string]int64{"clients": int64(o.Clients), "source": int64(o.PerSource.Connections), "rate": int64(o.PerSource.Rate), "silent": o.Silent.Milliseconds(), "end": o.End.Milliseconds()} {
		if n < 0 || n > time.Hour.Milliseconds() {
			return "", fmt.Errorf("%w: %s %d", ErrOrder, word, n)
		}
	}
	if o.Clients > 0 {
		fmt.Fprintf(&b, "clients %d\n", o.Clients)
	}
	if o.PerSource.Connections > 0 {
		fmt.Fprintf(&b, "source %d\n", o.PerSource.Connections)
	}
	if o.PerSource.Rate > 0 {
		fmt.Fprintf(&b, "rate %d\n", o.PerSource.Rate)
	}
	if o.Silent > 0 {
		fmt.Fprintf(&b, "silent %d\n", max(1, o.Silent.Milliseconds()))
	}
	if o.End > 0 {
		fmt.Fprintf(&b, "end %d\n", max(1, o.End.Milliseconds()))
	}
	return b.String(), nil
}

func (o Order) renderRules(b *strings.Builder) error {
	networks := 0
	for _, name := range slices.Sorted(maps.Keys(o.Rules)) {
		if !rulesName.MatchString(name) || name == "-" {
			return fmt.Errorf("%w: rules cannot be called %q", ErrOrder, name)
		}
		for _, n := range o.Rules[name] {
			if !n.IsValid() {
				return fmt.Errorf("%w: a network of the rules %s is none", ErrOrder, name)
			}
			fmt.Fprintf(b, "allow %s %s\n", name, n.Masked())
			networks++
		}
	}
	if networks > NetworksMax {
		return fmt.Errorf("%w: %d networks, more than %d", ErrOrder, networks, NetworksMax)
	}
	return nil
}

func (o Order) renderListener(b *strings.Builder, l Listener) error {
	switch {
	case !l.At.IsValid() || l.At.Port() == 0 || l.At.Addr().Zone() != "":
		return fmt.Errorf("%w: %s cannot be listened on", ErrOrder, l.At)
	case l.Mode != ModeNone && l.Mode != ModePreferred && l.Mode != ModeRequired:
		return fmt.Errorf("%w: there is no mode %q", ErrOrder, l.Mode)
	}
	rules, shared := "-", ""
	if l.Rules != "" {
		if _, known := o.Rules[l.Rules]; !known {
			return fmt.Errorf("%w: there are no rules %q", ErrOrder, l.Rules)
		}
		rules = l.Rules
	}
	if l.Shared {
		shared = " shared"
	}
	fmt.Fprintf(b, "listen %s %d %s %s%s\n", l.At.Addr().Unmap(), l.At.Port(), l.Mode, rules, shared)
	return nil
}
