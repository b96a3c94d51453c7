package usage

import (
	"cmp"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/user"
)

// Standing says what a credential is to its group now.
type Standing string

// The standings.
const (
	StandingCurrent Standing = "current" // the only one that is accepted
	StandingOld     Standing = "old"     // accepted; the next SET ends it
	StandingNew     Standing = "new"     // accepted; SET makes it the only one
	StandingRetired Standing = "retired" // refused; it was accepted once
	StandingUnknown Standing = "unknown" // refused, and never accepted: mistaken or guessed
)

// Held reports whether a credential of that standing is accepted.
func (s Standing) Held() bool { return s != StandingRetired && s != StandingUnknown }

// refusedKept is how many credentials that are not held are listed. Nodes know some sixty.
const refusedKept = 20

// Group is what is known of the use of a group's credentials at one moment.
type Group struct {
	GroupID string
	At      time.Time // when the nodes were asked
	Tokens  token.Set // that the group held then
	// Credentials are all that are held, oldest first, used or not; then those that are
	// not, the last one that was tried first.
	Credentials []Known
	// OtherCredentials counts those that are neither held nor listed; OtherRefused sums
	// the logins with them, all refused.
	OtherCredentials int
	OtherRefused     int64
	// Missing are the nodes that could not be asked. If there are any, every figure is a
	// lower bound.
	Missing []MissingNode

	Users []Record // of users, by what nodes call their credentials; see [OfUser]

	Plaintext Record   // who connects without TLS; see [Plaintext]
	OverTLS   int      // live connections of those who do not
	Gateless  []string // nodes that were started by an earlier release: they cannot tell, and cannot change encryption in transit
}

// Known is a credential's use, and what it is to the group.
type Known struct {
	Record
	Standing Standing
	AddedAt  time.Time // zero unless it is held
}

// MissingNode is a node that could not be asked.
type MissingNode struct {
	NodeID string
	Reason cache.Saying // "it is not running"
}

// NewGroup puts what nodes know beside what the group holds. Known is what [Merge] returns. Replaced is what a
// rotation that goes on has replaced, or is about to; nil: there is none.
func NewGroup(groupID string, tokens token.Set, replaced *token.Credential, known []Record, missing []MissingNode, now time.Time) Group {
	all := Group{GroupID: groupID, At: now, Tokens: tokens, Missing: missing}
	held := tokens.Credentials()
	for i, c := range held {
		entry := Known{Standing: StandingCurrent, AddedAt: c.AddedAt}
		switch {
		case len(held) > 1 && i == 0:
			entry.Standing = StandingOld
		case len(held) > 1:
			entry.Standing = StandingNew
		}
		entry.Credential = c.String()
		if j := slices.IndexFunc(known, func(u Record) bool { return u.Credential == c.String() }); j >= 0 {
			entry.Record = known[j]
		}
		all.Credentials = append(all.Credentials, entry)
	}
	var refused []Known
	for _, u := range known {
		switch {
		case u.Credential == Plaintext:
			all.Plaintext = u
			continue
		case u.Credential == TLS:
			all.OverTLS = u.Connections
			continue
		case user.IsCredential(u.Credential):
			all.Users = append(all.Users, u)
			continue
		case all.Of(u.Credential) != nil:
			continue
		}
		standing := StandingRetired
		if u.Credential == Unknown || u.Credential == token.None && u.FirstUsed.IsZero() {
			standing = StandingUnknown
		}
		entry := Known{Record: u, Standing: standing}
		if replaced != nil && u.Credential == replaced.String() {
			all.Credentials = append(all.Credentials, entry) // what a rotation has just ended is never cut
			continue
		}
		refused = append(refused, entry)
	}
	all.addRefused(refused)
	return all
}

// addRefused lists those that are not held, guesses last.
func (u *Group) addRefused(refused []Known) {
	slices.SortFunc(refused, func(a, b Known) int {
		if a.Standing != b.Standing {
			return cmp.Compare(a.Standing, b.Standing) // retired before unknown
		}
		return cmp.Or(latest(b.LastUsed, b.LastRefused).Compare(latest(a.LastUsed, a.LastRefused)), cmp.Compare(a.Credential, b.Credential))
	})
	for i, c := range refused {
		if i < refusedKept {
			u.Credentials = append(u.Credentials, c)
			continue
		}
		u.OtherCredentials++
		u.OtherRefused += c.Refused
	}
}

// Of returns what is known of a credential, or nil if it is neither held nor listed.
func (u *Group) Of(credential string) *Known {
	for i := range u.Credentials {
		if u.Credentials[i].Credential == credential {
			return &u.Credentials[i]
		}
	}
	return nil
}
