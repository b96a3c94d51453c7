package pki

import (
	"bytes"
	"fmt"
	"log/slog"
)

const redacted = "***"

// PrivateKey is a key in PEM form (PKCS #8). Whatever prints, logs or encodes it
// gets ***; only [PrivateKey.Reveal] gives it away.
type PrivateKey struct{ pem []byte }

// Reveal returns a copy of the key in the clear, for a file of mode 0600 or a TLS
// configuration.
func (k PrivateKey) Reveal() []byte { return bytes.Clone(k.pem) }

// Format keeps every verb of package fmt from printing the key.
func (PrivateKey) Format(out fmt.State, _ rune) { _, _ = out.Write([]byte(redacted)) }

// LogValue keeps slog from printing the key.
func (PrivateKey) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps the encoders from printing the key.
func (PrivateKey) MarshalText() ([]byte, error) { return []byte(redacted), nil }
