package user

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aikagi/aikagi/internal/cache"
)

// accessMax is how long an access string can be, in bytes. The original's limit is not known; this is more than all commands of an engine
// by name.
const accessMax = 8192

// ParseAccess reads an access string, with commands of those that are known. The error, of [cache.KindInvalid], says which rule is wrong.
// It never repeats what may be a password.
//
// Sources: ElastiCache User Guide, "Role-Based Access Control (RBAC)"; redis.io, "ACL".
func ParseAccess(s string, known Commands) (Access, error) { return parseAccess(s, known.check) }

func parseAccess(s string, check func(rule string) error) (Access, error) {
	if len(s) > accessMax {
		return Access{}, cache.Errorf(cache.KindInvalid, "The access string has %d bytes; it can have at most %d.", len(s), accessMax)
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return Access{}, cache.Errorf(cache.KindInvalid, "The access string has a character that cannot be printed. Rules are separated by spaces.")
	}
	words := strings.Fields(s)
	if len(words) == 0 {
		return Access{}, cache.Errorf(cache.KindInvalid, "The access string has no rules. For a user who may do nothing, it is: off -@all")
	}
	p := accessParser{check: check}
	for i, word := range words {
		if err := p.take(word); err != nil {
			return Access{}, cache.Errorf(cache.KindInvalid, "The access string is not valid: rule %d%s %s", i+1, quoteRule(word), err.Error())
		}
	}
	if p.inside != nil {
		return Access{}, cache.Errorf(cache.KindInvalid, "The access string is not valid: the last selector has no closing parenthesis.")
	}
	return p.access, nil
}

// quoteRule shows a rule in an error, unless it could be a password.
func quoteRule(word string) string {
	if strings.ContainsAny(word[:1], "~&%+-") {
		return " (" + cache.QuoteName(word) + ")"
	}
	return ""
}

// fault says what is wrong with a rule, after its number.
type fault string

func (f fault) Error() string { return string(f) }

const (
	faultPassword = fault("is a password. Passwords are given by Passwords or AuthenticationMode.")
	faultReset    = fault("is not allowed: passwords are not given by access strings.")
	faultUnknown  = fault("is not one that the engines know, or not one that an access string can have.")
	faultNested   = fault("is a parenthesis within a selector.")
	faultKeys     = fault("adds to all keys, which changes nothing. Begin with resetkeys to have fewer.")
	faultChannels = fault("adds to all channels, which changes nothing. Begin with resetchannels to have fewer.")
	faultEmpty    = fault("is empty.")
	faultSanitize = fault("is not allowed: payloads are always checked.")
)

// accessParser takes the rules of an access string, one after the other, as the engines do.
type accessParser struct {
	check  func(rule string) error
	access Access
	inside *permissions // the selector that has begun and not ended
}

func (p *accessParser) take(word string) error {
	if p.inside != nil {
		return p.takeInside(word)
	}
	if rest, begins := strings.CutPrefix(word, "("); begins {
		p.inside = &permissions{}
		return p.takeInside(rest)
	}
	switch strings.ToLower(word) {
	case "on", "off":
		p.access.on = strings.EqualFold(word, "on")
	case "clearselectors":
		p.access.selectors = nil
	case "sanitize-payload": // is the default; ACL LIST shows it
	case "skip-sanitize-payload":
		return faultSanitize
	case "nopass", "resetpass", "reset":
		return faultReset
	default:
		return p.access.own.take(word, p.check)
	}
	return nil
}

// takeInside takes a word of a selector, which ends with the first one that ends with a parenthesis.
func (p *accessParser) takeInside(word string) error {
	word, ends := strings.CutSuffix(word, ")")
	if strings.HasPrefix(word, "(") || strings.HasSuffix(word, ")") { // it would end the selector elsewhere
		return faultNested
	}
	if word != "" {
		if err := p.inside.take(word, p.check); err != nil {
			return err
		}
	}
	if ends {
		p.access.selectors = append(p.access.selectors, *p.inside)
		p.inside = nil
	}
	return nil
}

// take applies a rule that a user itself and a selector can have.
func (p *permissions) take(word string, check func(rule string) error) error {
	switch strings.ToLower(word) {
	case "allkeys", "~*":
		p.allKeys, p.keys = true, nil
	case "resetkeys":
		p.allKeys, p.keys = false, nil
	case "allchannels", "&*":
		p.allChannels, p.channels, p.channelsReset = true, nil, false
	case "resetchannels":
		p.allChannels, p.channels, p.channelsReset = false, nil, true
	case "allcommands", "+@all":
		p.allCommands, p.commands = true, nil
	case "nocommands", "-@all":
		p.allCommands, p.commands = false, nil
	default:
		switch word[0] {
		case '~', '%':
			return p.takeKeys(word)
		case '&':
			return p.takeChannel(word[1:])
		case '+', '-':
			return p.takeCommand(strings.ToLower(word), check)
		case '>', '<', '#', '!':
			return faultPassword
		}
		return faultUnknown
	}
	return nil
}

var keysPattern = regexp.MustCompile(`^(?:~|%((?i:r|w|rw|wr))~)(.*)$`)

func (p *permissions) takeKeys(word string) error {
	m := keysPattern.FindStringSubmatch(word)
	switch {
	case m == nil:
		return faultUnknown
	case m[2] == "":
		return faultEmpty
	case p.allKeys:
		return faultKeys
	}
	rights := strings.ToLower(m[1])
	added := keyPattern{read: rights == "" || strings.Contains(rights, "r"), write: rights == "" || strings.Contains(rights, "w"), glob: m[2]}
	i := slices.IndexFunc(p.keys, func(k keyPattern) bool { return k.glob == added.glob })
	if i < 0 {
		i = len(p.keys)
		p.keys = append(p.keys, added)
	}
	k := &p.keys[i]
	k.read, k.write = k.read || added.read, k.write || added.write
	if k.read && k.write && k.glob == "*" {
		p.allKeys, p.keys = true, nil
	}
	return nil
}

func (p *permissions) takeChannel(glob string) error {
	switch {
	case glob == "":
		return faultEmpty
	case p.allChannels:
		return faultChannels
	case !slices.Contains(p.channels, glob):
		p.channels = append(p.channels, glob)
	}
	return nil
}

// takeCommand takes a rule about a command or a category. It overrides what was said before of the same, or of parts of it.
func (p *permissions) takeCommand(rule string, check func(rule string) error) error {
	if len(rule) == 1 {
		return faultEmpty
	}
	if err := check(rule); err != nil {
		return err
	}
	p.commands = slices.DeleteFunc(p.commands, func(said string) bool {
		return said[1:] == rule[1:] || strings.HasPrefix(said[1:], rule[1:]+"|")
	})
	p.commands = append(p.commands, rule)
	return nil
}
