package subnet

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestNew(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 21 {
		many = append(many, fmt.Sprintf("subnet-%08x", i))
	}
	one := []string{"subnet-0bb1c79de3EXAMPLE"}
	for name, c := range map[string]struct {
		spec Spec
		kind cache.Kind // empty: it is accepted
		says string
	}{
		"good":             {Spec{Name: "Private.a_1", Description: "d", SubnetIDs: many[:20]}, "", ""},
		"no description":   {Spec{Name: "a", SubnetIDs: one}, "", ""},
		"no name":          {Spec{SubnetIDs: one}, cache.KindInvalid, "CacheSubnetGroupName is not a valid identifier"},
		"space in name":    {Spec{Name: "a b", SubnetIDs: one}, cache.KindInvalid, "not a valid identifier"},
		"long name":        {Spec{Name: strings.Repeat("a", 256), SubnetIDs: one}, cache.KindInvalid, "not a valid identifier"},
		"no subnets":       {Spec{Name: "a"}, cache.KindInvalid, "The parameter SubnetIds must be provided."},
		"no ids":           {Spec{Name: "a", SubnetIDs: []string{"subnet-1", "vpc-1"}}, cache.KindInvalid, "Some input subnets in :[subnet-1, vpc-1] are invalid."},
		"longest id":       {Spec{Name: "a", SubnetIDs: []string{"subnet-" + strings.Repeat("1", 64)}}, "", ""},
		"long id":          {Spec{Name: "a", SubnetIDs: []string{"subnet-" + strings.Repeat("1", 65)}}, cache.KindInvalid, "are invalid"},
		"longest name":     {Spec{Name: strings.Repeat("a", 255), SubnetIDs: one}, "", ""},
		"too many":         {Spec{Name: "a", SubnetIDs: many}, cache.KindQuota, "at most 20"},
		"reserved tag":     {Spec{Name: "a", SubnetIDs: one, Tags: []cache.Tag{{Key: "aws:x"}}}, cache.KindInvalid, "reserved"},
		"all of it, twice": {Spec{Name: "-"}, cache.KindInvalid, "must be provided"},
	} {
		g, err := New(c.spec, noon)
		switch {
		case c.kind == "" && (err != nil || g.Name != strings.ToLower(c.spec.Name) || !slices.Equal(g.SubnetIDs, c.spec.SubnetIDs)):
			t.Errorf("%s: %+v (%v)", name, g, err)
		case c.kind != "" && (!cache.IsKind(err, c.kind) || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v, want %q of kind %s", name, err, c.says, c.kind)
		}
	}
}

func TestModify(t *testing.T) {
	t.Parallel()
	g, err := New(Spec{Name: "a", Description: "old", SubnetIDs: []string{"subnet-1", "subnet-2"}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	said := "new"
	for _, c := range []struct {
		change      Change
		fails       bool
		description string
		ids         []string
	}{
		{Change{}, true, "old", []string{"subnet-1", "subnet-2"}},
		{Change{SubnetIDs: []string{"x"}, Description: &said}, true, "old", []string{"subnet-1", "subnet-2"}},
		{Change{SubnetIDs: []string{}}, true, "old", []string{"subnet-1", "subnet-2"}},
		{Change{SubnetIDs: []string{"subnet-3"}}, false, "old", []string{"subnet-3"}},
		{Change{Description: &said}, false, "new", []string{"subnet-3"}},
	} {
		if err := g.Modify(c.change); (err != nil) != c.fails || g.Description != c.description || !slices.Equal(g.SubnetIDs, c.ids) {
			t.Errorf("%+v: %+v (%v)", c.change, g, err)
		}
	}
}

func TestDefault(t *testing.T) {
	t.Parallel()
	g := Default(noon)
	if err := CheckIDs(g.SubnetIDs); err != nil {
		t.Error(err)
	}
	if err := g.ChangeTags(func(t cache.Tags) (cache.Tags, error) { return t.With([]cache.Tag{{Key: "a"}}) }); !cache.IsKind(err, cache.KindInvalid) {
		t.Errorf("tags on the default group: %v", err)
	}
	if err := CheckDelete(DefaultName); !cache.IsKind(err, cache.KindInvalid) {
		t.Errorf("delete the default group: %v", err)
	}
}

// Subnets that were looked for at EC2 are where they are there; what is refused leaves the group as it was.
func TestPlace(t *testing.T) {
	t.Parallel()
	found := []Subnet{
		{"subnet-2", "vpc-1", "b", netip.MustParsePrefix("10.1.2.0/24")}, {ID: "subnet-1", VPC: "vpc-1", Zone: "a"}, {ID: "subnet-3", VPC: "vpc-2", Zone: "c"},
	}
	g, err := New(Spec{Name: "a", SubnetIDs: []string{"subnet-1", "subnet-2"}, Found: found}, noon)
	if err != nil || g.VPCID() != "vpc-1" || g.ZoneOf(0, nil) != "a" || g.ZoneOf(1, nil) != "b" || !slices.Equal(g.Networks, []netip.Prefix{{}, found[0].Network}) {
		t.Fatalf("%+v, %v", g, err)
	}
	for ids, says := range map[string]string{
		"subnet-1 subnet-3": "Subnets subnet-1 and subnet-3 are not in the same VPC.",
		"subnet-1 subnet-4": "Some input subnets in :[subnet-1, subnet-4] are invalid.",
	} {
		err := g.Modify(Change{SubnetIDs: strings.Fields(ids), Found: found})
		if err == nil || err.Error() != says || g.VPC != "vpc-1" || !slices.Equal(g.Zones, []string{"a", "b"}) {
			t.Errorf("%s: %+v, %v", ids, g, err)
		}
	}
	if err := g.Modify(Change{SubnetIDs: []string{"subnet-4"}, Found: []Subnet{}}); err == nil {
		t.Error("EC2 has none, and it is accepted")
	}
	if err := g.Modify(Change{SubnetIDs: []string{"subnet-4"}, RegionZones: []string{"z"}}); err != nil || g.VPCID() != VPC || g.ZoneOf(0, nil) != "z" || g.Networks != nil {
		t.Errorf("nobody was asked: %+v, %v", g, err)
	}
}
