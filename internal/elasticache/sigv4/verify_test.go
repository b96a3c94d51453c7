package sigv4_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/sigv4"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	for _, service := range []string{"elasticache", "sts"} {
		got, err := verifier().Verify(signed(t, signing{service: service}), []byte(form), noon)
		want := sigv4.Identity{AccessKeyID: accessKeyID, Region: region, Service: service}
		if err != nil || got != want {
			t.Errorf("got %+v and %v, want %+v", got, err, want)
		}
	}
}

// tampering changes one thing in a request that was correctly signed.
type tampering struct {
	name   string
	tamper func(*http.Request)
	code   string
}

func setHeader(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func replaceIn(name, old, with string) func(*http.Request) {
	return func(r *http.Request) {
		before := r.Header.Get(name)
		r.Header.Set(name, strings.Replace(before, old, with, 1))
		if r.Header.Get(name) == before {
			panic("nothing to replace: " + old)
		}
	}
}

func checkTampered(t *testing.T, cases []tampering) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := signed(t, signing{})
			if _, err := verifier().Verify(r, []byte(form), noon); err != nil {
				t.Fatalf("before: %v", err)
			}
			c.tamper(r)
			id, err := verifier().Verify(r, []byte(form), noon)
			checkRefused(t, id, err, c.code)
		})
	}
}

func TestVerifyTamperedAuthorization(t *testing.T) {
	t.Parallel()
	const auth = "Authorization"
	checkTampered(t, []tampering{
		{"no header", func(r *http.Request) { r.Header.Del(auth) }, "MissingAuthenticationToken"},
		{"empty header", setHeader(auth, ""), "MissingAuthenticationToken"},
		{"two headers", func(r *http.Request) { r.Header.Add(auth, r.Header.Get(auth)) }, "IncompleteSignature"},
		{"other scheme", setHeader(auth, "Basic dXNlcjpwYXNz"), "IncompleteSignature"},
		{"other algorithm", replaceIn(auth, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), "IncompleteSignature"},
		{"algorithm only", setHeader(auth, "AWS4-HMAC-SHA256"), "IncompleteSignature"},
		{"no signature", replaceIn(auth, ", Signature=", ", Sig="), "IncompleteSignature"},
		{"empty signature", replaceIn(auth, "Signature=", "Signature=, X="), "IncompleteSignature"},
		{"no credential", replaceIn(auth, "Credential=", "Credentials="), "IncompleteSignature"},
		{"repeated field", replaceIn(auth, "SignedHeaders=", "Credential=a, SignedHeaders="), "IncompleteSignature"},
		{"short scope", replaceIn(auth, "/"+region, ""), "IncompleteSignature"},
		{"empty region", replaceIn(auth, region, ""), "IncompleteSignature"},
		{"other terminator", replaceIn(auth, "aws4_request", "aws5_request"), "SignatureDoesNotMatch"},
		{"other region", replaceIn(auth, region, "us-east-1"), "SignatureDoesNotMatch"},
		{"other allowed service", replaceIn(auth, "elasticache", "sts"), "SignatureDoesNotMatch"},
		{"other service", replaceIn(auth, "elasticache", "s3"), "SignatureDoesNotMatch"},
		{"other day", replaceIn(auth, "20240229", "20240228"), "SignatureDoesNotMatch"},
		{"other access key", replaceIn(auth, accessKeyID, "AKIDOTHER"), "InvalidClientTokenId"},
		{"other signature", replaceIn(auth, "Signature=", "Signature=0"), "SignatureDoesNotMatch"},
		{"host not signed", replaceIn(auth, "host;", ""), "SignatureDoesNotMatch"},
		{"date not signed", replaceIn(auth, ";x-amz-date", ""), "SignatureDoesNotMatch"},
		{"content type not signed", replaceIn(auth, "content-type;", ""), "SignatureDoesNotMatch"},
		{"header order", replaceIn(auth, "host;x-amz-date", "x-amz-date;host"), "IncompleteSignature"},
		{"header case", replaceIn(auth, "host", "Host"), "IncompleteSignature"},
		{"absent header signed", replaceIn(auth, "host;", "host;x-absent;"), "SignatureDoesNotMatch"},
	})
}

