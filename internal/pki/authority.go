package pki

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Names of the CA's files in the data directory.
const (
	AuthorityFile    = "ca.pem"     // 0644, to be given to clients
	AuthorityKeyFile = "ca-key.pem" // 0600
)

// ErrUnusable is wrapped by every error of [Open] that is about what the files
// hold; nothing was written then, and the error says how to mend it.
var ErrUnusable = errors.New("the certificate authority cannot be used")

// Authority is a loaded CA. It does not change after [Open] and is safe for
// concurrent use. It prints as *** whatever the verb.
type Authority struct {
	certificate *x509.Certificate
	pem         []byte
	path        string
	key         *ecdsa.PrivateKey
	now         func() time.Time
}

// Open loads the CA of a data directory, or makes it when there is none. The
// directory must exist, and the caller must hold it: two processes must not open
// the same directory at once.
//
// more are further DNS names that the CA may vouch for, with all names below
// them, and addresses; they count only when the CA is made.
func Open(dir string, now func() time.Time, more ...string) (*Authority, error) {
	keyPath, certPath := filepath.Join(dir, AuthorityKeyFile), filepath.Join(dir, AuthorityFile)
	keyPEM, err := readOptional(keyPath)
	if err != nil {
		return nil, fmt.Errorf("open certificate authority: %w", err)
	}
	certPEM, err := readOptional(certPath)
	if err != nil {
		return nil, fmt.Errorf("open certificate authority: %w", err)
	}
	if keyPEM == nil && certPEM != nil {
		return nil, unusable("%s is there and its key %s is not: bring the key back from a backup, or move %s away and start once with --new-ca to get a new authority, "+
			"which every client must then be given", certPath, AuthorityKeyFile, AuthorityFile)
	}
	if keyPEM == nil {
		if keyPEM, err = makeKey(keyPath); err != nil {
			return nil, fmt.Errorf("make certificate authority: %w", err)
		}
	}
	key, err := loadKey(keyPath, keyPEM)
	if err != nil {
		return nil, err
	}
	if certPEM == nil {
		if certPEM, err = makeCertificate(certPath, key, now(), more); err != nil {
			return nil, fmt.Errorf("make certificate authority: %w", err)
		}
	}
	certificate, err := loadCertificate(certPath, certPEM, key, now())
	if err != nil {
		return nil, err
	}
	return &Authority{certificate: certificate, pem: certPEM, path: certPath, key: key, now: now}, nil
}

// Certificate is the CA's own certificate; the caller must not change it.
func (a *Authority) Certificate() *x509.Certificate { return a.certificate }

// CertPEM is the content of ca.pem, a copy.
func (a *Authority) CertPEM() []byte { return bytes.Clone(a.pem) }

// Path is where ca.pem is.
func (a *Authority) Path() string { return a.path }

// CertPool is a new pool with this CA alone, for clients of what it signed.
func (a *Authority) CertPool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// Format keeps every verb from printing the key.
func (a *Authority) Format(out fmt.State, _ rune) { _, _ = out.Write([]byte(redacted)) }

func loadKey(path string, keyPEM []byte) (*ecdsa.PrivateKey, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open certificate authority: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, unusable("others may read %s (mode %04o): if nobody did, run: chmod 600 %s", path, info.Mode().Perm(), path)
	}
	block, _ := pem.Decode(keyPEM)
	if block == nil {
		return nil, unusable("%s holds no PEM block: bring it back from a backup", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		// The parser's error may quote what it read; the file is a secret.
		return nil, unusable("%s holds no PKCS #8 private key: bring it back from a backup", path)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, unusable("%s holds no ECDSA key: bring it back from a backup", path)
	}
	return key, nil
}

func loadCertificate(path string, certPEM []byte, key *ecdsa.PrivateKey, now time.Time) (*x509.Certificate, error) {
	certificate, err := parseCertificate(certPEM)
	if err != nil {
		return nil, unusable("%s: %v: bring it back from a backup", path, err)
	}
	if !key.PublicKey.Equal(certificate.PublicKey) {
		return nil, unusable("%s and %s do not belong together: bring the pair back from a backup, or move both away and start once with --new-ca to get a new authority, "+
			"which every client must then be given", path, AuthorityKeyFile)
	}
	if !certificate.IsCA {
		return nil, unusable("%s is no certificate of an authority: bring the pair back from a backup", path)
	}
	if now.After(certificate.NotAfter) {
		return nil, unusable("%s ended on %s: check the clock; if it is right, move %s and %s away and start once with --new-ca to get a new authority, which every client must then be given",
			path, certificate.NotAfter.Format(time.DateOnly), AuthorityFile, AuthorityKeyFile)
	}
	return certificate, nil
}

func parseCertificate(certPEM []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(certPEM)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("no certificate in PEM form")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("parse certificate: %w", err)
	}
	return certificate, nil
}

// readOptional returns nil when there is no such file.
func readOptional(path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if errors.Is(err, syscall.EISDIR) {
		return nil, unusable("%s is a directory: move it away, and bring the file back from a backup", path)
	}
	if err == nil && content == nil {
		content = []byte{} // an empty file is there, too
	}
	return content, err
}

func unusable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnusable, fmt.Sprintf(format, args...))
}

// Validity reads from when to when the CA in a file is valid; zero times if it
// cannot be read.
func Validity(path string) (notBefore, notAfter time.Time) {
	certPEM, err := os.ReadFile(path)
	if err != nil {
		return time.Time{}, time.Time{}
	}
	certificate, err := parseCertificate(certPEM)
	if err != nil {
		return time.Time{}, time.Time{}
	}
	return certificate.NotBefore, certificate.NotAfter
}
