package security

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// Rule lets a network connect to ports. Two rules are the same when they differ in nothing but their descriptions.
type Rule struct {
	Source      netip.Prefix `json:"source"`
	FromPort    int          `json:"from_port,omitempty"` // the first and the last port; 0 and 0: all
	ToPort      int          `json:"to_port,omitempty"`
	Description string       `json:"description,omitempty"`
}

// RuleSpec is what is asked for: a source like 10.0.0.0/8 or 192.0.2.7, and ports, of which nil is all.
type RuleSpec struct {
	Source           string
	FromPort, ToPort *int // ToPort nil: FromPort only
	Description      string
}

// NewRule makes a rule. A source with bits beyond its network's stands for the network, as in EC2. The error names all that is
// wrong; it is of [cache.KindInvalid].
func NewRule(spec RuleSpec) (Rule, error) {
	source, sourceFault := parseSource(spec.Source)
	from, to, portFault := parsePorts(spec.FromPort, spec.ToPort)
	r := Rule{Source: source, FromPort: from, ToPort: to, Description: spec.Description}
	return r, cache.Join(sourceFault, portFault, checkDescription(r.Description))
}

func parseSource(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil && address.Zone() == "" {
		return netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()), nil
	}
	source, err := netip.ParsePrefix(text)
	if err != nil || source.Addr().Is4In6() {
		return netip.Prefix{}, cache.Errorf(cache.KindInvalid, "The source %q is no network: write it like 10.0.0.0/8, 2001:db8::/32 or 192.0.2.7.", quote([]string{text}))
	}
	return source.Masked(), nil
}

func parsePorts(from, to *int) (first, last int, err error) {
	switch {
	case from == nil && to == nil:
		return 0, 0, nil
	case from == nil:
		return 0, 0, cache.Errorf(cache.KindCombination, "ToPort needs FromPort.")
	case to == nil:
		to = from
	}
	if *from < 1 || *to > 65535 || *from > *to {
		return 0, 0, cache.Errorf(cache.KindInvalid, "The ports must be between 1 and 65535, and the first must not be greater than the last.")
	}
	return *from, *to, nil
}

// Covers reports whether the rule is about a port.
func (r Rule) Covers(port int) bool { return r.ToPort == 0 || r.FromPort <= port && port <= r.ToPort }

func (r Rule) same(other Rule) bool {
	return r.Source == other.Source && r.FromPort == other.FromPort && r.ToPort == other.ToPort
}

// Allow adds a rule. Errors: [cache.KindExists], [cache.KindQuota].
func (g *Group) Allow(rule Rule) error {
	switch {
	case slices.ContainsFunc(g.Rules, rule.same):
		return cache.ResourceErrorf(cache.KindExists, cache.ResourceIngress, "The security group %s has this rule already.", g.ID)
	case len(g.Rules) >= RulesMax:
		return cache.ResourceErrorf(cache.KindQuota, cache.ResourceSecurityGroup, "A security group can have at most %d rules.", RulesMax)
	}
	g.Rules = append(slices.Clip(g.Rules), rule)
	return nil
}

// Revoke removes a rule. The error is of [cache.KindNotFound].
func (g *Group) Revoke(rule Rule) error {
	i := slices.IndexFunc(g.Rules, rule.same)
	if i < 0 {
		return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceIngress, "The security group %s has no such rule; it has: %s.", g.ID, g.sources())
	}
	g.Rules = slices.Delete(slices.Clone(g.Rules), i, i+1)
	return nil
}

func (g *Group) sources() string {
	if len(g.Rules) == 0 {
		return "none"
	}
	var all []string
	for _, r := range g.Rules {
		all = append(all, r.String())
	}
	return strings.Join(all, ", ")
}

// String is the rule as the command line takes it: 10.0.0.0/8, or 10.0.0.0/8 port 6379 to 6399.
func (r Rule) String() string {
	switch {
	case r.ToPort == 0:
		return r.Source.String()
	case r.FromPort == r.ToPort:
		return r.Source.String() + " port " + strconv.Itoa(r.FromPort)
	}
	return r.Source.String() + " port " + strconv.Itoa(r.FromPort) + " to " + strconv.Itoa(r.ToPort)
}
