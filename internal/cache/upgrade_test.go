package cache

import (
	"strings"
	"testing"
)

func TestUpgradesThatAreRefused(t *testing.T) {
	t.Parallel()
	installed := func(engine Engine, build string) Offer { return OfferOf(EngineVersion{engine, build}) }
	as := func(engine Engine, asked string, by Offer) Offer {
		return Offer{Asked: EngineVersion{engine, asked}, Build: by.Build}
	}
	redis70, redis72, redis74 := installed(EngineRedis, "7.0.15"), installed(EngineRedis, "7.2.4"), installed(EngineRedis, "7.4.1")
	valkey72, valkey80, valkey90 := installed(EngineValkey, "7.2.6"), installed(EngineValkey, "8.0.1"), installed(EngineValkey, "9.0.0")
	for _, c := range []struct {
		from, to Offer
		want     string // the beginning of the refusal; empty: there is none
	}{
		{redis70, redis72, ""}, {redis70, valkey72, ""}, {redis70, valkey80, ""}, {redis72, valkey90, ""}, {valkey72, valkey80, ""},
		{redis70, as(EngineRedis, "7.1", redis70), ""}, {as(EngineRedis, "7.1", redis70), redis72, ""}, {as(EngineRedis, "6.2", redis70), redis70, ""},
		{redis70, as(EngineRedis, "7.2", valkey80), ""}, {as(EngineRedis, "7.1", valkey80), valkey80, ""}, {redis70, installed(EngineRedis, "7.0.9"), ""},
		{redis72, redis70, "Cannot modify redis from 7.2 to 7.0"},
		{as(EngineRedis, "7.1", redis70), redis70, "Cannot modify redis from 7.1 to 7.0"},
		{valkey80, valkey72, "Cannot modify valkey from 8.0 to 7.2"},
		{valkey80, redis72, "Cannot modify valkey from 8.0 to redis 7.2"},
		{redis72, as(EngineRedis, "7.4", redis70), "Cannot modify redis from 7.2 to redis 7.4: redis 7.0.15, which would serve it here, cannot read the data of redis 7.2.4."},
		{redis74, valkey80, "Cannot modify redis from 7.4 to valkey 8.0: valkey 8.0.1"},
		{as(EngineRedis, "7.1", valkey80), redis72, "Cannot modify redis from 7.1 to redis 7.2: redis 7.2.4, which would serve it here, cannot read the data of valkey 8.0.1."},
	} {
		err := CheckUpgrade(c.from, c.to)
		if c.want == "" && err != nil || c.want != "" && (!IsKind(err, KindCombination) || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("from %s to %s: %v, want %q", c.from, c.to, err, c.want)
		}
	}
}

func TestParameterGroupOfAnUpgrade(t *testing.T) {
	t.Parallel()
	redis70, redis72 := EngineVersion{EngineRedis, "7.0"}, EngineVersion{EngineRedis, "7.2"}
	valkey72, valkey80 := EngineVersion{EngineValkey, "7.2"}, EngineVersion{EngineValkey, "8.0"}
	for _, c := range []struct {
		from, to         EngineVersion
		has, given, want string
		refusal          string
	}{
		{from: redis70, to: redis72, has: "default.redis7", want: "default.redis7"},
		{from: redis70, to: redis72, has: "mine", want: "mine"},
		{from: redis70, to: valkey80, has: "default.redis7", want: "default.valkey8"},
		{from: redis70, to: valkey80, has: "default.redis7", given: "Default.Valkey8", want: "default.valkey8"},
		{from: valkey72, to: valkey80, has: "default.valkey7", given: "default.valkey8", want: "default.valkey8"},
		{from: redis70, to: valkey80, has: "mine", refusal: "Expected a parameter group of family valkey8 but found one of family redis7"},
		{from: valkey72, to: valkey80, has: "default.valkey7", refusal: "Expected a parameter group of family valkey8 but found one of family valkey7"},
	} {
		got, err := UpgradeParameterGroup(c.from, c.to, c.has, c.given)
		if c.refusal == "" && (err != nil || got != c.want) || c.refusal != "" && (!IsKind(err, KindCombination) || !strings.HasPrefix(err.Error(), c.refusal)) {
			t.Errorf("%s to %s with %s and %q: %s, %v", c.from, c.to, c.has, c.given, got, err)
		}
	}
}
