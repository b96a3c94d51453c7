package subnet

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Limits.
//
// Source: ElastiCache User Guide, "Subnets and subnet groups" and "Quotas".
const (
	GroupsMax  = 300 // of one region
	subnetsMax = 20  // of one group
)

// DefaultName is the group of caches that name none. It is always there.
//
// Source: ElastiCache User Guide, "Subnets and subnet groups".
const DefaultName = "default"

// VPC is the one that all subnets are in.
const VPC = "vpc-00000000"

// Group is a cache subnet group.
type Group struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	SubnetIDs   []string `json:"subnet_ids"`      // as they were given
	VPC         string   `json:"vpc,omitempty"`   // of the subnets, if EC2 was asked
	Zones       []string `json:"zones,omitempty"` // of each subnet; none in groups of early releases, see ZoneOf
	// Networks are the addresses of each subnet, if EC2 was asked, zero where it tells none.
	Networks  []netip.Prefix `json:"networks,omitempty"`
	Tags      cache.Tags     `json:"tags,omitempty"`
	CreatedAt time.Time      `json:"created_at"`

	Revision int64 `json:"-"` // the store's
}

// Spec is what is asked for when a group is created.
type Spec struct {
	Name, Description string
	SubnetIDs         []string
	Found             []Subnet // at EC2; nil: nobody was asked
	RegionZones       []string // which subnets that nobody was asked of are spread over
	Tags              []cache.Tag
}

// Change is what is asked for when a group is modified. Nil: it stays.
type Change struct {
	Description *string
	SubnetIDs   []string
	Found       []Subnet // at EC2; nil: nobody was asked
	RegionZones []string // see Spec
	Nodes       []Node   // that are in the group's subnets
}

// New makes a group, not stored yet. The error names all that is wrong; it is of [cache.KindInvalid] or
// [cache.KindQuota].
func New(spec Spec, now time.Time) (*Group, error) {
	tags, tagFault := cache.Tags{}.With(spec.Tags)
	g := &Group{
		Name: strings.ToLower(spec.Name), Description: spec.Description, Tags: tags, CreatedAt: now,
	}
	return g, cache.Join(checkName(g.Name), g.place(spec.SubnetIDs, spec.Found, spec.RegionZones), tagFault)
}

// Default is the group of [DefaultName] as it is until somebody modifies it.
func Default(now time.Time) *Group {
	return &Group{
		Name: DefaultName, Description: "Default CacheSubnetGroup", SubnetIDs: []string{"subnet-0000000a", "subnet-0000000b", "subnet-0000000c"}, CreatedAt: now,
	}
}

// Modify changes the group. Errors are those of New, [cache.ErrNoModification], and of [cache.KindInUse] for a subnet that has nodes and
// would be gone. After an error the group is as it was.
func (g *Group) Modify(c Change) error {
	if c.Description == nil && c.SubnetIDs == nil {
		return cache.ErrNoModification
	}
	if c.SubnetIDs != nil {
		next := *g
		if err := next.place(c.SubnetIDs, c.Found, c.RegionZones); err != nil {
			return err
		}
		if err := g.checkLeft(&next, c); err != nil {
			return err
		}
		*g = next
	}
	if c.Description != nil {
		g.Description = *c.Description
	}
	return nil
}

// ChangeTags changes the group's tags. The default group can have none; the error is of [cache.KindInvalid].
func (g *Group) ChangeTags(change func(cache.Tags) (cache.Tags, error)) error {
	if g.Name == DefaultName {
		return cache.Errorf(cache.KindInvalid, "The cache subnet group %s cannot have tags.", DefaultName)
	}
	next, err := change(g.Tags)
	if err == nil {
		g.Tags = next
	}
	return err
}

// CheckDelete refuses to delete the default group; the error is of [cache.KindInvalid].
func CheckDelete(name string) error {
	if name == DefaultName {
		return cache.Errorf(cache.KindInvalid, "The cache subnet group %s cannot be deleted.", DefaultName)
	}
	return nil
}

// CheckCount refuses one more group than there can be; the error is of [cache.KindQuota].
func CheckCount(there int) error {
	if there >= GroupsMax {
		return cache.ResourceErrorf(cache.KindQuota, cache.ResourceSubnetGroup, "There can be at most %d cache subnet groups.", GroupsMax)
	}
	return nil
}

// Source: API reference, CreateCacheSubnetGroup: at most 255 letters, digits, spaces and others of ASCII; stored in
// lower case. The original takes no spaces.
var namePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`)

const (
	nameMax     = 255
	subnetIDMax = 71
)

func checkName(name string) error {
	if len(name) > nameMax || !namePattern.MatchString(name) {
		return cache.Errorf(cache.KindInvalid, "The parameter CacheSubnetGroupName is not a valid identifier: 1 to 255 letters, digits, hyphens, "+
			"dots and underscores, beginning with a letter or a digit.")
	}
	return nil
}

var subnetPattern = regexp.MustCompile(`^subnet-[0-9A-Za-z-]+$`)

// CheckIDs refuses what is not a list of subnets, in the original's words. Errors are of [cache.KindInvalid] and [cache.KindQuota].
//
// Source: answers quoted in floci issue 2401.
func CheckIDs(ids []string) error {
	if len(ids) == 0 {
		return cache.Errorf(cache.KindInvalid, "The parameter SubnetIds must be provided.")
	}
	if len(ids) > subnetsMax {
		return cache.ResourceErrorf(cache.KindQuota, cache.ResourceSubnet, "A cache subnet group can have at most %d subnets.", subnetsMax)
	}
	if slices.ContainsFunc(ids, func(id string) bool { return len(id) > subnetIDMax || !subnetPattern.MatchString(id) }) {
		return cache.Errorf(cache.KindInvalid, "Some input subnets in :[%s] are invalid.", strings.Join(ids, ", "))
	}
	return nil
}
