package cache

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Say makes a sentence of ours: its words from the table [sentences], and its fact. Values come
// in pairs of a name and a value: a [Saying] or several, a credential (which has Words), a set of them
// (which has Names), a duration, a time, or what prints itself. An empty value is as one that is not given.
func Say(code FactCode, pairs ...any) Saying {
	fact := Fact{Code: code}
	words := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name := pairs[i].(string)
		value, given := factValue(name, pairs[i+1])
		if given {
			fact.Values, words[name] = append(fact.Values, value), pairs[i+1]
		}
	}
	return Saying{Text: fill(sentences[code], words), Fact: &fact}
}

// factValue is the value as it is told; false if the value is empty.
func factValue(name string, value any) (FactValue, bool) {
	told := FactValue{Name: name}
	switch v := value.(type) {
	case Saying:
		if v.Fact != nil {
			told.Facts = []Fact{*v.Fact}
		} else {
			told.Text = v.Text
		}
	case []Saying:
		for _, s := range v {
			told.Facts = append(told.Facts, s.AsFact())
		}
	case interface{ Names() []string }:
		told.Text = strings.Join(v.Names(), ",")
	case time.Duration:
		told.Text = ShortDuration(v)
	case time.Time:
		told.Text = v.UTC().Format(time.RFC3339)
	default:
		told.Text = fmt.Sprint(v)
	}
	return told, told.Text != "" || len(told.Facts) > 0
}

// A sentence has values in braces. A part in square brackets is left out when one of its values is absent. After a
// colon stands how the value is written, which also tells other languages what it is.
var (
	optionalPart = regexp.MustCompile(`\[([^\[\]]*\{[^\[\]]*\}[^\[\]]*)\]`)
	valuePart    = regexp.MustCompile(`\{(\w+)(?::([^{}]+))?\}`)
)

// The ways to write a value. Any other is a noun that is counted: {n:connection}.
const (
	asCredential  = "credential"  // access without a token, the token 6ceaac09e150
	asFingerprint = "fingerprint" // NONE, 6ceaac09e150
	asSet         = "set"         // {NONE, 6ceaac09e150}
	asDuration    = "duration"    // 10m
	asAgo         = "ago"         // 12 s ago
	asTime        = "time"
	asState       = "state"  // of a rotation
	asCause       = "cause"  // of a rotation
	asNumber      = "number" // without a noun
)

func fill(sentence string, values map[string]any) string {
	sentence = optionalPart.ReplaceAllStringFunc(sentence, func(part string) string {
		for _, found := range valuePart.FindAllStringSubmatch(part, -1) {
			if _, given := values[found[1]]; !given {
				return ""
			}
		}
		return part[1 : len(part)-1]
	})
	return valuePart.ReplaceAllStringFunc(sentence, func(part string) string {
		found := valuePart.FindStringSubmatch(part)
		return inWords(values[found[1]], found[2])
	})
}

// inWords writes one value in English.
func inWords(value any, as string) string {
	switch v := value.(type) {
	case nil:
		return ""
	case []Saying:
		var all []string
		for _, s := range v {
			all = append(all, s.Text)
		}
		return strings.Join(all, "; ")
	case interface{ Words() string }:
		if as == asCredential {
			return v.Words()
		}
	case time.Duration:
		if as == asAgo {
			return Ago(v)
		}
		return ShortDuration(v)
	case time.Time:
		return v.Format(time.RFC3339)
	case int:
		return counted(int64(v), as)
	case int64:
		return counted(v, as)
	}
	return fmt.Sprint(value)
}

func counted(n int64, noun string) string {
	if noun == asNumber {
		return fmt.Sprint(n)
	}
	return Counted(n, noun)
}

// ShortDuration leaves out the parts that are zero: 10m rather than 10m0s.
func ShortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// Counted is a number with its noun: "1 connection", "3 connections".
func Counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Ago says how long ago something was, to a precision that people care for: "12 s ago".
func Ago(d time.Duration) string {
	switch {
	case d < time.Second:
		return "just now"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}
