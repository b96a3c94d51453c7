package own

// Fact is what a sentence of aikagi's own says, apart from its English words, which stand beside it; see [cache.Fact]. It
// is absent where the words are somebody else's.
type Fact struct {
	Code   string // one of the codes in internal/cache/sentences.go
	Values []FactValue
}

// FactValue is a value of a fact: a text, or what other sentences say.
type FactValue struct {
	Name  string
	Text  string `query:"omitempty"`
	Facts []Fact
}
