package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

// signInMax is the largest body of a sign-in, in bytes; a code has 43.
const signInMax = 1 << 10

// signIn redeems a code for a session. A session that the browser had before is over.
func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	if !hasType(r, "application/json") {
		fail(w, http.StatusUnsupportedMediaType, errorContentType)
		return
	}
	var body struct{ Code string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, signInMax)).Decode(&body); err != nil {
		fail(w, http.StatusBadRequest, errorBody)
		return
	}
	code, ok := c.Codes.redeem(body.Code)
	if !ok || !c.Accepts(code.caller) {
		c.refuseCode(w, r)
		return
	}
	id, session, err := c.begin(r.Context(), code.caller)
	if err == nil {
		_, err = c.endAll(r)
	}
	if err != nil && !errors.Is(err, errNoSession) {
		c.Codes.putBack(code) // nobody was told the id, so that nobody is signed in
		c.refuse(w, r, err)
		return
	}
	c.record(r, "ConsoleSignIn", code.caller)
	c.setCookie(w, r, id, c.Lifetime)
	answer(w, http.StatusOK, c.describe(session))
}

// endAll ends every session of a request, and returns those that it ended. Errors are those of
// sessions and end.
func (c *Console) endAll(r *http.Request) (ended []store.ConsoleSession, err error) {
	sessions, err := c.sessions(r)
	if err != nil {
		return nil, err
	}
	for i, session := range sessions {
		if err := c.end(r.Context(), session); err != nil {
			return sessions[:i], err
		}
	}
	return sessions, nil
}

// refuseCode says the same of a code that is wrong, used or expired. Past a few refusals a second it
// writes no log any more, for nobody guesses 256 bits, but anybody can fill a log.
func (c *Console) refuseCode(w http.ResponseWriter, r *http.Request) {
	if !c.refused.allow(c.Now()) {
		fail(w, http.StatusTooManyRequests, errorTooManyTries)
		return
	}
	c.Logger.Warn("console sign-in refused", "address", r.RemoteAddr)
	fail(w, http.StatusForbidden, errorCode)
}

// showSession tells a page who it is signed in as.
func (c *Console) showSession(w http.ResponseWriter, r *http.Request) {
	session, err := c.session(r)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, c.describe(session))
}

// signOut ends the session, if there is one, and takes the cookie away.
func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	ended, err := c.endAll(r)
	for _, session := range ended {
		c.record(r, "ConsoleSignOut", session.Caller)
	}
	if err != nil && !errors.Is(err, errNoSession) {
		c.refuse(w, r, err)
		return
	}
	c.setCookie(w, r, "", 0)
	w.WriteHeader(http.StatusNoContent)
}

// setCookie gives the browser the id of a session; a lifetime of 0 takes it away.
func (c *Console) setCookie(w http.ResponseWriter, r *http.Request, id string, lifetime time.Duration) {
	cookie := http.Cookie{ //nolint:gosec // plain HTTP is for loopback, where not all browsers keep what is Secure
		Name: c.Cookie, Value: id, Path: Path, MaxAge: int(lifetime.Seconds()),
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	}
	if lifetime == 0 {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, &cookie)
}

func (c *Console) record(r *http.Request, action, caller string) {
	c.Audit(Record{At: c.Now(), Caller: caller, Address: r.RemoteAddr, Action: action})
}

// sessionInfo is what a page is told.
type sessionInfo struct {
	Caller    string       `json:"caller"` // access key id
	ExpiresAt time.Time    `json:"expiresAt"`
	Region    string       `json:"region"`
	Account   string       `json:"account"`
	Version   string       `json:"version"`
	Engines   []engineInfo `json:"engines"`
}

type engineInfo struct {
	Engine  cache.Engine `json:"engine"`
	Version string       `json:"version"`
}

func (c *Console) describe(session store.ConsoleSession) sessionInfo {
	info := sessionInfo{
		Caller: session.Caller, ExpiresAt: session.ExpiresAt.UTC(),
		Region: c.Info.Region, Account: c.Info.Account, Version: c.Info.Version, Engines: []engineInfo{},
	}
	for _, e := range c.Info.Engines {
		info.Engines = append(info.Engines, engineInfo{e.Engine, e.Version})
	}
	return info
}
