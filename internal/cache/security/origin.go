package security

import (
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Origin is where a group's rules come from.
type Origin string

// The origins. The forms of earlier releases have none, which is our own.
const (
	OriginOwn Origin = ""    // they are made here
	OriginEC2 Origin = "ec2" // they are read from an EC2 API
)

// CheckOwn refuses to change a group of EC2 here. The error is of [cache.KindState].
func (g *Group) CheckOwn() error {
	if g.Origin == OriginOwn {
		return nil
	}
	return cache.ResourceErrorf(cache.KindState, cache.ResourceSecurityGroup,
		"The security group %s is one of EC2, and its rules are changed there (aws ec2 authorize-security-group-ingress, revoke-security-group-ingress). They are read again and again.", g.ID)
}

// SameAs reports whether two groups of EC2 say the same.
func (g *Group) SameAs(other *Group) bool {
	return g.Name == other.Name && g.Description == other.Description && g.VPC == other.VPC && g.GoneSince.Equal(other.GoneSince) && slices.Equal(g.Rules, other.Rules)
}

// CheckPlace refuses, in the original's words, groups of EC2 that are not in the VPC of a cache's subnet group, or not in one. A VPC
// that nothing is known of, as of our own groups, fits every other. So does that of a subnet group without EC2's subnets. The error is of
// [cache.KindCombination].
//
// Source: an answer quoted in aws-controllers-k8s/community issue 1594.
func CheckPlace(subnetGroup, vpc string, groups []*Group) error {
	first := ""
	for _, g := range groups {
		switch {
		case g.VPC == "":
		case vpc != "" && g.VPC != vpc:
			return cache.Errorf(cache.KindCombination, "Subnet group [%s] belongs to a different VPC [%s] than [%s]", subnetGroup, vpc, g.VPC)
		case first != "" && g.VPC != first:
			return cache.Errorf(cache.KindCombination, "The security groups are of different VPCs: [%s] and [%s]", first, g.VPC)
		default:
			first = g.VPC
		}
	}
	return nil
}

// CheckThere refuses groups that EC2 does not have any more; the error is of [cache.KindInvalid].
func CheckThere(groups []*Group) error {
	var gone []string
	for _, g := range groups {
		if !g.GoneSince.IsZero() {
			gone = append(gone, g.ID)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return ErrNotThere(gone)
}

// ErrNotThere is the refusal of ids that neither EC2 nor aikagi knows.
func ErrNotThere(ids []string) error {
	return cache.Errorf(cache.KindInvalid, "Some security groups in :[%s] do not exist, neither at the EC2 API nor here (aikagi security-group list).", quote(ids))
}

// Reading is what is kept of having read an EC2 API's groups.
type Reading struct {
	Endpoint string    `json:"endpoint"`
	ReadAt   time.Time `json:"read_at"` // or a little later; rules are as of then at least

	Revision int64 `json:"-"` // the store's
}

// Link is how it goes with an EC2 API. The zero value is that there is none.
type Link struct {
	Endpoint     string
	ReadAt       time.Time // when all groups were read last; zero: never
	FailingSince time.Time // zero: the last time it worked
	Failure      string    // why not
	Twice        []string  // ids of our own groups that EC2 has, too
}
