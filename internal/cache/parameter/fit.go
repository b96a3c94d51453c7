package parameter

import (
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// Unknown is the refusal of a group that a cache is to use and that is not there. It is of [cache.KindNotFound].
//
// Source: the answer is quoted in hashicorp/terraform-provider-aws issue 18338.
func Unknown(name string, v cache.EngineVersion) error {
	return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceParameterGroup,
		"CacheParameterGroup not found: %s. For %s %s there is %s.", cache.QuoteName(name), v.Engine, v.Release(), v.DefaultParameterGroup())
}

// CheckFit refuses a group that does not go with a version of an engine, in the original's words. The error is of [cache.KindCombination].
//
// Source: answers quoted in hashicorp/terraform-provider-aws issue 27748, in aws-controllers-k8s/elasticache-controller pull request 188
// and in aws/aws-cli issue 2456.
func (g *Group) CheckFit(v cache.EngineVersion) error {
	mode, _ := g.Value(clusterEnabled)
	switch {
	case v.Engine == cache.EngineRedis && strings.HasPrefix(g.Family, string(cache.EngineValkey)):
		return cache.Errorf(cache.KindCombination, "valkey parameter group is not applicable to engine redis")
	case g.Family != v.Family():
		return cache.Errorf(cache.KindCombination, "Expected a parameter group of family %s but found one of family %s", v.Family(), g.Family)
	case mode == "yes":
		return cache.Errorf(cache.KindCombination, "Cluster mode should be disabled in parameter group, but found it is enabled.")
	}
	return nil
}

// CheckSwitch refuses a group that a cache cannot go over to, because it has other values of what is chosen when a cache is created. The
// nodes of a cache are restarted one by one, and while they had different numbers of databases, a replica could not follow its primary.
// The error is of [cache.KindCombination].
func (g *Group) CheckSwitch(from *Group) error {
	for _, p := range g.family().Parameters {
		old, known := from.Value(p.Name)
		if next, _ := g.Value(p.Name); p.Access == Once && next != old && (known || p.Default == nil || next != *p.Default) {
			return cache.Errorf(cache.KindCombination, "The parameter %s is chosen when a cache is created: it is %s in parameter group %s, and must be %s as in %s.",
				p.Name, next, g.Name, old, from.Name)
		}
	}
	return nil
}
