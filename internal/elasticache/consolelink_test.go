package elasticache

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/sigv4"
)

// post sends a form, unsigned, to a host that may be called something else.
func (f *face) post(handlerURL, host string, form url.Values) (status int, body string) {
	f.t.Helper()
	request, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, handlerURL, strings.NewReader(form.Encode()))
	if err != nil {
		f.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Host = host
	response, err := f.http.Do(request)
	if err != nil {
		f.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func elasticacheForm(action string) url.Values {
	return url.Values{"Action": {action}, "Version": {versionElastiCache}}
}

func TestCreateConsoleLink(t *testing.T) {
	t.Parallel()
	var records []Record
	f := newFace(t, func(o *Options) {
		o.ConsoleLink = func(base, caller string) (string, time.Time) {
			return base + "/console/sign-in#code=secret-of-" + caller, time.Date(2026, 5, 4, 12, 10, 0, 0, time.UTC)
		}
		o.Audit = func(r Record) { records = append(records, r) }
	})
	status, body := f.post(f.url, "forwarded.example:8443", elasticacheForm("CreateConsoleLink"))
	if status != http.StatusOK || !strings.Contains(body, "<Url>http://forwarded.example:8443/console/sign-in#code=secret-of-anonymous</Url>") ||
		!strings.Contains(body, "<ExpiresAt>2026-05-04T12:10:00.000Z</ExpiresAt>") {
		t.Errorf("%d %s", status, body)
	}
	if len(records) != 1 || records[0].Action != "CreateConsoleLink" || records[0].Result != "ok" || records[0].Via != "" || records[0].Resource != "" {
		t.Errorf("audit: %+v", records)
	}
	none := newFace(t)
	if status, body := none.post(none.url, "", elasticacheForm("CreateConsoleLink")); status != http.StatusNotImplemented {
		t.Errorf("without a console: %d %s", status, body)
	}
}

// TestAs: whoever was recognized otherwise need not sign, may use both services, and is audited. The
// API itself refuses the same requests.
func TestAs(t *testing.T) {
	t.Parallel()
	var records []Record
	var api *API
	f := newFace(t, func(o *Options) {
		o.AnyCaller, o.Lookup = false, func(string) (sigv4.Credential, bool) { return sigv4.Credential{}, false }
		o.ConsoleLink = func(string, string) (string, time.Time) {
			t.Error("a session got a link")
			return "", time.Time{}
		}
		o.Audit = func(r Record) { records = append(records, r) }
		api = New(*o)
	})
	server := httptest.NewServer(api.As("AKIAIOSFODNN7EXAMPLE", "console"))
	t.Cleanup(server.Close)
	for _, c := range []struct {
		form   url.Values
		status int
		want   string
	}{
		{elasticacheForm("DescribeReplicationGroups"), http.StatusOK, "DescribeReplicationGroupsResult"},
		{url.Values{"Action": {"GetCallerIdentity"}, "Version": {versionSTS}}, http.StatusOK, "<UserId>AKIAIOSFODNN7EXAMPLE</UserId>"},
		{elasticacheForm("CreateConsoleLink"), http.StatusForbidden, "<Code>AccessDeniedException</Code>"},
		{elasticacheForm("TestFailover"), http.StatusBadRequest, "MissingParameter"},
	} {
		if status, body := f.post(server.URL, "", c.form); status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%v: %d %s", c.form, status, body)
		}
		if status, body := f.post(f.url, "", c.form); status != http.StatusForbidden || !strings.Contains(body, "MissingAuthenticationToken") {
			t.Errorf("%v, unsigned and by no other means: %d %s", c.form, status, body)
		}
	}
	if len(records) != 2 {
		t.Fatalf("audit: %+v", records)
	}
	for i, want := range []Record{{Action: "CreateConsoleLink", Result: "AccessDeniedException"}, {Action: "TestFailover", Result: "MissingParameter"}} {
		r := records[i]
		if r.Action != want.Action || r.Result != want.Result || r.Via != "console" || r.Caller != "AKIAIOSFODNN7EXAMPLE" {
			t.Errorf("audit: %+v", r)
		}
	}
}
