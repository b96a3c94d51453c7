package sigv4

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestVerifyIncompletelySigned signs requests correctly but leaves out what must
// not be left out. No SDK would do that, so the signature is made here.
func TestVerifyIncompletelySigned(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	v := &Verifier{
		Services: []string{"elasticache"},
		Lookup:   func(string) (Credential, bool) { return Credential{SecretAccessKey: "s"}, true },
	}
	for signed, code := range map[string]string{
		"date;host;x-amz-date;x-amz-target": "",
		"host;x-amz-date;x-amz-target":      "",
		"x-amz-date;x-amz-target":           "SignatureDoesNotMatch",
		"host;x-amz-target":                 "SignatureDoesNotMatch",
		"host;x-amz-date":                   "SignatureDoesNotMatch",
		"date;host":                         "SignatureDoesNotMatch",
	} {
		r := &http.Request{Method: http.MethodPost, URL: &url.URL{Path: "/"}, Host: "h", Header: http.Header{}}
		r.Header.Set("X-Amz-Date", basic(at))
		r.Header.Set("Date", at.Format(http.TimeFormat))
		r.Header.Set("X-Amz-Target", "t")
		selfSign(t, r, strings.Split(signed, ";"), "s", at, at.Format(dayFormat))
		_, err := v.Verify(r, nil, at)
		var e *Error
		if errors.As(err, &e); (code == "") != (err == nil) || (e != nil && e.Code != code) {
			t.Errorf("%s: got %v, want %q", signed, err, code)
		}
		if e != nil && e.Message == wrongSignature {
			t.Errorf("%s: refused for its signature, not for what it leaves out", signed)
		}
	}
}

// TestVerifyOtherDay signs with the key of the day before, correctly.
func TestVerifyOtherDay(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 3, 1, 0, 0, 1, 0, time.UTC)
	v := &Verifier{
		Services: []string{"elasticache"},
		Lookup:   func(string) (Credential, bool) { return Credential{SecretAccessKey: "s"}, true },
	}
	for day, ok := range map[string]bool{"20240301": true, "20240229": false} {
		r := &http.Request{Method: http.MethodPost, URL: &url.URL{Path: "/"}, Host: "h", Header: http.Header{}}
		r.Header.Set("X-Amz-Date", basic(at))
		selfSign(t, r, []string{"host", "x-amz-date"}, "s", at, day)
		if _, err := v.Verify(r, nil, at); (err == nil) != ok {
			t.Errorf("%s: got %v", day, err)
		}
	}
}

func selfSign(t *testing.T, r *http.Request, signed []string, secret Secret, at time.Time, day string) {
	t.Helper()
	s := scope{date: day, region: "r", service: "elasticache"}
	request, err := canonicalRequest(r, signed, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", algorithm+" Credential=AKID/"+s.String()+", SignedHeaders="+strings.Join(signed, ";")+
		", Signature="+signature(secret, s, stringToSign(at, s, request)))
}
