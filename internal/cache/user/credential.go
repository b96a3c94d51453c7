package user

import (
	"crypto/sha256"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/token"
)

// credentialPrefix begins what nodes call the credentials of users, but of the one named [DefaultID].
//
// Source: csrc/credential.h of the engine module.
const credentialPrefix = "@"

// Credential is what nodes count the logins of a user as of which it is not known that they are by one of its passwords. The user named
// [DefaultID] is whoever does not log in.
func Credential(name string) string {
	if name == DefaultID {
		return token.None
	}
	return credentialPrefix + token.Digest(sha256.Sum256([]byte(name))).Fingerprint()
}

// PasswordCredential is what nodes count the logins of a user by one of its passwords as. Those of the one named [DefaultID] are counted as tokens.
func PasswordCredential(name, fingerprint string) string {
	if name == DefaultID {
		return fingerprint
	}
	return Credential(name) + ":" + fingerprint
}

// IsCredential reports whether nodes mean a user other than the one named [DefaultID] by that.
func IsCredential(credential string) bool { return strings.HasPrefix(credential, credentialPrefix) }
