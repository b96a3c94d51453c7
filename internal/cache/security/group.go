package security

import (
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Limits.
//
// Source: Amazon VPC User Guide, "Amazon VPC quotas": of a security group's inbound rules, and of groups on a network interface.
const (
	GroupsMax = 2500 // of one region
	RulesMax  = 60   // of one group
	IDsMax    = 16   // of one cache
)

// NetworksMax is how many networks can be told apart at the nodes of one cache. Gates take 2048, with a few of the service's own.
const NetworksMax = 2000

// Group is a security group.
type Group struct {
	ID          string    `json:"id"` // sg-…
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Rules       []Rule    `json:"rules,omitempty"` // oldest first; none: nobody may come
	CreatedAt   time.Time `json:"created_at"`      // of one of EC2: when it came to be known

	Origin    Origin    `json:"origin,omitempty"`
	VPC       string    `json:"vpc,omitempty"`       // of one of EC2
	GoneSince time.Time `json:"gone_since,omitzero"` // one of EC2 that EC2 does not have any more; its last rules stay

	Revision int64 `json:"-"` // the store's
}

// Spec is what is asked for when a group is created.
type Spec struct {
	ID          string // empty: one is made. One that is given is that of a group somewhere else, which caches name already.
	Name        string
	Description string
	Sources     []string // that may connect from the start, on all ports: caches that name the group already never have one without
}

// New makes a group, not stored yet. The error names all that is wrong; it is of [cache.KindInvalid], or one of [Group.Allow].
func New(spec Spec, now time.Time) (*Group, error) {
	g := &Group{ID: spec.ID, Name: spec.Name, Description: spec.Description, CreatedAt: now}
	if g.ID == "" {
		g.ID = newID()
	}
	faults := []error{CheckIDs([]string{g.ID}), checkText("GroupName", g.Name, nameMax), checkDescription(g.Description)}
	for _, source := range spec.Sources {
		rule, err := NewRule(RuleSpec{Source: source})
		if err == nil {
			err = g.Allow(rule)
		}
		faults = append(faults, err)
	}
	return g, cache.Join(faults...)
}

// newID makes an id in the form of EC2's.
func newID() string {
	var digits [9]byte
	_, _ = rand.Read(digits[:]) // never fails
	return "sg-" + hex.EncodeToString(digits[:])[:17]
}

var idPattern = regexp.MustCompile(`^sg-[0-9A-Za-z-]{1,60}$`)

// CheckIDs refuses what is not a list of ids of security groups. The error is of [cache.KindInvalid].
func CheckIDs(ids []string) error {
	if len(ids) > IDsMax {
		return cache.Errorf(cache.KindInvalid, "A cache can have at most %d security groups.", IDsMax)
	}
	wrong := slices.DeleteFunc(slices.Clone(ids), idPattern.MatchString)
	if len(wrong) > 0 {
		return cache.Errorf(cache.KindInvalid, "The parameter SecurityGroupIds must be ids of security groups, like sg-0123456789abcdef0, and not: %s.", quote(wrong))
	}
	return nil
}

// Known returns which of the groups have one of these ids.
func Known(ids []string, groups []*Group) (known []*Group) {
	for _, g := range groups {
		if slices.Contains(ids, g.ID) {
			known = append(known, g)
		}
	}
	return known
}

// Unknown returns the ids that none of the groups has.
func Unknown(ids []string, groups []*Group) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return slices.ContainsFunc(groups, func(g *Group) bool { return g.ID == id })
	})
}

// CheckCount refuses one more group than there can be; the error is of [cache.KindQuota].
func CheckCount(there int) error {
	if there >= GroupsMax {
		return cache.ResourceErrorf(cache.KindQuota, cache.ResourceSecurityGroup, "There can be at most %d security groups.", GroupsMax)
	}
	return nil
}

const (
	nameMax        = 255
	descriptionMax = 255
)

// Source: Amazon EC2 API Reference, CreateSecurityGroup and IpRange.
var textPattern = regexp.MustCompile(`^[a-zA-Z0-9. _:/()#,@\[\]+=&;{}!$*'-]*$`)

func checkText(what, text string, most int) error {
	if text == "" || len(text) > most || !textPattern.MatchString(text) {
		return cache.Errorf(cache.KindInvalid, "The parameter %s must have 1 to %d letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*'.", what, most)
	}
	return nil
}

func checkDescription(text string) error {
	if text == "" {
		return nil
	}
	return checkText("Description", text, descriptionMax)
}

// quote keeps what somebody sent from filling or breaking a message.
func quote(words []string) string {
	const longest = 200
	text := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, strings.Join(words, ", "))
	if len(text) > longest {
		text = text[:longest] + "..."
	}
	return text
}
