package engine

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/token"
)

// InternalPrefix begins the name of every user that is not a client's.
const InternalPrefix = "aikagi:"

// Names of the internal users.
const (
	AdminUser       = InternalPrefix + "admin"
	ReplicationUser = InternalPrefix + "replication"
	ProbeUser       = InternalPrefix + "probe"
	RulesUser       = InternalPrefix + "rules" // nobody: see Rights.Digest
)

// tokenUserPrefix begins the name of a token's user. The engine module relies on
// the same form.
const tokenUserPrefix = "token:"

// TokenUser is the name of the user that the holders of a token log in as.
func TokenUser(token token.Digest) string { return tokenUserPrefix + token.Fingerprint() }

// Secret is a password of an internal user. It prints as ***.
type Secret struct{ value string }

// Reveal returns the secret in the clear, for a configuration file or a login.
func (s Secret) Reveal() string { return s.value }

func (s Secret) String() string { return "***" }

// GoString keeps %#v from printing the secret.
func (s Secret) GoString() string { return "engine.Secret(***)" }

func (s Secret) digestHex() string {
	sum := sha256.Sum256([]byte(s.value))
	return hex.EncodeToString(sum[:])
}

// Keyring derives every internal secret from one master key, so that a control
// plane that starts anew knows them all without having stored any.
type Keyring struct{ master []byte }

// NewKeyring makes a keyring of a master key of at least 32 random bytes.
func NewKeyring(master []byte) Keyring { return Keyring{master: append([]byte(nil), master...)} }

// Admin is the password of [AdminUser] on one node.
func (k Keyring) Admin(nodeUID string) Secret { return k.derive("admin", nodeUID) }

// Replication is the password of [ReplicationUser] on all nodes of one group.
func (k Keyring) Replication(groupUID string) Secret { return k.derive("replication", groupUID) }

// Probe is the password of [ProbeUser] on one node.
func (k Keyring) Probe(nodeUID string) Secret { return k.derive("probe", nodeUID) }

// Secrets are the passwords of all internal users of one node of a group.
func (k Keyring) Secrets(nodeUID, groupUID string) Secrets {
	return Secrets{Admin: k.Admin(nodeUID), Replication: k.Replication(groupUID), Probe: k.Probe(nodeUID)}
}

// Command is the name under which one node knows a restricted command. Clients
// may learn it without harm: access rules deny the command all the same.
func (k Keyring) Command(nodeUID, command string) string {
	command = strings.ToLower(command)
	return command + "-" + k.derive("command "+command, nodeUID).value[:24]
}

// Decoy is a token that no group of this data directory ever holds, for proofs that
// a wrong token is refused. It is the same for a group each time, so that the engine's log of
// refused logins has one name for all of aikagi's own tries.
func (k Keyring) Decoy(groupUID string) token.Token {
	token, err := token.Parse(k.derive("decoy", groupUID).value)
	if err != nil {
		panic(err) // 64 hexadecimal digits are a token
	}
	return token
}

func (k Keyring) derive(purpose, uid string) Secret {
	mac := hmac.New(sha256.New, k.master)
	mac.Write([]byte(purpose + "\x00" + uid))
	return Secret{hex.EncodeToString(mac.Sum(nil))}
}

// RotationToken is the token that a guided rotation of a group rotates in. It need not be
// stored: the salt, which is random, makes it anew until it is erased, and nobody can after.
func (k Keyring) RotationToken(groupUID, salt string) token.Token {
	token, err := token.Parse(k.derive("rotation "+salt, groupUID).value)
	if err != nil {
		panic(err) // 64 hexadecimal digits are a token
	}
	return token
}
