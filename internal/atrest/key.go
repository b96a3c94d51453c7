package atrest

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
)

// KeySize is the length of a key in bytes.
const KeySize = 64

// Key is a key in the clear: a group's data key, or the key of a node's files.
type Key struct{ bytes []byte }

// NewKey makes a data key.
func NewKey() Key {
	k := Key{make([]byte, KeySize)}
	_, _ = rand.Read(k.bytes) // never fails (crypto/rand)
	return k
}

func parseKey(bytes []byte) (Key, error) {
	if len(bytes) != KeySize {
		return Key{}, fmt.Errorf("a data key has %d bytes, want %d", len(bytes), KeySize)
	}
	return Key{bytes}, nil
}

// Node is the key of the files of one of the group's nodes.
func (k Key) Node(uid string) Key {
	derived, err := hkdf.Expand(sha256.New, k.bytes, "aikagi node "+uid, KeySize)
	if err != nil {
		panic(err) // the length is one that it has
	}
	return Key{derived}
}

// Reveal returns the key in the clear.
func (k Key) Reveal() []byte { return k.bytes }

// Format keeps every verb from printing the key.
func (k Key) Format(to fmt.State, _ rune) { _, _ = io.WriteString(to, "***") }

// Errors of [Keys.Open], wrapped with what happened.
var (
	// ErrNoKMS: a key of a KMS is asked for, and there is none.
	ErrNoKMS = errors.New("there is no KMS to ask for the key")
	// ErrKMSKey: the KMS does not have the key, or does not let us use it.
	ErrKMSKey = errors.New("the KMS does not give the key")
	// ErrWrapped: a wrapped key is not what was made for this group.
	ErrWrapped = errors.New("the data key cannot be unwrapped")
)