func TestVerifyTamperedRequest(t *testing.T) {
	t.Parallel()
	checkTampered(t, []tampering{
		{"method", func(r *http.Request) { r.Method = http.MethodPut }, "SignatureDoesNotMatch"},
		{"path", func(r *http.Request) { r.URL.Path = "/other" }, "SignatureDoesNotMatch"},
		{"query", func(r *http.Request) { r.URL.RawQuery = "Action=DeleteUser" }, "SignatureDoesNotMatch"},
		{"broken query", func(r *http.Request) { r.URL.RawQuery = "a=%zz" }, "MalformedQueryString"},
		{"host", func(r *http.Request) { r.Host = "127.0.0.1:6381" }, "SignatureDoesNotMatch"},
		{"signed header", setHeader("Content-Type", "application/json"), "SignatureDoesNotMatch"},
		{"second value", func(r *http.Request) { r.Header.Add("Content-Type", "x") }, "SignatureDoesNotMatch"},
		{"new x-amz header", setHeader("X-Amz-Target", "x"), "SignatureDoesNotMatch"},
		{"token not signed", setHeader("X-Amz-Security-Token", "x"), "SignatureDoesNotMatch"},
		{"date", setHeader("X-Amz-Date", "20240229T120001Z"), "SignatureDoesNotMatch"},
		{"two dates", func(r *http.Request) { r.Header.Add("X-Amz-Date", "20240229T120000Z") }, "IncompleteSignature"},
		{"unreadable date", setHeader("X-Amz-Date", "2024-02-29T12:00:00Z"), "IncompleteSignature"},
		{"no date", func(r *http.Request) { r.Header.Del("X-Amz-Date") }, "IncompleteSignature"},
		{"unsigned Date", func(r *http.Request) {
			r.Header.Del("X-Amz-Date")
			r.Header.Set("Date", noon.Format(http.TimeFormat))
		}, "IncompleteSignature"},
	})
}

var statuses = map[string]int{
	"MissingAuthenticationToken": 403,
	"IncompleteSignature":        400,
	"InvalidClientTokenId":       403,
	"SignatureDoesNotMatch":      403,
	"RequestExpired":             400,
	"MalformedQueryString":       404,
}

func checkRefused(t *testing.T, id sigv4.Identity, err error, code string) {
	t.Helper()
	var e *sigv4.Error
	if !errors.As(err, &e) || e.Code != code || e.HTTPStatus != statuses[code] || e.Message == "" {
		t.Errorf("got %#v, want %s", err, code)
	}
	if id != (sigv4.Identity{}) {
		t.Errorf("refused, but identity is %+v", id)
	}
}

func TestVerifyBody(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", form + "&", form[1:], strings.ReplaceAll(form, "DescribeEvents", "DescribeUsers")} {
		id, err := verifier().Verify(signed(t, signing{}), []byte(body), noon)
		checkRefused(t, id, err, "SignatureDoesNotMatch")
	}
}

func TestVerifySkew(t *testing.T) {
	t.Parallel()
	r := signed(t, signing{})
	for _, skew := range []time.Duration{0, -sigv4.MaxSkew, sigv4.MaxSkew} {
		if _, err := verifier().Verify(r, []byte(form), noon.Add(skew)); err != nil {
			t.Errorf("%s: %v", skew, err)
		}
	}
	for _, skew := range []time.Duration{-sigv4.MaxSkew - 1, sigv4.MaxSkew + 1, 1e6 * time.Hour, -1e6 * time.Hour} {
		id, err := verifier().Verify(r, []byte(form), noon.Add(skew))
		checkRefused(t, id, err, "RequestExpired")
	}
}

// TestVerifyMidnight: the scope's day is that of the request, not that of the
// moment it arrives.
func TestVerifyMidnight(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 12, 31, 23, 59, 59, 0, time.UTC)
	if _, err := verifier().Verify(signed(t, signing{at: at}), []byte(form), at.Add(2*time.Second)); err != nil {
		t.Error(err)
	}
}

func TestVerifySessionToken(t *testing.T) {
	t.Parallel()
	temporary := verifier()
	temporary.Lookup = func(string) (sigv4.Credential, bool) {
		return sigv4.Credential{SecretAccessKey: secret, SessionToken: "token-1"}, true
	}
	if _, err := temporary.Verify(signed(t, signing{token: "token-1"}), []byte(form), noon); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		v     *sigv4.Verifier
		token string
	}{
		"token with a permanent key": {verifier(), "token-1"},
		"wrong token":                {temporary, "token-2"},
		"no token":                   {temporary, ""},
	} {
		id, err := c.v.Verify(signed(t, signing{token: c.token}), []byte(form), noon)
		t.Log(name)
		checkRefused(t, id, err, "InvalidClientTokenId")
	}
}

func TestVerifyWrongCredential(t *testing.T) {
	t.Parallel()
	id, err := verifier().Verify(signed(t, signing{secret: "wrong"}), []byte(form), noon)
	checkRefused(t, id, err, "SignatureDoesNotMatch")
	id, err = verifier().Verify(signed(t, signing{accessKeyID: "AKIDOTHER"}), []byte(form), noon)
	checkRefused(t, id, err, "InvalidClientTokenId")

	empty := verifier()
	empty.Lookup = func(string) (sigv4.Credential, bool) { return sigv4.Credential{}, true }
	id, err = empty.Verify(signed(t, signing{}), []byte(form), noon)
	checkRefused(t, id, err, "InvalidClientTokenId")
}

func TestSecretIsMasked(t *testing.T) {
	t.Parallel()
	credential := sigv4.Credential{SecretAccessKey: secret, SessionToken: secret}
	text, err := json.Marshal(credential)
	if err != nil {
		t.Fatal(err)
	}
	text = fmt.Appendf(text, "%v %+v %#v %s %q %x", credential, credential, credential, credential, credential, credential)
	if strings.Contains(string(text), secret) || strings.Contains(string(text), fmt.Sprintf("%x", secret)) {
		t.Errorf("secret in %s", text)
	}
}
