package store

import (
	"encoding/hex"
	"errors"
)

// Mark names something that a file beside the store is recognised by, so that one that was lost, or is
// another directory's, is not taken for the right one. None of them is a secret.
type Mark string

// The marks.
const (
	MarkMasterKey Mark = "master-key" // a MAC that only the master key makes
	MarkAuthority Mark = "authority"  // the CA's certificate, PEM
	MarkAccessKey Mark = "access-key" // the id of the access key
)

// Marked is a mark with what it says.
type Marked struct {
	Mark  Mark
	Value Hex
}

// Hex are bytes that a body has as hexadecimal digits.
type Hex []byte

// MarshalText writes the digits.
func (h Hex) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hex) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

// Marks are what the files beside the store are recognised by.
var Marks = Kind[Mark, Marked]{
	Name:    "mark",
	ID:      func(m *Marked) Mark { return m.Mark },
	Version: 1,
}

// ReadMark returns what was put under a mark; nil if nothing was.
func ReadMark(tx Tx, mark Mark) ([]byte, error) {
	m, err := Get(tx, Marks, mark)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return m.Value, nil
}
