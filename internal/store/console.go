package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
)

// ErrNoConsoleSession: there is no session of that digest, or it was signed out.
var ErrNoConsoleSession = errors.New("no such console session")

// ConsoleDigest is the SHA-256 of a console session's id. The id itself is nowhere but in
// the browser's cookie, so that whoever reads the store cannot sign in with it.
type ConsoleDigest [sha256.Size]byte

// String is the digest in hexadecimal digits.
func (d ConsoleDigest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText is that of String.
func (d ConsoleDigest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *ConsoleDigest) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(d) {
		return errors.New("a digest of a console session has 64 hexadecimal digits")
	}
	_, err := hex.Decode(d[:], text)
	return err
}

// ConsoleSession is a browser that signed in to the console. It is the reader's business
// whether it has expired.
type ConsoleSession struct {
	Digest    ConsoleDigest
	Caller    string // access key id
	CreatedAt time.Time
	ExpiresAt time.Time

	Revision int64 `json:"-"` // the store's
}

// ConsoleSessions are who is signed in to the console. The name of one is its digest's String.
var ConsoleSessions = Kind[string, ConsoleSession]{
	Name:     "console-session",
	ID:       func(s *ConsoleSession) string { return s.Digest.String() },
	Revision: func(s *ConsoleSession) *int64 { return &s.Revision },
	Check:    checkConsoleSession,
	Version:  1,
	Missing:  func(string) error { return ErrNoConsoleSession },
}

// PruneConsoleSessions removes what expired before that time and says how many there were.
func PruneConsoleSessions(tx UpdateTx, before time.Time) (int, error) {
	all, err := Page(tx, ConsoleSessions, Range{})
	if err != nil {
		return 0, err
	}
	pruned := 0
	for _, s := range all {
		if !s.ExpiresAt.Before(before) {
			continue
		}
		if err := Delete(tx, ConsoleSessions, s.Digest.String()); err != nil {
			return 0, err
		}
		pruned++
	}
	return pruned, nil
}

// checkConsoleSession refuses a session that would be nobody's, or would never end.
func checkConsoleSession(s *ConsoleSession) error {
	if s.Caller == "" {
		return errors.New("it has no caller")
	}
	return errors.Join(storable(s.CreatedAt), storable(s.ExpiresAt))
}
