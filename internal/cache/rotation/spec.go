package rotation

import (
	"fmt"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Spec is how a guided rotation is to be done.
type Spec struct {
	// Delivery is where the new token goes. It is nil only with Adopt.
	Delivery *Target `json:"delivery,omitempty"`
	// Adopt takes a token to its end that was rotated in by other means: nothing is made or
	// delivered, only waited, SET and watched.
	Adopt bool `json:"adopt,omitempty"`
	// Secure first moves a group to TLS whose clients need not use it. Finish then says when plaintext ends, too.
	Secure bool       `json:"secure,omitempty"`
	Finish FinishRule `json:"finish"`
	// Brownout refuses the old credential for that long before it ends, to find who would fail; 0: no brownout.
	Brownout time.Duration `json:"brownout,omitempty"`
	// EvictOver is the time over which connections that were opened with the old credential
	// are ended, after SET; 0: they stay.
	EvictOver time.Duration `json:"evict_over,omitempty"`
	// Grace is how long after SET refused logins with the old credential are watched.
	Grace time.Duration `json:"grace,omitempty"`
	// RollBackOver is how many refused logins bring the old credential back; the next one
	// does. Negative: none do (a token that was leaked must not be brought back by its thief).
	RollBackOver int64 `json:"roll_back_over,omitempty"`
}

// Defaults and limits of a rotation.
const (
	DefaultGrace = 10 * time.Minute

	brownoutMax = 10 * time.Minute
	graceMax    = 7 * 24 * time.Hour
	evictMax    = 24 * time.Hour
	finishMax   = 90 * 24 * time.Hour
)

// FinishRule says when the old credential ends, or plaintext. With both times it ends when the first
// has come; with neither, only when its owner says so.
type FinishRule struct {
	Quiet    time.Duration `json:"quiet,omitempty"`    // it was not used for so long
	Deadline time.Duration `json:"deadline,omitempty"` // so long after it could be replaced, used or not
	Ask      bool          `json:"ask,omitempty"`      // when ContinueAuthTokenRotation is called
}

// ParseFinishRule reads "quiet=10m", "deadline=24h", both with a comma between them, or "ask".
// Empty means quiet=10m.
func ParseFinishRule(s string) (FinishRule, error) {
	if s == "" {
		return FinishRule{Quiet: cache.DefaultQuiet}, nil
	}
	var rule FinishRule
	for part := range strings.SplitSeq(s, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if name == "ask" && value == "" {
			rule.Ask = true
			continue
		}
		d, err := time.ParseDuration(value)
		switch {
		case name != "quiet" && name != "deadline":
			return FinishRule{}, cache.Errorf(cache.KindInvalid, "The finish rule %q is not one of: quiet=DURATION, deadline=DURATION, ask.", s)
		case err != nil || d <= 0 || d > finishMax:
			return FinishRule{}, cache.Errorf(cache.KindInvalid, "The time %q of the finish rule is not a duration of at most 90 days like 30s, 10m or 24h.", value)
		case name == "quiet":
			rule.Quiet = d
		default:
			rule.Deadline = d
		}
	}
	if rule.Ask && rule != (FinishRule{Ask: true}) {
		return FinishRule{}, cache.Errorf(cache.KindInvalid, "The finish rule ask cannot be combined with another one.")
	}
	return rule, nil
}

// String is what [ParseFinishRule] reads.
func (r FinishRule) String() string {
	var parts []string
	if r.Quiet > 0 {
		parts = append(parts, "quiet="+cache.ShortDuration(r.Quiet))
	}
	if r.Deadline > 0 {
		parts = append(parts, "deadline="+cache.ShortDuration(r.Deadline))
	}
	if r.Ask {
		parts = append(parts, "ask")
	}
	return strings.Join(parts, ",")
}

// withDefaults is the spec with what its owner left open.
func (s Spec) withDefaults() Spec {
	if s.Finish == (FinishRule{}) {
		s.Finish.Quiet = cache.DefaultQuiet
	}
	if s.Grace == 0 {
		s.Grace = DefaultGrace
	}
	return s
}

// Validate checks what cannot be right whatever the group.
func (s Spec) Validate() error {
	for _, limit := range []struct {
		name  string
		value time.Duration
		most  time.Duration
	}{
		{"Brownout", s.Brownout, brownoutMax}, {"EvictOver", s.EvictOver, evictMax}, {"Grace", s.Grace, graceMax},
		{"quiet", s.Finish.Quiet, finishMax}, {"deadline", s.Finish.Deadline, finishMax},
	} {
		if limit.value < 0 || limit.value > limit.most {
			return cache.Errorf(cache.KindInvalid, "The time %s must be between 0 and %s.", limit.name, cache.ShortDuration(limit.most))
		}
	}
	switch {
	case s.Adopt && s.Secure:
		return cache.Errorf(cache.KindCombination, "A rotation that only finishes a change begins with TLS already.")
	case s.Adopt && s.Delivery != nil:
		return cache.Errorf(cache.KindCombination, "A rotation that only finishes a change cannot have a delivery target.")
	case !s.Adopt && s.Delivery == nil:
		return cache.Errorf(cache.KindCombination, "Say where the new token is to be delivered: a file, a command or a secret of AWS Secrets Manager.")
	case s.Delivery != nil:
		if err := s.Delivery.Validate(); err != nil {
			return fmt.Errorf("check delivery: %w", err)
		}
	}
	return nil
}
