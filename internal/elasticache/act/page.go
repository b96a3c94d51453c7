package act

import (
	"encoding/base64"
	"slices"
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

// Page is which part of a list a client asks for.
type Page struct {
	After string // the last item that it has; empty: none
	Size  int
}

// ParsePage reads the parameters Marker and MaxRecords. The error is of [cache.KindInvalid].
func ParsePage(marker *string, records *int32) (Page, error) {
	p := Page{Size: pageDefault}
	if records != nil {
		if *records < pageMin || *records > pageMax {
			return Page{}, cache.Errorf(cache.KindInvalid, "The parameter MaxRecords must be between %d and %d.", pageMin, pageMax)
		}
		p.Size = int(*records)
	}
	if aws.ToString(marker) == "" {
		return p, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*marker)
	after, ok := strings.CutPrefix(string(text), markerPrefix)
	if err != nil || !ok || after == "" {
		return Page{}, cache.Errorf(cache.KindInvalid, "The parameter Marker is not one that this service gave out.")
	}
	p.After = after
	return p, nil
}

// Cut shortens a list that was read one item beyond the page, and returns the
// marker of the next page if there is one.
func Cut[T any](p Page, items []T, name func(T) string) ([]T, *string) {
	if len(items) <= p.Size {
		return items, nil
	}
	items = items[:p.Size]
	marker := base64.RawURLEncoding.EncodeToString([]byte(markerPrefix + name(items[p.Size-1])))
	return items, &marker
}

// Within returns a page of a list that is read whole, in which an item may be gone by the time that its page is asked for. The
// error is of [cache.KindInvalid].
func Within[T any](p Page, all []T, name func(T) string) ([]T, *string, error) {
	if p.After != "" {
		i := slices.IndexFunc(all, func(item T) bool { return name(item) == p.After })
		if i < 0 {
			return nil, nil, cache.Errorf(cache.KindInvalid, "The parameter Marker is not one that this service gave out, or it is too old.")
		}
		all = all[i+1:]
	}
	items, marker := Cut(p, all, name)
	return items, marker, nil
}
