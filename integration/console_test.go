package integration

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
)

// browser is what the console's page can do, without the page.
type browser struct {
	*testing.T
	s      *harness.Server
	client *http.Client
	cookie string // name=value
}

func newBrowser(t *testing.T, s *harness.Server) *browser {
	t.Helper()
	transport := &http.Transport{}
	if strings.HasPrefix(s.URL, "https:") {
		transport.TLSClientConfig = &tls.Config{RootCAs: s.CA(), MinVersion: tls.VersionTLS12}
		transport.ForceAttemptHTTP2 = true
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &browser{T: t, s: s, client: &http.Client{Transport: transport}}
}

// send sends a request as the console's page does; the caller closes the answer's body.
func (b *browser) send(method, path, mediaType, body string) *http.Response {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), method, b.s.URL+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": mediaType, "Cookie": b.cookie, "Origin": b.s.URL, "Sec-Fetch-Site": "same-origin"} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	return response
}

func (b *browser) ask(method, path, mediaType, body string) (*http.Response, string) {
	b.Helper()
	response := b.send(method, path, mediaType, body)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.Fatal(err)
	}
	return response, string(text)
}

// call is a call of the API by the signed-in page.
func (b *browser) call(form string, status int, want string) {
	b.Helper()
	if response, body := b.ask(http.MethodPost, "/console/api", "application/x-www-form-urlencoded", form); response.StatusCode != status || !strings.Contains(body, want) {
		b.Errorf("%s: %s %s; want %d %s", form, response.Status, body, status, want)
	}
}

// link has the command line make a link, and returns its code.
func (b *browser) link() (code string) {
	b.Helper()
	out, err := b.s.Aikagi("console", "--output", "json")
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	var link struct {
		URL       string
		ExpiresAt time.Time `json:"expires_at"`
	}
	if err := json.Unmarshal([]byte(out), &link); err != nil {
		b.Fatal(err)
	}
	base, code, found := strings.Cut(link.URL, "#code=")
	if !found || base != b.s.URL+"/console/sign-in" || time.Until(link.ExpiresAt) > 10*time.Minute {
		b.Fatalf("the link is %s", out)
	}
	return code
}

func (b *browser) signIn(code string) *http.Cookie {
	b.Helper()
	response, body := b.ask(http.MethodPost, "/console/session", "application/json", `{"code":"`+code+`"}`)
	if response.StatusCode != http.StatusOK || len(response.Cookies()) != 1 {
		b.Fatalf("sign-in: %s %s", response.Status, body)
	}
	cookie := response.Cookies()[0]
	b.cookie = cookie.Name + "=" + cookie.Value
	return cookie
}

// stream opens the stream of events and returns it when it has begun.
func (b *browser) stream() *http.Response {
	b.Helper()
	response := b.send(http.MethodGet, "/console/stream", "", "")
	b.Cleanup(func() { response.Body.Close() })
	if line, err := bufio.NewReader(response.Body).ReadString('\n'); err != nil || response.StatusCode != http.StatusOK {
		b.Fatalf("stream: %s %q %v", response.Status, line, err)
	}
	return response
}

// awaitEnd reads a stream to its end, which the test's deadline bounds.
func (b *browser) awaitEnd(stream *http.Response) {
	b.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, stream.Body) // however it ends
	}()
	select {
	case <-ended:
	case <-time.After(harness.Patience):
		b.Error("the stream goes on")
	}
}

const (
	describeAll  = "Action=DescribeReplicationGroups&Version=2015-02-02"
	testFailover = "Action=TestFailover&Version=2015-02-02&ReplicationGroupId=none&NodeGroupId=0001"
	noSession    = `{"error":"session"}`
)

// TestConsole signs in with a link of the command line, works, outlives restarts of the server,
// and signs out. Nothing secret comes to lie in a log.
func TestConsole(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	b := newBrowser(t, s)
	b.call(describeAll, http.StatusUnauthorized, noSession)
	code := b.link()
	cookie := b.signIn(code)
	if cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode {
		t.Errorf("the cookie is %s", cookie.Raw)
	}
	b.call(describeAll, http.StatusOK, "<DescribeReplicationGroupsResult>")
	b.call(testFailover, http.StatusNotFound, "ReplicationGroupNotFoundFault")

	stream := b.stream()
	s.Stop()
	b.awaitEnd(stream)
	if out := s.Output(); strings.Contains(out, "finish running requests") || strings.Contains(out, "#code=") {
		t.Errorf("the server printed\n%s", out)
	}
	printed := s.Output()
	s.Start()
	b.call(describeAll, http.StatusOK, "")
	s.Kill()
	s.Start()
	b.call(describeAll, http.StatusOK, "")

	stream = b.stream()
	if response, body := b.ask(http.MethodDelete, "/console/session", "", ""); response.StatusCode != http.StatusNoContent {
		t.Errorf("sign-out: %s %s", response.Status, body)
	}
	b.awaitEnd(stream)
	b.call(describeAll, http.StatusUnauthorized, noSession)

	audit, err := os.ReadFile(filepath.Join(s.Dir, "audit.log"))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"CreateConsoleLink ", "ConsoleSignIn console", "TestFailover console", "ConsoleSignOut console"}; !auditHas(t, string(audit), want) {
		t.Errorf("audit log, want %q:\n%s", want, audit)
	}
	for what, text := range map[string]string{"output": printed + s.Output(), "audit log": string(audit)} {
		if strings.Contains(text, code) || strings.Contains(text, cookie.Value) {
			t.Errorf("a secret is in the %s", what)
		}
	}
}

// auditHas compares each line's action and way.
func auditHas(t *testing.T, log string, want []string) bool {
	t.Helper()
	var got []string
	for line := range strings.Lines(log) {
		var record struct{ Action, Via, Caller, Address string }
		if err := json.Unmarshal([]byte(line), &record); err != nil || !strings.HasPrefix(record.Caller, "AKIA") || record.Address == "" {
			t.Errorf("%q: %v", line, err)
		}
		got = append(got, record.Action+" "+record.Via)
	}
	return strings.Join(got, "\n") == strings.Join(want, "\n")
}

// TestConsoleSessionEnds: by its time, and with the access key that it was begun with.
func TestConsoleSessionEnds(t *testing.T) {
	t.Parallel()
	brief := harness.Start(t, "--console-session", "1s")
	b := newBrowser(t, brief)
	b.signIn(b.link())
	b.awaitEnd(b.stream())
	b.call(describeAll, http.StatusUnauthorized, noSession)

	s := harness.Start(t)
	b = newBrowser(t, s)
	b.signIn(b.link())
	b.call(describeAll, http.StatusOK, "")
	s.Stop()
	if err := os.Remove(filepath.Join(s.Dir, "credentials")); err != nil {
		t.Fatal(err)
	}
	s.Start()
	b.call(describeAll, http.StatusUnauthorized, noSession)
}
