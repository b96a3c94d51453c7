package module

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
)

// ClientRules belongs at the end of the ACL rules of every user that a client can be and that does not have
// +@all. It lets the user reach the module's answers; whether it gets them is
// decided by its rights to the real commands. On Redis 6.2 these rules alone decide.
const ClientRules = "+aikagi.acl-cat +aikagi.acl-dryrun +aikagi.acl-list +aikagi.acl-log +aikagi.acl-users " +
	"+aikagi.client-kill +aikagi.client-list +aikagi.client-unblock +aikagi.command +aikagi.info " +
	"+aikagi.latency-histogram +aikagi.restore +aikagi.slowlog-get"

// ReservedClients is by how much an engine's maxclients must be higher than what clients are to have. Without so
// much there is no reserve.
const ReservedClients = 512

// ErrSettings says that Settings cannot be used.
var ErrSettings = errors.New("invalid module settings")

// Settings is what the module of one node has to know.
type Settings struct {
	// ACLSecret is the command name by which the service calls the whole of ACL on this node. It
	// begins with "acl-" and cannot be guessed. The engine's configuration must not
	// rename ACL itself.
	ACLSecret string
	// InternalPrefix begins the names of the users of the service itself, like "aikagi:".
	InternalPrefix string
	// ConfigName is the name by which the engine knows CONFIG; empty: its own.
	ConfigName string
	// Network has the addresses that the service's own connections over the network come from; of clients none
	// should. Invalid: there are none.
	Network netip.Prefix
	// Clients is how many connections clients may come to have. An engine begins with fewer places (maxclients), and is given more as they are
	// needed, if it can open as many files. 0: it keeps what it begins with.
	Clients int
	// Uncounted turns the counting of uses off, to find out what it costs.
	Uncounted bool
}

// SettingsFile is the name of the module's own configuration file. It lies in the engine's working
// directory, readable by its owner only, and its name is the one argument of loadmodule. The
// settings are not arguments themselves because HELLO shows those to every client.
const SettingsFile = "aikagi-module.conf"

// UsageFile is the name of the file that the module keeps its figures in, in the engine's working
// directory. It holds fingerprints, and addresses and names of clients; it has mode 0600.
const UsageFile = "aikagi-usage"

// Blanks end a word in the settings file, and the module has room for 127 bytes. The secret's first
// letters let the filter pass by most commands after one look at theirs; 16 more cannot be guessed.
var (
	aclSecret      = regexp.MustCompile(`^acl-[!-~]{16,123}$`)
	internalPrefix = regexp.MustCompile(`^[!-~]{1,127}$`)
)

// Render renders the settings as the module reads them. The content is a secret.
// The error is ErrSettings.
func (s Settings) Render() ([]byte, error) {
	if !aclSecret.MatchString(s.ACLSecret) {
		return nil, fmt.Errorf("%w: the ACL secret is not acl- and 16 to 123 printable characters", ErrSettings)
	}
	if !internalPrefix.MatchString(s.InternalPrefix) {
		return nil, fmt.Errorf("%w: the internal prefix is not 1 to 127 printable characters", ErrSettings)
	}
	name := cmp.Or(s.ConfigName, "CONFIG")
	if !internalPrefix.MatchString(name) {
		return nil, fmt.Errorf("%w: the name of CONFIG is not 1 to 127 printable characters", ErrSettings)
	}
	usage := "on"
	if s.Uncounted {
		usage = "off"
	}
	text := fmt.Appendf(nil, "acl-secret %s\ninternal-prefix %s\nconfig-name %s\nusage %s\nclients %d\n", s.ACLSecret, s.InternalPrefix, name, usage, s.Clients)
	if s.Network.IsValid() {
		text = fmt.Appendf(text, "network %s\n", s.Network)
	}
	return text, nil
}
