package parameter

import (
	"regexp"

	"github.com/aikagi/aikagi/internal/cache"
)

var namePattern = regexp.MustCompile(`^[A-Za-z](-?[A-Za-z0-9])*$`)

// CheckName refuses what cannot be the name of a group of somebody's own. The dot of default groups' names is refused, too. The error is
// of [cache.KindInvalid].
//
// Source: the answer is quoted in hashicorp/terraform-provider-aws issue 20425.
func CheckName(name string) error {
	if len(name) > 255 || !namePattern.MatchString(name) {
		return cache.Errorf(cache.KindInvalid, "The parameter CacheParameterGroupName is not a valid identifier. Identifiers must begin with a letter; "+
			"must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.")
	}
	return nil
}
