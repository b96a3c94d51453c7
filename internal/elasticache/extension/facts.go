package extension

import (
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// factOf renders what a saying says; nil if it has no fact.
func factOf(s cache.Saying) *own.Fact { return renderFact(s.Fact) }

func renderFact(f *cache.Fact) *own.Fact {
	if f == nil {
		return nil
	}
	out := &own.Fact{Code: string(f.Code)}
	for _, v := range f.Values {
		value := own.FactValue{Name: v.Name, Text: v.Text}
		for i := range v.Facts {
			value.Facts = append(value.Facts, *renderFact(&v.Facts[i]))
		}
		out.Values = append(out.Values, value)
	}
	return out
}

// factsOf renders sayings one by one; words of somebody else are a fact, too, with the words as
// its value, for none may be missing.
func factsOf(sayings []cache.Saying) []own.Fact {
	var all []own.Fact
	for _, s := range sayings {
		f := s.AsFact()
		all = append(all, *renderFact(&f))
	}
	return all
}

func textsOf(sayings []cache.Saying) []string {
	var all []string
	for _, s := range sayings {
		all = append(all, s.Text)
	}
	return all
}
