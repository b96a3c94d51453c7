package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"strings"
	"syscall"

	"github.com/aikagi/aikagi/internal/address"
)

// Host is what nodes and endpoints get with the address plan host: ports of a range at addresses of this machine.
type Host struct {
	Addresses []netip.Addr
	Ports     address.PortRange
	Trouble   error // why it is not known which addresses; nil: it is
}

const (
	localPortsPath    = "proc/sys/net/ipv4/ip_local_port_range"
	reservedPortsPath = "proc/sys/net/ipv4/ip_local_reserved_ports"
)

// checkPlan looks whether new caches can be reached as the address plan has it.
func checkPlan(ctx context.Context, in Input) []Finding {
	const name = "address plan"
	switch {
	case len(in.Pools) > 0:
		var findings []Finding
		for _, p := range in.Pools {
			findings = append(findings, checkPool(p)...)
		}
		return findings
	case in.Host == nil:
		return ok(name, "loopback: new caches are reached from this machine only (serve --address-plan host, or pool: from other machines, too)")
	}
	if in.Host.Trouble != nil {
		return bad(name, Fail, "name them: --host-address ADDRESS", "host: %v", in.Host.Trouble)
	}
	var findings []Finding
	for _, a := range in.Host.Addresses {
		findings = append(findings, checkHostAddress(ctx, in, a)...)
	}
	return append(findings, checkLocalPorts(in)...)
}

func checkHostAddress(ctx context.Context, in Input, a netip.Addr) []Finding {
	const name = "address plan"
	var taken []string
	for port := in.Host.Ports.First; in.Host.Ports.Contains(port) && port-in.Host.Ports.First < probes; port++ {
		err := in.System.Listen(ctx, netip.AddrPortFrom(a, port))
		switch {
		case err == nil:
		case errors.Is(err, syscall.EADDRINUSE):
			taken = append(taken, fmt.Sprint(port))
		default:
			return bad(name, Fail, "ip address shows this machine's addresses; name one with --host-address", "host: %s cannot be bound: %v", a, err)
		}
	}
	if len(taken) > 0 {
		return ok(name, "host: new caches are reached at ports %s of %s; of the first ones %s are in use", in.Host.Ports, a, strings.Join(taken, ", "))
	}
	return ok(name, "host: new caches are reached at ports %s of %s", in.Host.Ports, a)
}

// checkLocalPorts warns of ports that the system gives to outgoing connections: while a node is down, one of those may
// have its port.
func checkLocalPorts(in Input) []Finding {
	text, err := fs.ReadFile(in.System.Files, localPortsPath)
	if err != nil {
		return nil // another system than Linux
	}
	var first, last uint16
	if _, err := fmt.Sscan(string(text), &first, &last); err != nil || last < in.Host.Ports.First || in.Host.Ports.Last < first {
		return nil
	}
	if reserved, err := fs.ReadFile(in.System.Files, reservedPortsPath); err == nil && strings.Contains(string(reserved), in.Host.Ports.String()) {
		return nil
	}
	return bad("address plan", Warn, fmt.Sprintf("sudo sysctl net.ipv4.ip_local_reserved_ports=%s, or choose another --port-range", in.Host.Ports),
		"the system gives ports %d-%d to outgoing connections, and may give one of %s while its node is down", first, last, in.Host.Ports)
}

// checkExposure warns of caches that other machines can reach without what should protect them, and of those that none can reach.
func checkExposure(_ context.Context, in Input) []Finding {
	const name = "exposure"
	if in.Caches == nil {
		return ok(name, "not looked at: no control plane answers")
	}
	var findings []Finding
	beyond := 0
	for _, c := range in.Caches {
		if c.Beyond {
			beyond++
		}
		if c.Exposure != "" {
			findings = append(findings, bad(name, Warn, "aikagi status "+c.ID, "%s: %s", c.ID, c.Exposure)...)
		}
		if c.LostAddress != "" {
			findings = append(findings, bad(name, Fail, "add it to an interface again: sudo ip address add "+c.LostAddress+" dev INTERFACE",
				"%s: nobody can connect to it, because this machine does not have its address %s", c.ID, c.LostAddress)...)
		}
	}
	if len(findings) > 0 {
		return findings
	}
	return ok(name, "%d of %d caches can be reached from other machines, and none without TLS and a token", beyond, len(in.Caches))
}
