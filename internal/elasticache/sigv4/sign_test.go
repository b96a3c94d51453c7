package sigv4_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/aikagi/aikagi/internal/elasticache/sigv4"
)

const (
	accessKeyID = "AKIDEXAMPLE"
	secret      = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	region      = "eu-central-1"
	form        = "Action=DescribeEvents&Version=2015-02-02"
)

var noon = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)

func verifier() *sigv4.Verifier {
	return &sigv4.Verifier{
		Services: []string{"elasticache", "sts"},
		Lookup: func(id string) (sigv4.Credential, bool) {
			if id == accessKeyID {
				return sigv4.Credential{SecretAccessKey: secret}, true
			}
			return sigv4.Credential{}, false
		},
	}
}

// signing says how a test request is signed; its zero value is correct.
type signing struct {
	accessKeyID, secret, token, service string
	at                                  time.Time
}

// sign lets the SDK sign a request.
func (s signing) sign(tb fataler, r *http.Request, body []byte) {
	tb.Helper()
	credentials := aws.Credentials{AccessKeyID: accessKeyID, SecretAccessKey: secret, SessionToken: s.token}
	if s.accessKeyID != "" {
		credentials.AccessKeyID = s.accessKeyID
	}
	if s.secret != "" {
		credentials.SecretAccessKey = s.secret
	}
	if s.service == "" {
		s.service = "elasticache"
	}
	if s.at.IsZero() {
		s.at = noon
	}
	sum := sha256.Sum256(body)
	err := v4.NewSigner().SignHTTP(context.Background(), credentials, r, hex.EncodeToString(sum[:]), s.service, region, s.at)
	if err != nil {
		tb.Fatalf("sign: %v", err)
	}
}

// fataler is what testing.TB and rapid.T have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func newRequest(tb fataler, target, body string) *http.Request {
	tb.Helper()
	r, err := http.NewRequest(http.MethodPost, target, bytes.NewReader([]byte(body)))
	if err != nil {
		tb.Fatalf("new request: %v", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

// received is the request as a server gets it.
func received(tb fataler, r *http.Request) *http.Request {
	tb.Helper()
	var wire bytes.Buffer
	if err := r.Write(&wire); err != nil {
		tb.Fatalf("write request: %v", err)
	}
	got, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		tb.Fatalf("read request: %v", err)
	}
	return got
}

// signed is a correct request as a server gets it, if s is.
func signed(t *testing.T, s signing) *http.Request {
	t.Helper()
	r := newRequest(t, "http://127.0.0.1:6380/", form)
	s.sign(t, r, []byte(form))
	return received(t, r)
}
