package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/store"
)

func TestSignInWorkSignOut(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.want("nobody yet", s.ask(http.MethodGet, "/console/session", ""), http.StatusUnauthorized, errorSession)
	begin := time.Now()
	got := s.redeem(s.code())
	if got.StatusCode != http.StatusOK || len(got.Cookies()) != 1 {
		t.Fatalf("%s %s", got.Status, got.body)
	}
	cookie := got.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/console/" || cookie.MaxAge != 3600 || cookie.Domain != "" || len(cookie.Value) != 43 {
		t.Errorf("the cookie is %s", got.Header.Get("Set-Cookie"))
	}
	var info sessionInfo
	if err := json.Unmarshal([]byte(got.body), &info); err != nil || info.ExpiresAt.Sub(begin).Round(time.Minute) != time.Hour {
		t.Errorf("%s: %v", got.body, err)
	}
	want := sessionInfo{Caller: caller, ExpiresAt: info.ExpiresAt, Region: "us-east-1", Account: "000000000000", Version: "v1", Engines: []engineInfo{{"valkey", "8.0.1"}}}
	if d := cmp.Diff(want, info); d != "" {
		t.Error(d)
	}

	pair := cookie.Name + "=" + cookie.Value
	if again := s.ask(http.MethodGet, "/console/session", "", "Cookie", pair); again.body != got.body {
		t.Errorf("later it is %s, was %s", again.body, got.body)
	}
	if got := s.callWith(pair); got.StatusCode != http.StatusOK || got.body != caller+" calls Action=X" {
		t.Errorf("the API answered %s %s", got.Status, got.body)
	}
	ca := s.ask(http.MethodGet, "/console/ca.pem", "", "Cookie", pair)
	if ca.StatusCode != http.StatusOK || ca.body != string(s.CA) || !strings.HasPrefix(ca.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the CA: %s %s", ca.Status, ca.body)
	}

	stream := s.follow(pair)
	out := s.ask(http.MethodDelete, "/console/session", "", "Cookie", pair)
	if out.StatusCode != http.StatusNoContent || len(out.Cookies()) != 1 || out.Cookies()[0].MaxAge != -1 || out.Cookies()[0].Path != "/console/" || out.Cookies()[0].Name != cookie.Name {
		t.Errorf("sign-out: %s %v", out.Status, out.Cookies())
	}
	s.wantEnd("a stream after its sign-out", stream, errSignedOut)
	s.want("after sign-out", s.callWith(pair), http.StatusUnauthorized, errorSession)
	s.want("sign-out once more", s.ask(http.MethodDelete, "/console/session", "", "Cookie", pair), http.StatusNoContent, "")
	if err := s.stored(pair); !errors.Is(err, store.ErrNoConsoleSession) {
		t.Errorf("the store has the session still: %v", err)
	}
	for _, action := range []string{"ConsoleSignIn", "ConsoleSignOut"} {
		select {
		case r := <-s.records:
			if r.Action != action || r.Caller != caller || r.Address == "" || r.At.IsZero() {
				t.Errorf("audit record %+v, want one of %s", r, action)
			}
		default:
			t.Errorf("%s is not in the audit log", action)
		}
	}
	if len(s.records) != 0 {
		t.Errorf("a record too many: %+v", <-s.records)
	}
}

func TestCodesThatAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	used := s.code()
	s.want("first use", s.redeem(used), http.StatusOK, "")
	s.want("second use", s.redeem(used), http.StatusForbidden, errorCode)
	s.want("no code", s.redeem(""), http.StatusForbidden, errorCode)
	s.want("wrong code", s.redeem(strings.Repeat("A", 43)), http.StatusForbidden, errorCode)
	old := s.code()
	for range codesMax {
		s.code()
	}
	s.want("code that too many others came after", s.redeem(old), http.StatusForbidden, errorCode)
	late, just := s.code(), s.code()
	s.advance(codeLifetime - time.Second)
	s.want("last moment", s.redeem(just), http.StatusOK, "")
	s.advance(time.Second)
	s.want("expired code", s.redeem(late), http.StatusForbidden, errorCode)
	former := s.code()
	s.former.Store(true)
	s.want("code of a former access key", s.redeem(former), http.StatusForbidden, errorCode)
}

func TestBodiesThatAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	code := s.code()
	body := `{"code":"` + code + `"}`
	post := func(body string, headers ...string) reply {
		return s.ask(http.MethodPost, "/console/session", body, headers...)
	}
	s.want("no content type", post(body), http.StatusUnsupportedMediaType, errorContentType)
	s.want("a form", post("code="+code, "Content-Type", formType), http.StatusUnsupportedMediaType, errorContentType)
	s.want("plain text, which needs no preflight", post(body, "Content-Type", "text/plain"), http.StatusUnsupportedMediaType, errorContentType)
	s.want("no JSON", post("code", "Content-Type", jsonType), http.StatusBadRequest, errorBody)
	s.want("too long", post(`{"x":"`+strings.Repeat("x", signInMax)+`","code":"`+code+`"}`, "Content-Type", jsonType), http.StatusBadRequest, errorBody)
	s.want("after all that", post(body, "Content-Type", jsonType), http.StatusOK, "")

	cookie := s.signIn()
	api := func(headers ...string) reply {
		return s.ask(http.MethodPost, "/console/api", "Action=X", append(headers, "Cookie", cookie)...)
	}
	s.want("API: no content type", api(), http.StatusUnsupportedMediaType, errorContentType)
	s.want("API: text", api("Content-Type", "text/plain"), http.StatusUnsupportedMediaType, errorContentType)
	s.want("API: GET", s.ask(http.MethodGet, "/console/api", "", "Cookie", cookie), http.StatusMethodNotAllowed, errorMethod)
	s.want("API: a form", api("Content-Type", formType), http.StatusOK, "")
	s.want("PUT session", s.ask(http.MethodPut, "/console/session", body, "Content-Type", jsonType), http.StatusMethodNotAllowed, errorMethod)
}

// TestRefusalsAreLimited: past the limit nothing is logged, and a good code is still taken.
func TestRefusalsAreLimited(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	tooMany := 0
	for range 3 * refusalsAtOnce {
		if s.redeem("wrong").StatusCode == http.StatusTooManyRequests {
			tooMany++
		}
	}
	lines := strings.Count(s.log.String(), "console sign-in refused")
	if tooMany == 0 || lines+tooMany != 3*refusalsAtOnce || lines < refusalsAtOnce {
		t.Errorf("%d refusals were logged and %d not", lines, tooMany)
	}
	s.want("a good code", s.redeem(s.code()), http.StatusOK, "")
	s.advance(refusalsAtOnce * time.Second)
	s.want("later", s.redeem("wrong"), http.StatusForbidden, errorCode)
}
