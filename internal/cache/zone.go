package cache

import (
	"regexp"
)

// Zones are the names of a region's availability zones.
func Zones(region string) []string { return []string{region + "a", region + "b", region + "c"} }

var zonePattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

// CheckZones refuses what is no name of a zone.
func CheckZones(zones []string) error {
	for _, zone := range zones {
		if !zonePattern.MatchString(zone) {
			return Errorf(KindInvalid, "%q is not a valid availability zone.", zone)
		}
	}
	return nil
}
