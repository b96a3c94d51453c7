package console

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"sync"
	"time"
)

const (
	// codeLifetime is long enough to change windows, and too short for a code to be found later.
	codeLifetime = 10 * time.Minute
	// codesMax bounds the codes that wait: whoever asks for more loses the oldest.
	codesMax = 64
)

// Codes are the one-time codes that were given out and not used yet.
type Codes struct {
	now func() time.Time

	mu      sync.Mutex // guards waiting
	waiting []code     // in the order in which they expire
}

type code struct {
	digest    [sha256.Size]byte
	caller    string
	expiresAt time.Time
}

// NewCodes begins without any. now is the clock.
func NewCodes(now func() time.Time) *Codes { return &Codes{now: now} }

// Link makes the link with which a caller, who proved to hold that access key, signs in at a
// base like http://127.0.0.1:4580. It works once, until it expires, and is a secret until then.
func (c *Codes) Link(base, caller string) (url string, expiresAt time.Time) {
	secret := newSecret()
	expiresAt = c.now().Add(codeLifetime).Round(0) // the clock on the wall, for the other one stands still while the machine sleeps
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropExpired()
	c.add(code{sha256.Sum256([]byte(secret)), caller, expiresAt})
	return base + Path + "sign-in#code=" + secret, expiresAt
}

// putBack has a code that was redeemed, but signed nobody in, wait again.
func (c *Codes) putBack(unused code) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(unused)
}

// add needs c.mu.
func (c *Codes) add(added code) {
	i, _ := slices.BinarySearchFunc(c.waiting, added, func(a, b code) int { return a.expiresAt.Compare(b.expiresAt) })
	c.waiting = slices.Insert(c.waiting, i, added)
	c.waiting = slices.Delete(c.waiting, 0, max(0, len(c.waiting)-codesMax))
}

// redeem uses a code up and returns it. Every code is looked at whichever matches.
func (c *Codes) redeem(secret string) (redeemed code, ok bool) {
	digest := sha256.Sum256([]byte(secret))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropExpired()
	found := -1
	for i := range c.waiting {
		if subtle.ConstantTimeCompare(c.waiting[i].digest[:], digest[:]) == 1 {
			found = i
		}
	}
	if found < 0 {
		return code{}, false
	}
	redeemed = c.waiting[found]
	c.waiting = slices.Delete(c.waiting, found, found+1)
	return redeemed, true
}

func (c *Codes) dropExpired() {
	now := c.now()
	c.waiting = slices.DeleteFunc(c.waiting, func(w code) bool { return !now.Before(w.expiresAt) })
}

// newSecret makes what nobody guesses: 256 bits, as text for URLs and cookies.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b[:])
}
