package elasticache

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
)

// Fact is what a sentence of aikagi's own says, apart from its English words, which stand beside
// it; see [cache.Fact]. It is absent where the words are somebody else's.
type Fact struct {
	Code   *string // one of the codes in internal/cache/sentences.go
	Values []FactValue
}

// FactValue is a value of a fact: a text, or what other sentences say.
type FactValue struct {
	Name  *string
	Text  *string
	Facts []Fact
}

// factOf renders what a saying says; nil if it has no fact.
func factOf(s cache.Saying) *Fact { return renderFact(s.Fact) }

func renderFact(f *cache.Fact) *Fact {
	if f == nil {
		return nil
	}
	out := &Fact{Code: aws.String(string(f.Code))}
	for _, v := range f.Values {
		value := FactValue{Name: aws.String(v.Name), Text: optional(v.Text)}
		for i := range v.Facts {
			value.Facts = append(value.Facts, *renderFact(&v.Facts[i]))
		}
		out.Values = append(out.Values, value)
	}
	return out
}

// factsOf renders sayings one by one; words of somebody else are a fact, too, with the words as
// its value, for none may be missing.
func factsOf(sayings []cache.Saying) []Fact {
	var all []Fact
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
