package sigv4

import (
	"crypto/hmac"
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
	"time"
)

// MaxSkew is how far the time in a request may be from ours, either way.
const MaxSkew = 15 * time.Minute

// Verifier checks signatures. It may be used by many goroutines at once if
// Lookup may.
type Verifier struct {
	// Services are the service names that a request may be signed for.
	Services []string
	// Lookup finds the credential of an access key id; false means that there is
	// no such key. A credential without a secret counts as none.
	Lookup func(accessKeyID string) (Credential, bool)
}

// Verify checks that r, whose body was read into body, was signed by a known
// access key close to now. It does not touch r.Body, and r must be as the server
// received it: its Host, its path and query string undecoded. An error is always
// a *Error.
func (v *Verifier) Verify(r *http.Request, body []byte, now time.Time) (Identity, error) {
	auth, at, err := v.readHeader(r.Header, now)
	if err != nil {
		return Identity{}, err
	}
	request, err := canonicalRequest(r, auth.signedHeaders, body)
	if err != nil {
		return Identity{}, err
	}
	if err := v.checkSignature(auth, stringToSign(at, auth.scope, request), r.Header.Get(tokenHeader)); err != nil {
		return Identity{}, err
	}
	return Identity{AccessKeyID: auth.accessKeyID, Region: auth.scope.region, Service: auth.scope.service}, nil
}

// Admit checks what can be checked before the body was read: everything but the signature itself. So
// whoever does not know an access key id need not be listened to. Errors are those of Verify.
func (v *Verifier) Admit(r *http.Request, now time.Time) error {
	auth, _, err := v.readHeader(r.Header, now)
	if err != nil {
		return err
	}
	if credential, known := v.Lookup(auth.accessKeyID); !known || credential.SecretAccessKey == "" {
		return invalidToken()
	}
	return nil
}

func (v *Verifier) readHeader(h http.Header, now time.Time) (auth authorization, at time.Time, err error) {
	if auth, err = readAuthorization(h); err != nil {
		return auth, at, err
	}
	if err = checkSignedHeaders(h, auth.signedHeaders); err != nil {
		return auth, at, err
	}
	if at, err = signingTime(h, auth.signedHeaders); err != nil {
		return auth, at, err
	}
	return auth, at, v.checkScope(auth.scope, at, now)
}

func (v *Verifier) checkScope(s scope, at, now time.Time) error {
	if err := checkSkew(at, now); err != nil {
		return err
	}
	if day := at.Format(dayFormat); s.date != day {
		return doesNotMatch("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
			quote(s.date) + " != " + quote(day) + ".")
	}
	if !slices.Contains(v.Services, s.service) {
		return doesNotMatch("Credential should be scoped to correct service: " + quote(strings.Join(v.Services, "' or '")) + ".")
	}
	return nil
}

// checkSignature does all of its work whether or not the access key exists, so
// that the time of the answer says nothing that its code does not.
func (v *Verifier) checkSignature(auth authorization, toSign, token string) error {
	credential, known := v.Lookup(auth.accessKeyID)
	if known = known && credential.SecretAccessKey != ""; !known {
		credential = Credential{SecretAccessKey: "unknown access key"}
	}
	want := signature(credential.SecretAccessKey, auth.scope, toSign)
	signed := hmac.Equal([]byte(want), []byte(auth.signature))
	tokenMatches := subtle.ConstantTimeCompare([]byte(credential.SessionToken), []byte(token)) == 1
	switch {
	case !known || !tokenMatches:
		return invalidToken()
	case !signed:
		return doesNotMatch(wrongSignature)
	}
	return nil
}
