package cache

// Transit is how the clients of a cache connect to it.
//
// Source: ElastiCache API reference, TransitEncryptionMode. None is a cache without encryption in transit.
type Transit string

// The modes.
const (
	TransitNone      Transit = ""          // in plaintext
	TransitPreferred Transit = "preferred" // in plaintext, or over TLS
	TransitRequired  Transit = "required"  // over TLS
)

// TLS reports whether clients can connect over TLS.
func (t Transit) TLS() bool { return t != TransitNone }

// Plaintext reports whether clients can connect without TLS.
func (t Transit) Plaintext() bool { return t != TransitRequired }

// String is the mode as people read it.
func (t Transit) String() string {
	if t == TransitNone {
		return "none"
	}
	return string(t)
}
