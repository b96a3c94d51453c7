package cache

import "strconv"

// The tags that limit what one source of clients can have of each node: an IPv4 address, or an IPv6 network of 64 bits. The
// original has no such limits, so without them there are none.
const (
	TagSourceConnections = TagOwn + "source-connections" // at a time
	TagSourceRate        = TagOwn + "source-rate"        // new ones in a second
)

const (
	wantSourceLimit = "a number from 1 to 10000"
	sourceLimitMax  = 10000 // more than a node has for all clients together limits nothing
)

func validSourceLimit(value string) bool {
	n, err := strconv.Atoi(value)
	return err == nil && n >= 1 && n <= sourceLimitMax
}

// SourceLimits are the limits of one source; 0: there is none.
type SourceLimits struct{ Connections, Rate int }

// SourceLimits returns what the tags say.
func (t Tags) SourceLimits() SourceLimits {
	number := func(tag string) int {
		n, _ := strconv.Atoi(t[tag]) // else it is not there
		return n
	}
	return SourceLimits{number(TagSourceConnections), number(TagSourceRate)}
}
