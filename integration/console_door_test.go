package integration

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/integration/harness"
)

// TestConsoleByAccessKey: the sign-in page signs CreateConsoleLink with a key that was typed in.
func TestConsoleByAccessKey(t *testing.T) {
	t.Parallel()
	s := harness.Start(t, "--listen", "0.0.0.0:0")
	b := newBrowser(t, s)
	const form = "Action=CreateConsoleLink&Version=2015-02-02"
	page := map[string]string{"Origin": s.URL, "Sec-Fetch-Site": "same-origin"}
	got := call{body: form, header: page}.get(t, s, b.client)
	_, code, found := strings.Cut(got, "#code=")
	if !found || !strings.Contains(got, "<Url>"+s.URL+"/console/sign-in#code=") {
		t.Fatal(got)
	}
	code, _, _ = strings.Cut(code, "<")
	if cookie := b.signIn(code); !cookie.Secure {
		t.Errorf("served by HTTPS, the cookie is %s", cookie.Raw)
	}
	b.call(describeAll, http.StatusOK, "")
	b.call(form, http.StatusForbidden, "AccessDeniedException")
	wrong := aws.Credentials{AccessKeyID: accessKey(t, s).AccessKeyID, SecretAccessKey: "wrong"}
	if got := (call{body: form, header: page, key: &wrong}).get(t, s, b.client); !strings.Contains(got, "SignatureDoesNotMatch") {
		t.Errorf("with a wrong secret: %s", got)
	}
}

// get makes the call with a client of its own and returns the body.
func (c call) get(t *testing.T, s *harness.Server, client *http.Client) string {
	t.Helper()
	response, err := client.Do(c.request(t, s))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDevLetsTheConsoleIn: its own page may sign in without a key, and no other page may.
func TestDevLetsTheConsoleIn(t *testing.T) {
	t.Parallel()
	s := harness.Start(t, "--dev")
	port, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	host := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.Host = name + ":" + port.Port() }
	}
	for name, c := range map[string]struct {
		origin, site string
		spoil        func(*http.Request)
		status       int
	}{
		"its page":                     {s.URL, "same-origin", nil, http.StatusOK},
		"its page by another name":     {"http://localhost:" + port.Port(), "same-origin", host("localhost"), http.StatusOK},
		"its page, but another's name": {"http://localhost:" + port.Port(), "same-origin", nil, http.StatusForbidden},
		"another port":                 {"http://127.0.0.1:1", "same-site", nil, http.StatusForbidden},
		"a rebound name":               {"http://example.com:" + port.Port(), "same-origin", host("example.com"), http.StatusForbidden},
		"a name that only looks local": {"http://127.0.0.1.example.com:" + port.Port(), "same-origin", host("127.0.0.1.example.com"), http.StatusForbidden},
		"another site":                 {"https://example.com", "cross-site", nil, http.StatusForbidden},
		"no origin":                    {"", "same-origin", nil, http.StatusForbidden},
		"a sandboxed page":             {"null", "cross-site", nil, http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			header := map[string]string{"Sec-Fetch-Site": c.site}
			if c.origin != "" {
				header["Origin"] = c.origin
			}
			call{body: "Action=CreateConsoleLink&Version=2015-02-02", key: &aws.Credentials{}, header: header, spoil: c.spoil}.check(t, s, c.status, "", "")
		})
	}
	b := newBrowser(t, s)
	b.signIn(b.link())
	b.call(describeAll, http.StatusOK, "")
}

// TestBrowserIsShownTheConsole: at the API's address; clients of the API see no difference.
func TestBrowserIsShownTheConsole(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	b := newBrowser(t, s)
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "text/html,application/xhtml+xml")
	response, err := b.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/console/" {
		t.Errorf("%s to %s", response.Status, response.Header.Get("Location"))
	}
	for name, c := range map[string]call{
		"a GET call":                          {method: http.MethodGet, path: "/?" + describeAll},
		"a GET call of one who may read HTML": {method: http.MethodGet, path: "/?" + describeAll, header: map[string]string{"Accept": "text/html"}},
	} {
		t.Run(name, func(t *testing.T) { c.check(t, s, http.StatusOK, "", "") })
	}
}
