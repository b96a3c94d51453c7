package cache

import "strings"

// AddressPlan is how the nodes and endpoints of a cache get what clients reach them at.
type AddressPlan string

// The plans.
const (
	// PlanLoopback: each has a loopback address of its own, so that only this machine reaches it, at the cache's port.
	PlanLoopback AddressPlan = ""
	// PlanHost: they share addresses of this machine, each at a port of its own.
	PlanHost AddressPlan = "host"
)

// Beyond reports whether other machines reach caches of the plan.
func (p AddressPlan) Beyond() bool { return p != PlanLoopback }

// String is the plan as people write it.
func (p AddressPlan) String() string {
	if p == PlanLoopback {
		return "loopback"
	}
	return string(p)
}

// ParseAddressPlan reads a plan by its name. The error is of [KindInvalid].
func ParseAddressPlan(text string) (AddressPlan, error) {
	plans := []AddressPlan{PlanLoopback, PlanHost}
	names := make([]string, len(plans))
	for i, p := range plans {
		if names[i] = p.String(); text == names[i] {
			return p, nil
		}
	}
	return "", Errorf(KindInvalid, "There is no address plan %q. Name one of %s.", text, strings.Join(names, ", "))
}
