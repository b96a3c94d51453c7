package datadir

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
)

// AccessKey is what API callers sign with. It prints without its secret.
type AccessKey struct {
	ID     string
	secret string
}

// Reveal returns the secret access key in the clear.
func (k AccessKey) Reveal() string { return k.secret }

func (k AccessKey) String() string { return k.ID }

// GoString keeps %#v from printing the secret.
func (k AccessKey) GoString() string { return "datadir.AccessKey(" + k.ID + ")" }

const masterKeySize = 32

// MasterKey returns the key that internal secrets are derived from, making it on
// the first start.
func (d *Dir) MasterKey() ([]byte, error) {
	path := d.MasterKeyPath()
	key, err := readSecret(path)
	switch {
	case err == nil && len(key) == masterKeySize:
		return key, nil
	case err == nil:
		return nil, fmt.Errorf("read master key: %s has %d bytes, want %d; restore it from a backup", path, len(key), masterKeySize)
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("read master key: %w", err)
	}
	if _, err := os.Stat(d.Store()); err == nil {
		return nil, fmt.Errorf("read master key: %s is missing, but %s is there; restore the key from a backup: "+
			"without it the running nodes cannot be administered", path, d.Store())
	}
	key = make([]byte, masterKeySize)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	if err := writeFile(path, key, 0o600); err != nil {
		return nil, fmt.Errorf("write master key: %w", err)
	}
	return key, nil
}

// AccessKey returns the key of the profile "default", making it on the first start.
func (d *Dir) AccessKey() (AccessKey, error) {
	key, err := ReadAccessKey(d.path)
	if !errors.Is(err, os.ErrNotExist) {
		return key, err
	}
	key = newAccessKey()
	text := fmt.Sprintf("[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n", key.ID, key.secret)
	if err := writeFile(CredentialsPath(d.path), []byte(text), 0o600); err != nil {
		return AccessKey{}, fmt.Errorf("write credentials: %w", err)
	}
	return key, nil
}

// ReadAccessKey reads the profile "default" of a data directory's credentials file.
func ReadAccessKey(dir string) (AccessKey, error) {
	path := CredentialsPath(dir)
	text, err := readSecret(path)
	if err != nil {
		return AccessKey{}, fmt.Errorf("read credentials: %w", err)
	}
	var key AccessKey
	inDefault := false
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "[") {
			inDefault = line == "[default]"
			continue
		}
		name, value, _ := strings.Cut(line, "=")
		if !inDefault {
			continue
		}
		switch strings.TrimSpace(name) {
		case "aws_access_key_id":
			key.ID = strings.TrimSpace(value)
		case "aws_secret_access_key":
			key.secret = strings.TrimSpace(value)
		}
	}
	if key.ID == "" || key.secret == "" {
		return AccessKey{}, fmt.Errorf("read credentials: %s has no access key in its profile [default]; "+
			"restore it, or remove the file to have a new key made", path)
	}
	return key, nil
}

// newAccessKey makes a key of the form that AWS's have, as some clients check it.
func newAccessKey() AccessKey {
	var id [10]byte
	var secret [30]byte
	_, _ = rand.Read(id[:]) // never fails (crypto/rand)
	_, _ = rand.Read(secret[:])
	return AccessKey{
		ID:     "AKIA" + base32.StdEncoding.EncodeToString(id[:]),
		secret: base64.StdEncoding.EncodeToString(secret[:]),
	}
}
