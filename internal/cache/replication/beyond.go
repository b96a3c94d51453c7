package replication

import (
	"cmp"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/user"
)

// This file has what is asked of a group that clients on other machines reach. What crosses a network in plaintext, the token with it,
// can be read and changed on the way, so the owner of such a group has to say that it may.

var errPlaintextBeyond = cache.Errorf(cache.KindCombination, "Other machines can reach a cache with the address plan host or pool, so it needs TransitEncryptionMode required. "+
	"If its data, and tokens of clients that send some, may cross the network in plaintext all the same, give it the tag %s with the value true.", cache.TagAllowPlaintext)

var errPlaintextOpen = cache.Errorf(cache.KindCombination, "Other machines can reach the group, and it takes connections in plaintext, which needs the tag %s with the value true. "+
	"Change TransitEncryptionMode to required first.", cache.TagAllowPlaintext)

// checkPlaintextBeyond refuses a mode of encryption in transit that the group may not have.
func (g *Group) checkPlaintextBeyond(transit cache.Transit) error {
	if g.Beyond() && transit.Plaintext() && !g.Tags.AllowsPlaintext() {
		return errPlaintextBeyond
	}
	return nil
}

// checkTagsBeyond refuses tags without the word that the group, as it is, needs.
func (g *Group) checkTagsBeyond(next cache.Tags) error {
	if g.Beyond() && g.openlyPlain() && !next.AllowsPlaintext() {
		return errPlaintextOpen
	}
	return nil
}

// openlyPlain reports whether clients can connect in plaintext, now or when a change of the mode is through.
func (g *Group) openlyPlain() bool { return g.Transit.Plaintext() || g.TransitInForce().Plaintext() }

// Exposure says in what ways clients on other machines can reach the group without what should protect it; nothing if they cannot. Accounts
// are those of its user group, if it has one.
func (g *Group) Exposure(accounts []user.Account) (all []cache.Saying) {
	if !g.Beyond() {
		return nil
	}
	if g.TransitInForce().Plaintext() {
		all = append(all, cache.Say(cache.FactExposedPlaintext, "group", g.ID))
	}
	if g.Tokens.Passwordless() {
		all = append(all, cache.Say(cache.FactExposedTokenless, "group", g.ID))
	}
	if open, found := user.Open(accounts); found {
		all = append(all, cache.Say(cache.FactExposedOpenUser, "group", g.ID, "user", open.ID, "users", g.UserGroup))
	}
	return all
}

// NoteAdvertised remembers what clients on other machines are told to call this one, a name or an address, for when it is served without
// saying so: clients go on verifying certificates against it. It reports whether that is new.
func (g *Group) NoteAdvertised(advertise string) bool {
	if !g.SharesAddresses() || g.Advertised == advertise {
		return false
	}
	g.Advertised = advertise
	return true
}

// Calls is what clients on other machines are told to call this one; empty if they are told nothing. It is what is advertised just now, or else
// what was last.
func (g *Group) Calls(advertise string) string {
	if !g.SharesAddresses() {
		return ""
	}
	return cmp.Or(advertise, g.Advertised)
}
