package cache

import (
	"fmt"
	"slices"
	"strings"
)

// Validate reports what a fact lacks to be told in any language: words for its code, or a value that these need. It looks at
// the facts inside, too.
func (f Fact) Validate() error {
	words, ours := sentences[f.Code]
	if f.Code == factOther {
		return nil
	}
	if !ours {
		return fmt.Errorf("fact %s has no words", f.Code)
	}
	named, optional := map[string]bool{}, strings.Join(optionalPart.FindAllString(words, -1), "")
	for _, found := range valuePart.FindAllStringSubmatch(words, -1) {
		named[found[1]] = true
		there := slices.ContainsFunc(f.Values, func(v FactValue) bool { return v.Name == found[1] })
		if !there && !strings.Contains(optional, "{"+found[1]) {
			return fmt.Errorf("fact %s lacks its value %s", f.Code, found[1])
		}
	}
	for _, v := range f.Values {
		if !named[v.Name] {
			return fmt.Errorf("fact %s has a value %s that is not in its sentence", f.Code, v.Name)
		}
		for _, inner := range v.Facts {
			if err := inner.Validate(); err != nil {
				return fmt.Errorf("fact %s: %w", f.Code, err)
			}
		}
	}
	return nil
}
