package datadir

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// Profile is the name of the profile of the access key for AWS's tools. It is not "default",
// of which a user's own settings would be read, too.
const Profile = "aikagi"

// WriteProfile writes a shared credentials file with that one profile and returns its path.
// What is in the file holds for the profile only, as variables of the environment would not:
// the region, and the CA if the control plane is reached by HTTPS.
func WriteProfile(dir, region string, https bool) (string, error) {
	key, err := ReadAccessKey(dir)
	if err != nil {
		return "", err
	}
	text := fmt.Appendf(nil, "[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\nregion = %s\n", Profile, key.ID, key.secret, region)
	if https {
		text = fmt.Appendf(text, "ca_bundle = %s\n", AuthorityPath(dir))
	}
	path := filepath.Join(dir, "aws-profile")
	if was, err := os.ReadFile(path); err == nil && bytes.Equal(was, text) {
		return path, nil
	}
	if err := writeFile(path, text, 0o600); err != nil {
		return "", fmt.Errorf("write profile: %w", err)
	}
	return path, nil
}
