package elasticache

import (
	"encoding/base64"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
)

// Sizes of a page of a Describe action.
//
// Source: API reference, MaxRecords of each of them.
const (
	pageMin     = 20
	pageMax     = 100
	pageDefault = 100
)

// markerPrefix makes a marker recognisable, and lets its form change later.
const markerPrefix = "1:"

// page is which part of a list a client asks for.
type page struct {
	after string // the last item that it has; empty: none
	size  int
}

func parsePage(marker *string, records *int32) (page, error) {
	p := page{size: pageDefault}
	if records != nil {
		if *records < pageMin || *records > pageMax {
			return page{}, cache.Errorf(cache.KindInvalid, "The parameter MaxRecords must be between %d and %d.", pageMin, pageMax)
		}
		p.size = int(*records)
	}
	if aws.ToString(marker) == "" {
		return p, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*marker)
	after, ok := strings.CutPrefix(string(text), markerPrefix)
	if err != nil || !ok || after == "" {
		return page{}, cache.Errorf(cache.KindInvalid, "The parameter Marker is not one that this service gave out.")
	}
	p.after = after
	return p, nil
}

// cut shortens a list that was read one item beyond the page, and returns the
// marker of the next page if there is one.
func cut[T any](p page, items []T, name func(T) string) ([]T, *string) {
	if len(items) <= p.size {
		return items, nil
	}
	items = items[:p.size]
	marker := base64.RawURLEncoding.EncodeToString([]byte(markerPrefix + name(items[p.size-1])))
	return items, &marker
}
