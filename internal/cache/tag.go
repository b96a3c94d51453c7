package cache

import (
	"sort"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of tags: number on a resource, characters in a key and in a value.
//
// Source: ElastiCache User Guide, "Tagging your ElastiCache resources".
const (
	tagsMax        = 50
	tagKeyMax      = 128
	tagValueMax    = 256
	tagKeyReserved = "aws:"
)

// TagOwn begins the keys of the tags with which aikagi is told how to treat a resource. Only
// those of ownTags can be set: a misspelt one would be believed to have an effect.
const TagOwn = "aikagi:"

// ownTags are the tags of aikagi's own, in the order in which they are listed.
var ownTags = []struct {
	key, want string
	valid     func(value string) bool
}{
	{TagSetGuard, "refuse, warn or off", validGuardMode},
	{TagSetGuardQuiet, wantQuiet, validQuietTag},
	{TagTLSGuard, "refuse, warn or off", validGuardMode},
	{TagTLSGuardQuiet, wantQuiet, validQuietTag},
	{TagAllowRestore, "true or false", validSwitch},
	{TagAllowPlaintext, "true or false", validSwitch},
	{TagSourceConnections, wantSourceLimit, validSourceLimit},
	{TagSourceRate, wantSourceLimit, validSourceLimit},
}

const wantQuiet = "a time of at most 720h like 30s, 10m or 24h"

func validQuietTag(value string) bool {
	quiet, err := time.ParseDuration(value)
	return err == nil && validQuiet(quiet)
}

// Tags are the labels of a resource, by key.
type Tags map[string]string

// Tag is one label.
type Tag struct{ Key, Value string }

// Sorted returns the tags in the order of their keys.
func (t Tags) Sorted() []Tag {
	sorted := make([]Tag, 0, len(t))
	for k, v := range t {
		sorted = append(sorted, Tag{k, v})
	}
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Key < sorted[j].Key })
	return sorted
}

// With returns the tags with others added or replaced; the receiver stays as it is.
func (t Tags) With(add []Tag) (Tags, error) {
	next := t.clone()
	for _, tag := range add {
		if err := tag.validate(); err != nil {
			return nil, err
		}
		next[tag.Key] = tag.Value
	}
	if len(next) > tagsMax {
		return nil, ResourceErrorf(KindQuota, ResourceTag, "A resource can have at most %d tags.", tagsMax)
	}
	return next, nil
}

// Without returns the tags without those of the given keys. A key that is not
// there is an error of [KindNotFound].
func (t Tags) Without(keys []string) (Tags, error) {
	next := t.clone()
	for _, key := range keys {
		if _, ok := next[key]; !ok {
			return nil, ResourceErrorf(KindNotFound, ResourceTag, "The tag %q does not exist on this resource.", key)
		}
		delete(next, key)
	}
	return next, nil
}

func (t Tags) clone() Tags {
	next := make(Tags, len(t))
	for k, v := range t {
		next[k] = v
	}
	return next
}

func (t Tag) validate() error {
	switch {
	case t.Key == "":
		return Errorf(KindInvalid, "A tag key must not be empty.")
	case utf8.RuneCountInString(t.Key) > tagKeyMax:
		return Errorf(KindInvalid, "A tag key can have at most %d characters.", tagKeyMax)
	case utf8.RuneCountInString(t.Value) > tagValueMax:
		return Errorf(KindInvalid, "A tag value can have at most %d characters.", tagValueMax)
	case strings.HasPrefix(strings.ToLower(t.Key), tagKeyReserved):
		return Errorf(KindInvalid, "Tag keys that begin with %s are reserved.", tagKeyReserved)
	case strings.HasPrefix(strings.ToLower(t.Key), TagOwn):
		return t.validateOwn()
	}
	return nil
}

func (t Tag) validateOwn() error {
	var known []string
	for _, own := range ownTags {
		switch {
		case own.key != t.Key:
			known = append(known, own.key+" ("+own.want+")")
		case own.valid(t.Value):
			return nil
		default:
			return Errorf(KindInvalid, "The tag %s must be %s.", own.key, own.want)
		}
	}
	return Errorf(KindInvalid, "There is no tag %q. Tag keys that begin with %s are: %s.", t.Key, TagOwn, strings.Join(known, ", "))
}
