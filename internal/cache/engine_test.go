package cache

import (
	"strings"
	"testing"
)

func TestVersionSpellings(t *testing.T) {
	t.Parallel()
	installed := []EngineVersion{
		{EngineRedis, "5.0.6"}, {EngineRedis, "6.0.5"}, {EngineRedis, "6.2.6"}, {EngineRedis, "7.0.12"}, {EngineRedis, "7.0.15"}, {EngineRedis, "7.2.4"},
		{EngineValkey, "7.2.6"}, {EngineValkey, "8.0.1"},
	}
	catalogue := NewCatalogue(installed, nil)
	for _, c := range []struct {
		engine      Engine
		asked, want string
		refusal     string
		kind        Kind
	}{
		{engine: EngineRedis, asked: "", want: "7.2.4"},
		{engine: EngineRedis, asked: "7.0", want: "7.0.15"},
		{engine: EngineRedis, asked: "6.x", want: "6.2.6"},
		{engine: EngineRedis, asked: "6.0", want: "6.0.5"},
		{engine: EngineRedis, asked: "5.0.6", want: "5.0.6"},
		{engine: EngineValkey, asked: "8.0", want: "8.0.1"},
		{engine: EngineRedis, asked: "7.0.15", kind: KindInvalid, refusal: "Specific version selection is not allowed for '7.0.15', please use '7.0'"},
		{engine: EngineRedis, asked: "6.2.6", kind: KindInvalid, refusal: "Specific version selection is not allowed for '6.2.6', please use '6.2'"},
		{engine: EngineRedis, asked: "7.9.9", kind: KindInvalid, refusal: "Specific version selection is not allowed for '7.9.9', please use '7.9'"},
		{engine: EngineValkey, asked: "8.0.1", kind: KindInvalid, refusal: "Specific version selection is not allowed for '8.0.1', please use '8.0'"},
		{engine: EngineRedis, asked: "7", kind: KindCombination, refusal: "Cannot find version 7 for redis"},
		{engine: EngineRedis, asked: "7.x", kind: KindCombination, refusal: "Cannot find version 7.x for redis. Offered: 5.0.6, 6.0, 6.2, 7.0, 7.1 (served by redis 7.0.15), 7.2. Install it and point --engine-path at it."},
		{engine: EngineRedis, asked: "6", kind: KindCombination, refusal: "Cannot find version 6 for redis"},
		{engine: EngineRedis, asked: "7.4", kind: KindCombination, refusal: "Cannot find version 7.4 for redis. Offered: 5.0.6, 6.0, 6.2, 7.0, 7.1 (served by redis 7.0.15), 7.2. " +
			"Install it and point --engine-path at it, or have another version serve it: aikagi serve --engine-alias redis:7.4=redis:7.2."},
		{engine: EngineRedis, asked: "5.0", kind: KindCombination, refusal: "Cannot find version 5.0 for redis"},
		{engine: EngineRedis, asked: "5.0.5", kind: KindCombination, refusal: "Cannot find version 5.0.5 for redis"},
		{engine: EngineValkey, asked: "8.x", kind: KindCombination, refusal: "Cannot find version 8.x for valkey"},
		{engine: EngineValkey, asked: "6.x", kind: KindCombination, refusal: "Cannot find version 6.x for valkey"},
		{engine: EngineRedis, asked: "seven", kind: KindCombination, refusal: "Cannot find version seven for redis"},
	} {
		got, err := catalogue.Resolve(c.engine, c.asked)
		switch {
		case c.want != "" && (err != nil || got.Build != EngineVersion{c.engine, c.want} || got.Aliased()):
			t.Errorf("%s %q: %s, %v", c.engine, c.asked, got, err)
		case c.want == "" && (!IsKind(err, c.kind) || !strings.HasPrefix(err.Error(), c.refusal)):
			t.Errorf("%s %q: %v", c.engine, c.asked, err)
		}
	}
	if _, err := NewCatalogue(installed[:6], nil).Resolve(EngineValkey, "8.0"); err == nil || !strings.Contains(err.Error(), "no valkey-server is installed") {
		t.Errorf("an engine that is not installed: %v", err)
	}
}

func TestFamilies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v               EngineVersion
		family, release string
	}{
		{EngineVersion{EngineRedis, "7.0.15"}, "redis7", "7.0"}, {EngineVersion{EngineRedis, "6.2.6"}, "redis6.x", "6.2"},
		{EngineVersion{EngineRedis, "5.0.6"}, "redis5.0", "5.0"}, {EngineVersion{EngineValkey, "8.0.1"}, "valkey8", "8.0"}, {EngineVersion{EngineValkey, "10.1.0"}, "valkey10", "10.1"},
	} {
		if c.v.Family() != c.family || c.v.Release() != c.release {
			t.Errorf("%s: %s, %s", c.v, c.v.Family(), c.v.Release())
		}
	}
}

// TestSuccessorStaysInTheMajorVersion sees that an upgrade of a package is taken, the smallest one, and never a downgrade to an older
// release.
func TestSuccessorStaysInTheMajorVersion(t *testing.T) {
	t.Parallel()
	installed := []EngineVersion{{EngineRedis, "7.0.15"}, {EngineRedis, "7.2.4"}, {EngineValkey, "8.0.1"}, {EngineValkey, "9.0.0"}}
	for gone, want := range map[EngineVersion]string{
		{EngineRedis, "7.0.12"}: "7.0.15", {EngineRedis, "7.0.16"}: "7.0.15", {EngineRedis, "7.1.0"}: "7.2.4", {EngineRedis, "7.4.0"}: "",
		{EngineValkey, "8.0.0"}: "8.0.1", {EngineRedis, "6.2.6"}: "", {EngineRedis, "7.0.15"}: "",
	} {
		next, ok := Successor(installed, gone)
		if ok != (want != "") || next.Version != want {
			t.Errorf("%s: %s, %t", gone, next, ok)
		}
	}
}
