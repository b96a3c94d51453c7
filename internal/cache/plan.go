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
	// PlanPool: each has an address of its own out of a range that other machines reach, on a network interface of this machine, at the
	// cache's port.
	PlanPool AddressPlan = "pool"
)

// AddressPlans are all plans.
var AddressPlans = []AddressPlan{PlanLoopback, PlanHost, PlanPool}

// Beyond reports whether other machines reach caches of the plan.
func (p AddressPlan) Beyond() bool { return p != PlanLoopback }

// SharesAddresses reports whether places have ports of their own at addresses that others have, too, rather than addresses of their own.
func (p AddressPlan) SharesAddresses() bool { return p == PlanHost }

// String is the plan as people write it.
func (p AddressPlan) String() string {
	if p == PlanLoopback {
		return "loopback"
	}
	return string(p)
}

// ParseAddressPlan reads a plan by its name. The error is of [KindInvalid].
func ParseAddressPlan(text string) (AddressPlan, error) {
	names := make([]string, len(AddressPlans))
	for i, p := range AddressPlans {
		if names[i] = p.String(); text == names[i] {
			return p, nil
		}
	}
	return "", Errorf(KindInvalid, "There is no address plan %q. Name one of %s.", text, strings.Join(names, ", "))
}
