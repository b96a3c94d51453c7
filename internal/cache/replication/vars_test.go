package replication

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

const (
	day         = 24 * time.Hour
	soonAfter   = day // see rotation.Schedule
	scheduleMin = 1
)

var (
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	none   = cache.Digest{}
	t1, t2 = digestOf("the-first-token-0001"), digestOf("the-second-token-002")
	t3     = digestOf("the-third-token-0003")
)

func digestOf(secret string) cache.Digest {
	parsed, err := cache.ParseToken(secret)
	if err != nil {
		panic(err)
	}
	return parsed.Digest()
}

// setOf is a set of digests; the zero one is NONE.
func setOf(digests ...cache.Digest) cache.TokenSet {
	var all []cache.Credential
	for _, d := range digests {
		all = append(all, cache.Credential{Digest: d, AddedAt: noon})
	}
	return cache.TokenSetOf(all...)
}
