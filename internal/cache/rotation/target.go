package rotation

import (
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/aikagi/aikagi/internal/cache"
)

// Target says where a new token is brought during a guided rotation:
// exactly one of its fields is set. It is stored and shown, so it holds no secret.
// What is done with it is the business of package delivery.
type Target struct {
	File           *FileTarget           `json:"file,omitempty"`
	Command        *CommandTarget        `json:"command,omitempty"`
	SecretsManager *SecretsManagerTarget `json:"secretsManager,omitempty"`
}

// FileTarget is a file that holds the token and nothing else.
type FileTarget struct {
	Path string `json:"path"` // absolute and clean
}

// CommandTarget is a program that is given the token. No shell is involved.
type CommandTarget struct {
	Program   string   `json:"program"` // absolute and clean
	Arguments []string `json:"arguments,omitempty"`
}

// SecretsManagerTarget is a secret of AWS Secrets Manager, or of a server that
// speaks its API.
type SecretsManagerTarget struct {
	Secret   string `json:"secret"`             // name or ARN
	Region   string `json:"region,omitempty"`   // else the ARN's, else the environment's
	Endpoint string `json:"endpoint,omitempty"` // URL; else AWS's own
	Profile  string `json:"profile,omitempty"`  // of the shared configuration files; else the default chain
	Key      string `json:"key,omitempty"`      // the member to replace if the secret is a JSON object
	Create   bool   `json:"create,omitempty"`   // a missing secret is created
	Insecure bool   `json:"insecure,omitempty"` // plain HTTP to another machine is accepted
}

// Limits of targets. They only keep nonsense out of the store; the name's length
// is Secrets Manager's (CreateSecret, Name), the ARN's too (SecretId).
const (
	deliveryPathMax = 1024
	deliveryNameMax = 200 // of a file's last element: names of temporary files are longer
	deliveryArgsMax = 64
	deliveryTextMax = 4096
	secretNameMax   = 512
	secretARNMax    = 2048
	labelMax        = 128 // characters
	deliveryForms   = "file:/path, command:/path/program arguments or secretsmanager:name?region=…&key=…"
)

var (
	secretName = regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]+$`) // CreateSecret, Name
	secretARN  = regexp.MustCompile(`^arn:[a-z-]+:secretsmanager:([a-z0-9-]+):[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$`)
	awsRegion  = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	labelForm  = regexp.MustCompile(`^[\pL\pN _+=.,@:/-]+$`)
)

// isLabel counts characters by itself: a pattern with a count is a copy of all letters of Unicode for each of them, which every
// start of the program would make.
func isLabel(text string) bool {
	return utf8.RuneCountInString(text) <= labelMax && labelForm.MatchString(text)
}

// Validate checks that t can be stored. Only the machine that delivers can say whether a delivery would work. Errors
// are of [cache.KindInvalid] or [cache.KindCombination].
func (t Target) Validate() error {
	switch {
	case t.File != nil && t.Command == nil && t.SecretsManager == nil:
		return t.File.validate()
	case t.Command != nil && t.File == nil && t.SecretsManager == nil:
		return t.Command.validate()
	case t.SecretsManager != nil && t.File == nil && t.Command == nil:
		return t.SecretsManager.validate()
	}
	return cache.Errorf(cache.KindCombination, "A delivery target must be exactly one of %s.", deliveryForms)
}

func (f FileTarget) validate() error {
	if err := validPath("file", f.Path); err != nil {
		return err
	}
	if len(filepath.Base(f.Path)) > deliveryNameMax {
		return cache.Errorf(cache.KindInvalid, "The name of the delivery file is longer than %d bytes.", deliveryNameMax)
	}
	return nil
}

func (c CommandTarget) validate() error {
	if err := validPath("program", c.Program); err != nil {
		return err
	}
	total := 0
	for _, argument := range c.Arguments {
		total += len(argument)
		if !plainText(argument) {
			return cache.Errorf(cache.KindInvalid, "An argument of the delivery program contains a control character.")
		}
	}
	if len(c.Arguments) > deliveryArgsMax || total > deliveryTextMax {
		return cache.Errorf(cache.KindInvalid, "The delivery program has more than %d arguments or %d bytes of them.", deliveryArgsMax, deliveryTextMax)
	}
	return nil
}

// validPath wants one spelling of a path only, so that what is shown is what is meant.
func validPath(what, path string) error {
	switch {
	case !filepath.IsAbs(path) || filepath.Clean(path) != path || path == "/":
		return cache.Errorf(cache.KindInvalid, "The path of the delivery %s must be absolute, without . and .. and doubled slashes.", what)
	case len(path) > deliveryPathMax || !plainText(path):
		return cache.Errorf(cache.KindInvalid, "The path of the delivery %s is longer than %d bytes or contains a control character.", what, deliveryPathMax)
	}
	return nil
}

func plainText(s string) bool {
	return strings.ToValidUTF8(s, "") == s && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func (s SecretsManagerTarget) validate() error {
	arn := secretARN.FindStringSubmatch(s.Secret)
	switch {
	case arn == nil && (len(s.Secret) > secretNameMax || !secretName.MatchString(s.Secret)), len(s.Secret) > secretARNMax:
		return cache.Errorf(cache.KindInvalid, "The secret must be a name (letters, digits and /_+=.@-) or an ARN of Secrets Manager.")
	case arn != nil && s.Region != "" && s.Region != arn[1]:
		return cache.Errorf(cache.KindCombination, "The region %s is not that of the secret's ARN.", s.Region)
	case arn != nil && s.Create:
		return cache.Errorf(cache.KindCombination, "A secret that is to be created must be given by name, not by ARN.")
	case s.Region != "" && !awsRegion.MatchString(s.Region):
		return cache.Errorf(cache.KindInvalid, "The region of the secret is not a valid region name.")
	case s.Profile != "" && !isLabel(s.Profile):
		return cache.Errorf(cache.KindInvalid, "The profile contains a character that is not allowed.")
	case s.Key != "" && !isLabel(s.Key):
		return cache.Errorf(cache.KindInvalid, "The key of the secret's JSON object contains a character that is not allowed.")
	case s.Endpoint != "":
		return s.validateEndpoint()
	}
	return nil
}

func (s SecretsManagerTarget) validateEndpoint() error {
	u, err := url.Parse(s.Endpoint)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return cache.Errorf(cache.KindInvalid, "The endpoint of Secrets Manager must be an http or https URL.")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return cache.Errorf(cache.KindInvalid, "The endpoint of Secrets Manager must be a URL without user, query or fragment.")
	case u.Scheme == "http" && !s.Insecure && !isLoopback(u.Hostname()):
		return cache.Errorf(cache.KindCombination, "The token would go to another machine in the clear. Use https, or add insecure=true.")
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// EffectiveRegion is the region that the target itself names, or empty.
func (s SecretsManagerTarget) EffectiveRegion() string {
	if arn := secretARN.FindStringSubmatch(s.Secret); arn != nil {
		return arn[1]
	}
	return s.Region
}
