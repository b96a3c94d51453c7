package store

import (
	"crypto/sha256"
	"errors"
	"time"
)

// ErrNoConsoleSession: there is no session of that digest, or it was signed out.
var ErrNoConsoleSession = errors.New("no such console session")

// ConsoleDigest is the SHA-256 of a console session's id. The id itself is nowhere but in
// the browser's cookie, so that whoever reads the store cannot sign in with it.
type ConsoleDigest [sha256.Size]byte

// ConsoleSession is a browser that signed in to the console. It is the reader's business
// whether it has expired.
type ConsoleSession struct {
	Digest    ConsoleDigest
	Caller    string // access key id
	CreatedAt time.Time
	ExpiresAt time.Time
}
