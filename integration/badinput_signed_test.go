package integration

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/datadir"
)

// call is a request that no SDK would send. It is signed with the server's access key
// unless it says otherwise.
type call struct {
	method  string // empty: POST
	path    string
	body    string
	header  map[string]string
	service string        // empty: elasticache
	age     time.Duration // of the signature
	key     *aws.Credentials
	spoil   func(*http.Request) // changes what was signed
}

// refusal is what the API answers to it.
type refusal struct {
	status  int
	Code    string `xml:"Error>Code"`
	Message string `xml:"Error>Message"`
	Type    string `xml:"Error>Type"`
	ID      string `xml:"RequestId"`
}

func accessKey(t *testing.T, s *harness.Server) aws.Credentials {
	t.Helper()
	key, err := datadir.ReadAccessKey(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	return aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Reveal()}
}

// request makes the call; one with an empty key stays unsigned.
func (c call) request(t *testing.T, s *harness.Server) *http.Request {
	t.Helper()
	method, service := c.method, c.service
	if method == "" {
		method = http.MethodPost
	}
	if service == "" {
		service = "elasticache"
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	key := accessKey(t, s)
	if c.key != nil {
		key = *c.key
	}
	sum := sha256.Sum256([]byte(c.body))
	if key.HasKeys() {
		if err := v4.NewSigner().SignHTTP(t.Context(), key, r, hex.EncodeToString(sum[:]), service, "us-east-1", time.Now().Add(-c.age)); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	if c.spoil != nil {
		c.spoil(r)
	}
	return r
}

func (c call) send(t *testing.T, s *harness.Server) refusal {
	t.Helper()
	response, err := harness.HTTP.Transport.RoundTrip(c.request(t, s))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	r := refusal{status: response.StatusCode}
	if xml.Unmarshal(text, &r) != nil {
		r.Message = string(text)
	}
	return r
}

// check sends the call and compares the answer.
func (c call) check(t *testing.T, s *harness.Server, status int, code, message string) {
	t.Helper()
	got := c.send(t, s)
	if got.status != status || got.Code != code || !strings.Contains(got.Message, message) {
		t.Errorf("answer: %d %s: %s; want %d %s: %s", got.status, got.Code, got.Message, status, code, message)
	}
	if got.Code != "" && (got.ID == "" || got.Type == "") {
		t.Errorf("the answer lacks a request id or a type: %+v", got)
	}
}

const describeGroups = "Action=DescribeReplicationGroups&Version=2015-02-02"

func TestSignatures(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	key := accessKey(t, s)
	otherSecret, otherID := key, key
	otherSecret.SecretAccessKey = strings.Repeat("x", 40)
	otherID.AccessKeyID = "AKIAABCDEFGHIJKLMNOP"
	session := key
	session.SessionToken = "a session that nobody began"
	replaceBody := func(r *http.Request) {
		body := strings.Replace(describeGroups, "Describe", "describe", 1)
		r.Body = io.NopCloser(strings.NewReader(body))
	}
	for name, c := range map[string]struct {
		call
		status int
		code   string
	}{
		"right":                   {call{}, http.StatusOK, ""},
		"unsigned":                {call{key: &aws.Credentials{}}, http.StatusForbidden, "MissingAuthenticationToken"},
		"signed 14 minutes ago":   {call{age: 14 * time.Minute}, http.StatusOK, ""},
		"signed 16 minutes ago":   {call{age: 16 * time.Minute}, http.StatusBadRequest, "RequestExpired"},
		"signed in the future":    {call{age: -16 * time.Minute}, http.StatusBadRequest, "RequestExpired"},
		"wrong secret":            {call{key: &otherSecret}, http.StatusForbidden, "SignatureDoesNotMatch"},
		"wrong key id":            {call{key: &otherID}, http.StatusForbidden, "InvalidClientTokenId"},
		"unknown session":         {call{key: &session}, http.StatusForbidden, "InvalidClientTokenId"},
		"tampered body":           {call{spoil: replaceBody}, http.StatusForbidden, "SignatureDoesNotMatch"},
		"tampered query":          {call{spoil: func(r *http.Request) { r.URL.RawQuery = "a=b" }}, http.StatusForbidden, "SignatureDoesNotMatch"},
		"unsigned x-amz- header":  {call{header: map[string]string{"X-Amz-Target": "x"}}, http.StatusForbidden, "SignatureDoesNotMatch"},
		"another host":            {call{spoil: func(r *http.Request) { r.Host = "elasticache.us-east-1.amazonaws.com" }}, http.StatusForbidden, "SignatureDoesNotMatch"},
		"another service":         {call{service: "s3"}, http.StatusForbidden, "SignatureDoesNotMatch"},
		"the other service":       {call{service: "sts"}, http.StatusForbidden, "SignatureDoesNotMatch"},
		"not a signature":         {call{header: map[string]string{"Authorization": "Basic YTpi"}}, http.StatusBadRequest, "IncompleteSignature"},
		"half a signature":        {call{header: map[string]string{"Authorization": "AWS4-HMAC-SHA256 Credential=" + key.AccessKeyID}}, http.StatusBadRequest, "IncompleteSignature"},
		"tampered time":           {call{header: map[string]string{"X-Amz-Date": time.Now().UTC().Add(-time.Minute).Format("20060102T150405Z")}}, http.StatusForbidden, "SignatureDoesNotMatch"},
		"a query that is signed":  {call{method: http.MethodGet, path: "/?" + describeGroups}, http.StatusOK, ""},
		"a query that is not":     {call{method: http.MethodGet, path: "/?" + describeGroups, key: &aws.Credentials{}}, http.StatusForbidden, "MissingAuthenticationToken"},
		"a method that is wrong":  {call{method: http.MethodPut}, http.StatusNotFound, "MalformedQueryString"},
		"a path that is not here": {call{path: "/elasticache"}, http.StatusNotFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if c.method == "" {
				c.body = describeGroups
			}
			c.check(t, s, c.status, c.code, "")
		})
	}
}
