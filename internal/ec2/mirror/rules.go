package mirror

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/ec2"
)

// sources are what rules mean that name something else than networks, by its id.
type sources struct {
	groups map[string][]netip.Addr // the private addresses of the interfaces that are in a security group
	lists  map[string][]ec2.Network

	groupFailure error            // why the interfaces could not be looked up
	listFailures map[string]error // why prefix lists could not
}

// failure is why it is not known what the rules of a group mean; nil: it is known.
func (s sources) failure(g ec2.SecurityGroup) error {
	for _, p := range g.Permissions {
		if _, _, counts := portsOf(p); !counts {
			continue
		}
		if len(p.Groups) > 0 && s.groupFailure != nil {
			return s.groupFailure
		}
		for _, id := range p.PrefixLists {
			if err := s.listFailures[id]; err != nil {
				return err
			}
		}
	}
	return nil
}

// groupOf is a security group of EC2 as it is stored: all of its rules as networks.
func groupOf(g ec2.SecurityGroup, s sources) *security.Group {
	out := &security.Group{ID: g.ID, Name: g.Name, Description: g.Description, VPC: g.VPC, Origin: security.OriginEC2}
	for _, p := range g.Permissions {
		from, to, counts := portsOf(p)
		if !counts {
			continue
		}
		add := func(source netip.Prefix, description string) {
			out.Rules = append(out.Rules, security.Rule{Source: source, FromPort: from, ToPort: to, Description: description})
		}
		for _, n := range p.Networks {
			add(n.Prefix, n.Description)
		}
		for _, id := range p.Groups {
			for _, a := range s.groups[id] {
				add(netip.PrefixFrom(a, a.BitLen()), id)
			}
		}
		for _, id := range p.PrefixLists {
			for _, n := range s.lists[id] {
				add(n.Prefix, id)
			}
		}
	}
	out.Rules = ordered(out.Rules)
	return out
}

// portsOf are the ports of a rule; 0 and 0 are all. Rules of other protocols than TCP do not count, since caches speak no other.
//
// Source: Amazon EC2 API Reference, IpPermission.
func portsOf(p ec2.Permission) (from, to int, counts bool) {
	switch p.Protocol {
	case "-1", "all":
		return 0, 0, true
	case "tcp", "6":
	default:
		return 0, 0, false
	}
	if p.FromPort == nil || p.ToPort == nil {
		return 0, 0, false
	}
	from, to = max(*p.FromPort, 1), *p.ToPort
	return from, to, from <= to && to <= 65535
}

// ordered puts rules in an order of their own: EC2 promises none, and the same rules have to be the same.
func ordered(rules []security.Rule) []security.Rule {
	slices.SortFunc(rules, func(a, b security.Rule) int {
		return cmp.Or(a.Source.Addr().Compare(b.Source.Addr()), cmp.Compare(a.Source.Bits(), b.Source.Bits()),
			cmp.Compare(a.FromPort, b.FromPort), cmp.Compare(a.ToPort, b.ToPort), cmp.Compare(a.Description, b.Description))
	})
	return slices.Compact(rules)
}
