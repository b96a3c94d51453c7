package usage

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

var (
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	t1, t2 = digestOf("the-first-token-0001"), digestOf("the-second-token-002")
)

func digestOf(secret string) cache.Digest {
	parsed, err := cache.ParseToken(secret)
	if err != nil {
		panic(err)
	}
	return parsed.Digest()
}
