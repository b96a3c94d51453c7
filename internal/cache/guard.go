package cache

import "time"

// Tags with which the owner of a group says what a token change may do to clients that
// still use the credential that it ends.
const (
	TagSetGuard      = TagOwn + "set-guard"
	TagSetGuardQuiet = TagOwn + "set-guard-quiet"
)

// GuardMode is what happens to a token change that ends a credential which is in use.
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

// Guard is a group's rule for ending a credential.
type Guard struct {
	Mode  GuardMode
	Quiet time.Duration // a credential that was used within it is in use
}

// Guard is what the tags of a group say. Values that could not be set count as not there.
func (t Tags) Guard() Guard {
	guard := Guard{Mode: GuardWarn, Quiet: DefaultQuiet}
	if mode := GuardMode(t[TagSetGuard]); validGuardMode(string(mode)) {
		guard.Mode = mode
	}
	if quiet, err := time.ParseDuration(t[TagSetGuardQuiet]); err == nil && validQuiet(quiet) {
		guard.Quiet = quiet
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
