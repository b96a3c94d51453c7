package usage

import (
	"time"

	"github.com/aikagi/aikagi/internal/cache/token"
)

var (
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	t1, t2 = digestOf("the-first-token-0001"), digestOf("the-second-token-002")
)

func digestOf(secret string) token.Digest {
	parsed, err := token.Parse(secret)
	if err != nil {
		panic(err)
	}
	return parsed.Digest()
}
