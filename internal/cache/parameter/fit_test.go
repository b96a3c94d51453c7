package parameter

import (
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

func fit(name string, v cache.EngineVersion) error {
	g := Default(strings.ToLower(name))
	if g == nil {
		return Unknown(name, v)
	}
	return g.CheckFit(v)
}

func TestFit(t *testing.T) {
	t.Parallel()
	redis, valkey := cache.EngineVersion{Engine: cache.EngineRedis, Version: "7.0.15"}, cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}
	for _, c := range []struct {
		name string
		v    cache.EngineVersion
		kind cache.Kind
		text string
	}{
		{"default.redis7", redis, "", ""}, {"Default.Redis7", redis, "", ""}, {"default.valkey8", valkey, "", ""},
		{"default.redis6.x", redis, cache.KindCombination, "Expected a parameter group of family redis7 but found one of family redis6.x"},
		{"default.redis5.0", redis, cache.KindCombination, "Expected a parameter group of family redis7 but found one of family redis5.0"},
		{"default.redis6.x.cluster.on", redis, cache.KindCombination, "Expected a parameter group of family redis7 but found one of family redis6.x"},
		{"default.valkey7", valkey, cache.KindCombination, "Expected a parameter group of family valkey8 but found one of family valkey7"},
		{"default.redis7", valkey, cache.KindCombination, "Expected a parameter group of family valkey8 but found one of family redis7"},
		{"default.memcached1.6", redis, cache.KindCombination, "Expected a parameter group of family redis7 but found one of family memcached1.6"},
		{"default.valkey8", redis, cache.KindCombination, "valkey parameter group is not applicable to engine redis"},
		{"default.redis7.cluster.on", redis, cache.KindCombination, "Cluster mode should be disabled in parameter group, but found it is enabled."},
		{"default.redis5.0.6", redis, cache.KindNotFound, "CacheParameterGroup not found: default.redis5.0.6"},
		{"mine", redis, cache.KindNotFound, "CacheParameterGroup not found: mine"},
		{"redis7", redis, cache.KindNotFound, "CacheParameterGroup not found: redis7"},
	} {
		err := fit(c.name, c.v)
		if c.kind == "" && err != nil || c.kind != "" && (!cache.IsKind(err, c.kind) || !strings.HasPrefix(err.Error(), c.text)) {
			t.Errorf("%s for %s: %v", c.name, c.v, err)
		}
	}
}
