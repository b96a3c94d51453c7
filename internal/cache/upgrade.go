package cache

import "strings"

// CheckUpgrade refuses a change of version that leads to an older one, and one to a build that cannot read the data of the one that
// runs. Errors are of [KindCombination].
//
// Source: the original's answer as terraform-provider-aws has it in a comment ("Cannot modify redis from 3.2.6 to 3.2.4").
func CheckUpgrade(from, to Offer) error {
	switch {
	case from.Asked.Engine == EngineValkey && to.Asked.Engine == EngineRedis:
		return Errorf(KindCombination, "Cannot modify %s from %s to %s", from.Asked.Engine, from.Asked.Version, to.Asked)
	case from.Asked.Engine == to.Asked.Engine && to.Asked.Compare(from.Asked) < 0:
		return Errorf(KindCombination, "Cannot modify %s from %s to %s", from.Asked.Engine, from.Asked.Version, to.Asked.Version)
	case !to.Build.reads(from.Build):
		return Errorf(KindCombination, "Cannot modify %s from %s to %s: %s, which would serve it here, cannot read the data of %s.",
			from.Asked.Engine, from.Asked.Version, to.Asked, to.Build, from.Build)
	}
	return nil
}

// reads reports whether a build reads the snapshots of another one, and can be its replica.
//
// Source: RDB_VERSION in rdb.h: Redis 7.0 writes 10, Redis 7.2 and Valkey 7.2 to 8.1 write 11. From 12 on, with Redis 7.4, the numbers of
// Redis mean something else than those of Valkey (rdbLoadRio of Valkey refuses 12 to 79).
func (v EngineVersion) reads(other EngineVersion) bool {
	release, others := EngineVersion{v.Engine, v.Release()}, EngineVersion{other.Engine, other.Release()}
	switch v.Engine {
	case other.Engine:
		return release.Compare(others) >= 0
	case EngineValkey:
		return others.Compare(EngineVersion{EngineRedis, "7.4"}) < 0
	}
	return false
}

// UpgradeParameterGroup is the parameter group of a group that changes its version: the given one, which is checked where parameter groups are known; else
// the one that it has, if the family stays; else, from redis to valkey, the default one in place of the default one.
//
// Source: ElastiCache User Guide, "Upgrading engine versions"; the answer quoted in langgenius/dify issue 24.
func UpgradeParameterGroup(from, to EngineVersion, has, given string) (string, error) {
	switch {
	case given != "":
		return strings.ToLower(given), nil
	case from.Family() == to.Family():
		return has, nil
	case from.Engine != to.Engine && strings.HasPrefix(has, "default."):
		return to.DefaultParameterGroup(), nil
	}
	return "", Errorf(KindCombination, "Expected a parameter group of family %s but found one of family %s", to.Family(), from.Family())
}
