package pki

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Missing reports whether a directory has neither the certificate of a CA nor its key.
func Missing(dir string) bool {
	return !exists(filepath.Join(dir, AuthorityFile)) && !exists(filepath.Join(dir, AuthorityKeyFile))
}

// Incomplete reports whether a directory has no certificate of a CA, whatever it has of its key.
func Incomplete(dir string) bool { return !exists(filepath.Join(dir, AuthorityFile)) }

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// Restore writes the certificate of a CA again if it was lost and its key is there. It reports whether
// it did. [Open] says what is wrong with whatever else it finds.
func Restore(dir string, certPEM []byte) (bool, error) {
	path, keyPath := filepath.Join(dir, AuthorityFile), filepath.Join(dir, AuthorityKeyFile)
	keyPEM, err := readOptional(keyPath)
	if exists(path) || keyPEM == nil || err != nil {
		return false, nil //nolint:nilerr // Open meets the same error, and says more
	}
	key, err := loadKey(keyPath, keyPEM)
	if err != nil {
		return false, err
	}
	certificate, err := parseCertificate(certPEM)
	if err != nil || !key.PublicKey.Equal(certificate.PublicKey) {
		return false, unusable("%s is missing, and %s is not the key of the authority that clients trust: bring both back from a backup, "+
			"or move the key away and start once with --new-ca to get a new authority, which every client must then be given", path, keyPath)
	}
	if err := writeFile(path, certPEM, 0o644); err != nil {
		return false, fmt.Errorf("restore certificate authority: %w", err)
	}
	return true, nil
}
