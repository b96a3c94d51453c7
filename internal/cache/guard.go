package cache

import "time"

// Tags with which the owner of a group says what a token change may do to clients that
// still use the credential that it ends.
const (
	TagSetGuard      = TagOwn + "set-guard"
	TagSetGuardQuiet = TagOwn + "set-guard-quiet"
)

// Tags with which the owner of a group says what TransitEncryptionMode required may do to clients that still connect in
// plaintext.
const (
	TagTLSGuard      = TagOwn + "tls-guard"
	TagTLSGuardQuiet = TagOwn + "tls-guard-quiet"
)

// GuardMode is what happens to a change that ends something which is in use: a credential, or plaintext.
type GuardMode string

// The modes.
const (
	GuardRefuse GuardMode = "refuse" // it is refused
	GuardWarn   GuardMode = "warn"   // it is carried out, and an event names the users
	GuardOff    GuardMode = "off"    // it is carried out without a look, as in the original
)

// DefaultQuiet is how long a credential must be unused to count as unused, unless somebody says otherwise.
const DefaultQuiet = 10 * time.Minute

// guardQuietMax is the longest time without use that can be asked for. Nodes know no more.
const guardQuietMax = 30 * 24 * time.Hour

// Guard is a group's rule for such a change.
type Guard struct {
	Mode  GuardMode
	Quiet time.Duration // what was used within it is in use
}

// Guard is what the tags of a group say. Values that could not be set count as not there.
func (t Tags) Guard() Guard { return t.guard(TagSetGuard, TagSetGuardQuiet) }

// TLSGuard is the same for clients in plaintext.
func (t Tags) TLSGuard() Guard { return t.guard(TagTLSGuard, TagTLSGuardQuiet) }

func (t Tags) guard(mode, quiet string) Guard {
	guard := Guard{Mode: GuardWarn, Quiet: DefaultQuiet}
	if given := t[mode]; validGuardMode(given) {
		guard.Mode = GuardMode(given)
	}
	if given, err := time.ParseDuration(t[quiet]); err == nil && validQuiet(given) {
		guard.Quiet = given
	}
	return guard
}

func validGuardMode(value string) bool {
	switch GuardMode(value) {
	case GuardRefuse, GuardWarn, GuardOff:
		return true
	}
	return false
}

func validQuiet(d time.Duration) bool { return d >= 0 && d <= guardQuietMax }
