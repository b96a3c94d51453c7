package cache

import (
	"slices"
	"strings"
)

// families are those of the original's parameter groups. Each has a default group, and from
// redis3.2 on a second one for cluster mode.
//
// Source: ElastiCache User Guide, "Engine specific parameters".
var families = []string{
	"redis2.6", "redis2.8", "redis3.2", "redis4.0", "redis5.0", "redis6.x", "redis7", "valkey7", "valkey8", "valkey9",
	"memcached1.4", "memcached1.5", "memcached1.6",
}

// CheckParameterGroup refuses a parameter group that does not go with a version, in the original's
// words; empty means the default. There are default groups only. Errors: [KindNotFound] about
// [ResourceParameterGroup], [KindCombination].
//
// Source: answers quoted in hashicorp/terraform-provider-aws issues 18338 and 27748, in
// aws-controllers-k8s/elasticache-controller pull request 188 and in aws/aws-cli issue 2456.
func CheckParameterGroup(name string, v EngineVersion) error {
	name = strings.ToLower(name)
	if name == "" || name == v.DefaultParameterGroup() {
		return nil
	}
	family, isDefault := strings.CutPrefix(name, "default.")
	family, clusterMode := strings.CutSuffix(family, ".cluster.on")
	switch {
	case !isDefault || !slices.Contains(families, family):
		return ResourceErrorf(KindNotFound, ResourceParameterGroup,
			"CacheParameterGroup not found: %s. For %s %s there is %s.", name, v.Engine, v.Release(), v.DefaultParameterGroup())
	case v.Engine == EngineRedis && strings.HasPrefix(family, string(EngineValkey)):
		return Errorf(KindCombination, "valkey parameter group is not applicable to engine redis")
	case family != v.Family():
		return Errorf(KindCombination, "Expected a parameter group of family %s but found one of family %s", v.Family(), family)
	case clusterMode:
		return Errorf(KindCombination, "Cluster mode should be disabled in parameter group, but found it is enabled.")
	}
	return nil
}
