package rotation

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// ParseTarget reads what a person writes, and checks it:
//
//	file:/etc/app/token
//	command:/usr/local/bin/push-token --env "eu prod"
//	secretsmanager:app/cache?region=eu-central-1&key=password
//
// Words of a command are split at blanks; quotes and backslashes work as in a
// shell, and nothing else does. The options of a secret are region, endpoint,
// profile, key, create and insecure. Errors as of [Target.Validate].
func ParseTarget(s string) (Target, error) {
	var t Target
	kind, rest, _ := strings.Cut(s, ":")
	switch kind {
	case "file":
		t.File = &FileTarget{Path: rest}
	case "command":
		words, err := splitWords(rest)
		if err != nil {
			return Target{}, err
		}
		if len(words) == 0 {
			return Target{}, cache.Errorf(cache.KindMissing, "The delivery target names no program.")
		}
		t.Command = &CommandTarget{Program: words[0], Arguments: words[1:]}
		if len(words) == 1 {
			t.Command.Arguments = nil // as it comes back from the store
		}
	case "secretsmanager":
		secret, err := parseSecret(rest)
		if err != nil {
			return Target{}, err
		}
		t.SecretsManager = secret
	default:
		return Target{}, cache.Errorf(cache.KindInvalid, "The delivery target must be %s.", deliveryForms)
	}
	return t, t.Validate()
}

func parseSecret(s string) (*SecretsManagerTarget, error) {
	name, query, _ := strings.Cut(s, "?")
	target := &SecretsManagerTarget{Secret: name}
	options, err := url.ParseQuery(query)
	if err != nil {
		return nil, cache.Errorf(cache.KindInvalid, "The options of the secret must have the form name=value&name=value.")
	}
	texts := map[string]*string{"region": &target.Region, "endpoint": &target.Endpoint, "profile": &target.Profile, "key": &target.Key}
	flags := map[string]*bool{"create": &target.Create, "insecure": &target.Insecure}
	for option, values := range options {
		text, isText := texts[option]
		flag, isFlag := flags[option]
		switch {
		case len(values) != 1:
			return nil, cache.Errorf(cache.KindInvalid, "The option %s of the secret is given twice.", option)
		case isText:
			*text = values[0]
		case isFlag:
			if *flag, err = strconv.ParseBool(values[0]); err != nil {
				return nil, cache.Errorf(cache.KindInvalid, "The option %s of the secret must be true or false.", option)
			}
		default:
			return nil, cache.Errorf(cache.KindInvalid, "A secret has no option %q; it has region, endpoint, profile, key, create and insecure.", option)
		}
	}
	return target, nil
}

// String writes t in the form that [ParseTarget] reads.
func (t Target) String() string {
	switch {
	case t.File != nil:
		return "file:" + t.File.Path
	case t.Command != nil:
		words := []string{quoteWord(t.Command.Program)}
		for _, argument := range t.Command.Arguments {
			words = append(words, quoteWord(argument))
		}
		return "command:" + strings.Join(words, " ")
	case t.SecretsManager != nil:
		return "secretsmanager:" + t.SecretsManager.form()
	}
	return ""
}

func (s SecretsManagerTarget) form() string {
	options := url.Values{}
	for name, value := range map[string]string{"region": s.Region, "endpoint": s.Endpoint, "profile": s.Profile, "key": s.Key} {
		if value != "" {
			options.Set(name, value)
		}
	}
	for name, value := range map[string]bool{"create": s.Create, "insecure": s.Insecure} {
		if value {
			options.Set(name, "true")
		}
	}
	if len(options) == 0 {
		return s.Secret
	}
	return s.Secret + "?" + options.Encode()
}

// splitWords splits at blanks. A word may be quoted with ' or ", and outside of
// single quotes a backslash takes the next character as it is.
func splitWords(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	var quote rune
	inside, escaped := false, false
	for _, r := range s {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			inside, escaped = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			inside, quote = true, r
		case r == ' ' || r == '\t':
			if inside {
				words = append(words, word.String())
				word.Reset()
			}
			inside = false
		default:
			inside = true
			word.WriteRune(r)
		}
	}
	if quote != 0 || escaped {
		return nil, cache.Errorf(cache.KindInvalid, "The delivery program's arguments end within a quote or after a backslash.")
	}
	if inside {
		words = append(words, word.String())
	}
	return words, nil
}

func quoteWord(s string) string {
	if s != "" && !strings.ContainsAny(s, " \t'\"\\") {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
