package module

import "fmt"

// SettingsFile is the name of the module's own configuration file, to lie in the
// engine's working directory and to be the one argument of loadmodule. The
// settings are not arguments themselves because HELLO shows those to every client.
const SettingsFile = settingsFile

// Render renders the settings as the module reads them. The content is a secret.
// The error is ErrSettings.
func (s Settings) Render() ([]byte, error) {
	if !aclSecret.MatchString(s.ACLSecret) {
		return nil, fmt.Errorf("%w: the ACL secret is not acl- and 16 to 123 printable characters", ErrSettings)
	}
	if !internalPrefix.MatchString(s.InternalPrefix) {
		return nil, fmt.Errorf("%w: the internal prefix is not 1 to 127 printable characters", ErrSettings)
	}
	return fmt.Appendf(nil, "acl-secret %s\ninternal-prefix %s\n", s.ACLSecret, s.InternalPrefix), nil
}
