package advisory

import (
	"strconv"
	"strings"
)

// version is major, minor, patch.
type version [3]int

func parseVersion(text string) (version, bool) {
	var v version
	parts := strings.Split(text, ".")
	if len(parts) != len(v) {
		return v, false
	}
	for i, part := range parts {
		// "8.0.0-rc1" is a candidate of 8.0.0 and older than every fix of its line.
		digits, _, _ := strings.Cut(part, "-")
		n, err := strconv.Atoi(digits)
		if err != nil || n < 0 {
			return v, false
		}
		v[i] = n
	}
	return v, true
}

func (v version) line() [2]int { return [2]int{v[0], v[1]} }

func (v version) less(w version) bool {
	for i := range v {
		if v[i] != w[i] {
			return v[i] < w[i]
		}
	}
	return false
}

// debianSeries is a Debian version without its epoch and the number of its stable
// update: "7.0.15-1~deb12u" of "5:7.0.15-1~deb12u10". Versions of one series are
// ordered by that number alone.
func debianSeries(text string) string {
	if _, rest, ok := strings.Cut(text, ":"); ok {
		text = rest
	}
	return strings.TrimRight(text, "0123456789")
}

func debianRevision(text string) int {
	n, err := strconv.Atoi(text[len(strings.TrimRight(text, "0123456789")):])
	if err != nil {
		return 0
	}
	return n
}
