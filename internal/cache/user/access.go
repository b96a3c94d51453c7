package user

import (
	"fmt"
	"strings"
)

// Access is what a user may do. The zero value is nothing: the user cannot even log in.
type Access struct {
	on        bool
	own       permissions
	selectors []permissions // each allows commands on its own, whatever the user itself may not
}

// permissions are those of a user itself, or of one of its selectors.
type permissions struct {
	allKeys bool
	keys    []keyPattern
	// Where nothing is said of channels, the parameter acl-pubsub-default of the cache decides.
	channelsReset bool // it was said that there are none but those that follow
	allChannels   bool
	channels      []string
	allCommands   bool     // what the rules begin with
	commands      []string // rules like "+get" and "-@write", in the order in which they count
}

// keyPattern is one for keys that are read, written or both.
type keyPattern struct {
	read, write bool
	glob        string
}

func (k keyPattern) String() string {
	switch {
	case k.read && k.write:
		return "~" + k.glob
	case k.read:
		return "%R~" + k.glob
	}
	return "%W~" + k.glob
}

// FullAccess is that of the default user.
func FullAccess() Access {
	return Access{on: true, own: permissions{allKeys: true, allCommands: true}}
}

// On reports whether the user can log in.
func (a Access) On() bool { return a.on }

// String is the access string as answers show it: whether the user is on, keys, channels, commands, selectors. Parsing it gives the
// same access.
//
// Source: API answers in the ElastiCache User Guide, "Role-Based Access Control", which begin with on or off, and have -@all in front of
// commands that are added.
func (a Access) String() string {
	words := []string{"off"}
	if a.on {
		words[0] = "on"
	}
	words = append(words, a.own.words()...)
	for _, s := range a.selectors {
		words = append(words, "("+strings.Join(s.words(), " ")+")")
	}
	return strings.Join(words, " ")
}

// Rules are the access as rules for an engine, to be applied to a user that is new or was reset; on, off and passwords are not among
// them. A command that the engine does not know is left out, because the engine would refuse all of the rules. Behind the commands of the
// user, and of each selector, come limits, rules that take commands away: a selector would give back what only the user itself is denied.
func (a Access) Rules(knows func(command string) bool, limits string) string {
	rules := a.own.rules(knows, limits)
	for _, s := range a.selectors {
		rules += " (" + s.rules(knows, limits) + ")"
	}
	return rules
}

func (p permissions) words() []string {
	words := p.keyRules()
	if p.channelsReset {
		words = append(words, "resetchannels")
	}
	words = append(words, p.channelRules()...)
	return append(append(words, p.base()), p.commands...)
}

func (p permissions) rules(knows func(string) bool, limits string) string {
	rules := p.keyRules()
	if p.channelsReset || len(p.channels) > 0 { // behind all channels, which may be the default, the engines take no other
		rules = append(rules, "resetchannels")
	}
	rules = append(append(rules, p.channelRules()...), p.base())
	for _, rule := range p.commands {
		if name := rule[1:]; strings.HasPrefix(name, "@") || knows(name) {
			rules = append(rules, rule)
		}
	}
	if limits != "" {
		rules = append(rules, limits)
	}
	return strings.Join(rules, " ")
}

func (p permissions) keyRules() (rules []string) {
	if p.allKeys {
		return []string{"~*"}
	}
	for _, k := range p.keys {
		rules = append(rules, k.String())
	}
	return rules
}

func (p permissions) channelRules() (rules []string) {
	if p.allChannels {
		return []string{"&*"}
	}
	for _, c := range p.channels {
		rules = append(rules, "&"+c)
	}
	return rules
}

func (p permissions) base() string {
	if p.allCommands {
		return "+@all"
	}
	return "-@all"
}

// needsSeven reports whether Redis 6 would not understand it.
func (a Access) needsSeven() bool {
	for _, k := range a.own.keys {
		if !k.read || !k.write {
			return true
		}
	}
	return len(a.selectors) > 0
}

// MarshalText encodes the access for the store.
func (a Access) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote. Which commands there are is not asked: that was done when the user was made, maybe by an
// earlier release.
func (a *Access) UnmarshalText(text []byte) error {
	next, err := parseAccess(string(text), func(string) error { return nil })
	if err != nil {
		return fmt.Errorf("read access string: %w", err)
	}
	*a = next
	return nil
}

// Equal reports whether both say the same.
func (a Access) Equal(other Access) bool { return a.String() == other.String() }
