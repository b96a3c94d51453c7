package console

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/aikagi/aikagi/internal/intake"
	"github.com/aikagi/aikagi/internal/store"
)

// errNoSession: a request has no session that counts, for whichever reason.
var errNoSession = errors.New("nobody is signed in")

// Why the context of [Console.whileSignedIn] ended, besides that the client went away.
var (
	errSignedOut = errors.New("signed out")
	errExpired   = errors.New("session has expired")
	errShutdown  = errors.New("server is shutting down")
)

// CookieName is the name of the session's cookie. Browsers share cookies between the ports of a
// host, so it differs from one data directory to the next: two of them on one host must not
// sign each other out.
func CookieName(masterKey []byte) string {
	mac := hmac.New(sha256.New, masterKey)
	mac.Write([]byte("console cookie"))
	return "aikagi-session-" + hex.EncodeToString(mac.Sum(nil)[:4])
}

// session returns who is signed in. Errors: [errNoSession], or that the store cannot tell.
func (c *Console) session(r *http.Request) (store.ConsoleSession, error) {
	sessions, err := c.sessions(r)
	if err != nil {
		return store.ConsoleSession{}, err
	}
	intake.Keep(r.Context())
	return sessions[0], nil
}

// sessions returns those of a request's sessions that count, at least one. A page of another port of
// this host may have added a cookie of the same name, and have it sent first. Errors are those of session.
func (c *Console) sessions(r *http.Request) (counting []store.ConsoleSession, err error) {
	for _, digest := range c.claimed(r) {
		session, err := c.lookUp(r.Context(), digest)
		switch {
		case err == nil:
			counting = append(counting, session)
		case !errors.Is(err, errNoSession):
			return nil, err
		}
	}
	if len(counting) == 0 {
		return nil, errNoSession
	}
	return counting, nil
}

// whileSignedIn returns a context for an answer that goes on: it ends with the request, when the
// session expires or is signed out, and when the server shuts down; [context.Cause] tells which. The
// caller must call cancel. Errors are those of session, and [errTooManyStreams].
func (c *Console) whileSignedIn(r *http.Request) (ctx context.Context, cancel context.CancelFunc, err error) {
	session, err := c.session(r)
	if err != nil {
		return nil, nil, err
	}
	ctx, end := context.WithCancelCause(r.Context())
	address, _, _ := net.SplitHostPort(r.RemoteAddr)
	leave, err := c.streams.join(session.Digest, address, end)
	if err != nil {
		end(err)
		return nil, nil, err
	}
	// Once more, or a sign-out in between would be missed.
	if session, err = c.lookUp(ctx, session.Digest); err != nil {
		leave()
		end(err)
		return nil, nil, err
	}
	go c.expire(ctx, session.ExpiresAt, end)
	stay := context.AfterFunc(c.closing, func() { end(errShutdown) })
	return ctx, func() {
		stay()
		leave()
		end(context.Canceled)
	}, nil
}

// clockCheck is how often a context that ends at a time looks at the clock on the wall: a timer stands
// still while the machine sleeps.
const clockCheck = time.Second

// expire ends ctx at a time, and returns when ctx has ended.
func (c *Console) expire(ctx context.Context, at time.Time, end context.CancelCauseFunc) {
	for left := at.Sub(c.Now()); left > 0; left = at.Sub(c.Now()) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(min(left, clockCheck)):
		}
	}
	end(errExpired)
}

// claimed are the sessions that a request says it belongs to.
func (c *Console) claimed(r *http.Request) (digests []store.ConsoleDigest) {
	if !ofOwnPage(r) {
		return nil
	}
	for _, cookie := range r.CookiesNamed(c.Cookie) {
		digests = append(digests, sha256.Sum256([]byte(cookie.Value)))
	}
	return digests
}

// ofOwnPage reports whether a request was made by the console's page or by somebody who typed its
// address. SameSite=Strict alone lets the pages of other ports of this host have the browser
// send the cookie.
func ofOwnPage(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	return false
}

// lookUp compares nothing in constant time, nor need it: the digest of an id tells nobody what
// to send.
func (c *Console) lookUp(ctx context.Context, digest store.ConsoleDigest) (session store.ConsoleSession, err error) {
	err = c.Store.View(ctx, func(tx store.Tx) error {
		found, err := store.Get(tx, store.ConsoleSessions, digest.String())
		if err == nil {
			session = *found
		}
		return err
	})
	switch {
	case errors.Is(err, store.ErrNoConsoleSession):
		return session, errNoSession
	case err != nil:
		return session, fmt.Errorf("look up console session: %w", err)
	case !c.Now().Before(session.ExpiresAt), !c.Accepts(session.Caller):
		return session, errNoSession
	}
	return session, nil
}

// begin stores a new session and returns its id, which is for the cookie only.
func (c *Console) begin(ctx context.Context, caller string) (id string, session store.ConsoleSession, err error) {
	id = newSecret()
	now := c.Now()
	session = store.ConsoleSession{Digest: sha256.Sum256([]byte(id)), Caller: caller, CreatedAt: now, ExpiresAt: now.Add(c.Lifetime)}
	err = c.Store.Update(store.WithReserve(ctx), func(tx store.UpdateTx) error { return store.Put(tx, store.ConsoleSessions, &session) })
	if err != nil {
		err = fmt.Errorf("begin console session: %w", err)
	}
	return id, session, err
}

// end removes a session, and then ends what is open for it.
func (c *Console) end(ctx context.Context, session store.ConsoleSession) error {
	err := c.Store.Update(store.WithReserve(ctx), func(tx store.UpdateTx) error { return store.Delete(tx, store.ConsoleSessions, session.Digest.String()) })
	if err != nil && !errors.Is(err, store.ErrNoConsoleSession) {
		return fmt.Errorf("end console session: %w", err)
	}
	c.streams.end(session.Digest)
	return nil
}

// refuse answers the errors of session and whileSignedIn.
func (c *Console) refuse(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, errNoSession):
		fail(w, http.StatusUnauthorized, errorSession)
		return
	case errors.Is(err, errTooManyStreams):
		refuseStream(w)
		return
	}
	if r.Context().Err() == nil {
		c.Logger.Error("serve console", "path", r.URL.Path, "error", err)
	}
	fail(w, http.StatusServiceUnavailable, errorUnavailable)
}
