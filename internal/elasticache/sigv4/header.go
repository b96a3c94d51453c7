package sigv4

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	dateHeader  = "X-Amz-Date"
	tokenHeader = "X-Amz-Security-Token"

	dayFormat  = "20060102"
	timeFormat = "20060102T150405Z"
)

// checkSignedHeaders makes sure that nothing which we act on was left unsigned:
// the host, and every x-amz-* header that arrived.
func checkSignedHeaders(h http.Header, signed []string) error {
	if !slices.Contains(signed, "host") {
		return doesNotMatch("'Host' must be a 'SignedHeader' in the AWS Authorization.")
	}
	for name, values := range h {
		lower := strings.ToLower(name)
		if !strings.HasPrefix(lower, "x-amz-") {
			continue
		}
		if !slices.Contains(signed, lower) {
			return doesNotMatch("Every x-amz-* header must be a 'SignedHeader' in the AWS Authorization.")
		}
		if single := name == dateHeader || name == tokenHeader; single && len(values) > 1 {
			return incomplete("The request has more than one " + name + " header.")
		}
	}
	return nil
}

// signingTime is when the request was signed: X-Amz-Date or else Date, which
// must be signed then.
func signingTime(h http.Header, signed []string) (time.Time, error) {
	if text := h.Get(dateHeader); text != "" {
		at, err := time.Parse(timeFormat, text)
		if err != nil {
			return time.Time{}, incomplete("Date must be in ISO-8601 'basic format', such as " + timeFormat + ".")
		}
		return at, nil
	}
	values := h.Values("Date")
	if len(values) != 1 || !slices.Contains(signed, "date") {
		return time.Time{}, incomplete("Authorization header requires existence of either a signed 'X-Amz-Date' or a signed 'Date' header.")
	}
	if at, err := time.Parse(timeFormat, values[0]); err == nil {
		return at, nil
	}
	at, err := http.ParseTime(values[0])
	if err != nil {
		return time.Time{}, incomplete("The 'Date' header is not a date.")
	}
	return at.UTC(), nil
}

func checkSkew(at, now time.Time) error {
	switch {
	case now.Sub(at) > MaxSkew:
		return expired(fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - 15 min.)",
			basic(at), basic(now.Add(-MaxSkew)), basic(now)))
	case at.Sub(now) > MaxSkew:
		return expired(fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + 15 min.)",
			basic(at), basic(now.Add(MaxSkew)), basic(now)))
	}
	return nil
}

func basic(t time.Time) string { return t.UTC().Format(timeFormat) }
