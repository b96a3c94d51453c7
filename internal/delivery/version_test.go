package delivery

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Of an object only the one member changes, byte for byte.
func TestMemberIsReplaced(t *testing.T) {
	t.Parallel()
	value := rapid.SampledFrom([]string{`1.50`, `"a\"<&>\u0041"`, `{"k":"x", "l":[1 , "k"]}`, `null`, `[ ]`, `true`, `"é"`})
	space := rapid.StringMatching(`[ \t\n]{0,2}`)
	rapid.Check(t, func(t *rapid.T) {
		var before, after strings.Builder
		both := func(s string) { before.WriteString(s); after.WriteString(s) }
		both(space.Draw(t, "space") + "{")
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,3}`), 1, 4, rapid.ID).Draw(t, "names")
		chosen := rapid.IntRange(0, len(names)-1).Draw(t, "chosen")
		for i, name := range names {
			if i > 0 {
				both(",")
			}
			both(space.Draw(t, "space") + `"` + name + `"` + space.Draw(t, "space") + ":" + space.Draw(t, "space"))
			if i == chosen {
				before.WriteString(`"old \"one"`)
				after.WriteString(`"new&<token>"`)
			} else {
				both(value.Draw(t, "value"))
			}
			both(space.Draw(t, "space"))
		}
		both("}" + space.Draw(t, "space"))
		got, err := withToken(before.String(), names[chosen], "new&<token>")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(after.String(), got); diff != "" || !json.Valid([]byte(got)) {
			t.Fatal(diff)
		}
		if token, err := tokenIn(got, names[chosen]); err != nil || token != "new&<token>" {
			t.Fatalf("read back %q, %v", token, err)
		}
	})
}

func TestMemberIsNotReplaced(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `[]`, `"k"`, `{`, `{"k":"v"`, `{"k":"v"} x`, `{"k":"v"}{}`, `{"k":}`, `{"j":"v"}`, `{"k":1}`, `{"k":null}`, `{"k":"v","k":2}`, `{"a":{"k":"v"}}`} {
		if value, _, _, err := member(text, "k"); err == nil {
			t.Errorf("%s has the member %q", text, value)
		}
	}
}

func TestVersionID(t *testing.T) {
	t.Parallel()
	const want = 36 // ClientRequestToken has 32 to 64 characters
	a, b, c := versionID("r1", "v1"), versionID("r1", "v2"), versionID("r2", "v1")
	if len(a) != want || a[14] != '8' || a == b || a == c || a != versionID("r1", "v1") {
		t.Fatalf("ids %s %s %s", a, b, c)
	}
}
