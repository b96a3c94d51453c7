package sigv4

import "log/slog"

// Secret is a secret access key or a session token. It prints as ***.
type Secret string

const masked = "***"

func (Secret) String() string { return masked }

// GoString keeps %#v from printing the secret.
func (Secret) GoString() string { return masked }

// LogValue keeps slog from printing the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue(masked) }

// MarshalText keeps encoders from printing the secret.
func (Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// Credential is what belongs to an access key id.
type Credential struct {
	SecretAccessKey Secret
	// SessionToken is what the caller must send in X-Amz-Security-Token. It is
	// empty for a permanent key, which must be used without a token.
	SessionToken Secret
}

// Identity is who signed a request, and for where.
type Identity struct {
	AccessKeyID string
	Region      string
	Service     string
}
