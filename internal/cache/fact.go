package cache

import (
	"encoding/json"
	"fmt"
)

// FactCode names a sentence of ours; its words are in the table [sentences].
type FactCode string

// Fact is what a sentence of ours says, apart from its words: a page that speaks another
// language than English makes its own sentence of it.
type Fact struct {
	Code   FactCode    `json:"code"`
	Values []FactValue `json:"values,omitempty"` // those that are there, each name once
}

// FactValue is one value of a fact: a text, or what other sentences say. A credential is a
// fingerprint or NONE, a set of them is separated by commas, a duration is written like 1m30s, a
// time as in RFC 3339.
type FactValue struct {
	Name  string `json:"name"`
	Text  string `json:"text,omitempty"`
	Facts []Fact `json:"facts,omitempty"`
}

// factOther is the fact of words that are somebody else's. They are its one value.
const factOther FactCode = "other"

// Saying is a sentence, or a part of one, for people. Fact is nil where the words are not ours:
// those of an engine, of the operating system, of a program that delivers tokens, or of a release
// that kept no facts.
type Saying struct {
	Text string
	Fact *Fact
}

// Quote makes a saying of words that are not ours.
func Quote(words string) Saying { return Saying{Text: words} }

// Empty reports whether nothing is said.
func (s Saying) Empty() bool { return s.Text == "" }

func (s Saying) String() string { return s.Text }

// AsFact is what is said, also of words that are somebody else's.
func (s Saying) AsFact() Fact {
	if s.Fact != nil {
		return *s.Fact
	}
	return Fact{factOther, []FactValue{{Name: "words", Text: s.Text}}}
}

// storedSaying is how a saying with a fact is kept. One without is a string, as it was
// before there were facts.
type storedSaying struct {
	Text string `json:"text"`
	Fact *Fact  `json:"fact"`
}

// MarshalJSON encodes the saying for the store.
func (s Saying) MarshalJSON() ([]byte, error) {
	if s.Fact == nil {
		return json.Marshal(s.Text)
	}
	return json.Marshal(storedSaying(s))
}

// UnmarshalJSON reads what MarshalJSON wrote, and what earlier releases did.
func (s *Saying) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*s = Saying{}
		return json.Unmarshal(data, &s.Text)
	}
	var stored storedSaying
	if err := json.Unmarshal(data, &stored); err != nil {
		return fmt.Errorf("read saying: %w", err)
	}
	*s = Saying(stored)
	return nil
}
