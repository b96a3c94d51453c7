package group

import (
	"sync"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// Witness holds the tokens of changes that are under way, in memory only, so that
// a proof can log in with them. A token leaves it when its change is proven.
type Witness struct {
	mu     sync.Mutex
	tokens map[cache.Key][]token.Token
}

// NewWitness makes a witness that knows nothing.
func NewWitness() *Witness { return &Witness{tokens: map[cache.Key][]token.Token{}} }

// Remember keeps a token until Forget.
func (w *Witness) Remember(group cache.Key, token token.Token) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens[group] = append(w.tokens[group], token)
}

// Drop takes back one Remember, for a change that did not come about.
func (w *Witness) Drop(group cache.Key, token token.Token) {
	w.mu.Lock()
	defer w.mu.Unlock()
	tokens := w.tokens[group]
	for i := len(tokens) - 1; i >= 0; i-- {
		if tokens[i].Digest().Equal(token.Digest()) {
			w.tokens[group] = append(tokens[:i:i], tokens[i+1:]...)
			return
		}
	}
}

// Forget drops every token of a group.
func (w *Witness) Forget(group cache.Key) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.tokens, group)
}

// known returns the tokens of the group's set that the witness remembers.
func (w *Witness) known(group cache.Key, set token.Set) []token.Token {
	w.mu.Lock()
	defer w.mu.Unlock()
	var known []token.Token
	for _, t := range w.tokens[group] {
		if set.Holds(t.Digest()) {
			known = append(known, t)
		}
	}
	return known
}
