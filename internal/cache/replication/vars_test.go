package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache/token"
)

const (
	day         = 24 * time.Hour
	soonAfter   = day // see rotation.Schedule
	scheduleMin = 1
)

var (
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	none   = token.Digest{}
	t1, t2 = digestOf("the-first-token-0001"), digestOf("the-second-token-002")
	t3     = digestOf("the-third-token-0003")
)

func digestOf(secret string) token.Digest {
	parsed, err := token.Parse(secret)
	if err != nil {
		panic(err)
	}
	return parsed.Digest()
}

// setOf is a set of digests; the zero one is NONE.
func setOf(digests ...token.Digest) token.Set {
	var all []token.Credential
	for _, d := range digests {
		all = append(all, token.Credential{Digest: d, AddedAt: noon})
	}
	return token.SetOf(all...)
}
