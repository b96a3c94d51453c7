package sigv4_test

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/sigv4"
)

// FuzzVerify looks for a request that is accepted although nobody who made it
// knew the secret, which is drawn anew in every process.
func FuzzVerify(f *testing.F) {
	const scope = "AKIDEXAMPLE/20240229/eu-central-1/elasticache/aws4_request"
	const date = "20240229T120000Z"
	for _, auth := range []string{
		"AWS4-HMAC-SHA256 Credential=" + scope + ", SignedHeaders=host;x-amz-date, Signature=5d672d79",
		"AWS4-HMAC-SHA256 Credential=" + scope + ",SignedHeaders=date;host,Signature=",
		"AWS4-HMAC-SHA256 Credential=////, SignedHeaders=;, Signature==",
		"Basic dXNlcjpwYXNz",
		"",
	} {
		f.Add(auth, date, "127.0.0.1:6380", "/", "X-Amz-Target", "x", []byte(form))
		f.Add(auth, "", "", "/a%2Fb/%E5%90%88?b=%20+&a&=%zz", "Date", noon.Format(http.TimeFormat), []byte{})
	}
	unknowable := sigv4.Secret(rand.Text())
	v := verifier()
	v.Lookup = func(id string) (sigv4.Credential, bool) {
		return sigv4.Credential{SecretAccessKey: unknowable}, id == accessKeyID
	}
	f.Fuzz(func(t *testing.T, auth, date, host, target, name, value string, body []byte) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := &http.Request{Method: http.MethodPost, URL: u, Host: host, Header: http.Header{}}
		r.Header.Set("Authorization", auth)
		r.Header.Set("X-Amz-Date", date)
		r.Header.Add(name, value)
		id, err := v.Verify(r, body, noon.Add(time.Minute))
		if err == nil || id != (sigv4.Identity{}) {
			t.Fatalf("accepted as %+v", id)
		}
		var e *sigv4.Error
		if !errors.As(err, &e) || e.HTTPStatus < 400 || e.Message == "" {
			t.Fatalf("untyped error: %#v", err)
		}
	})
}
