package elasticache

import (
	"context"
	"net/http"
	"net/url"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// createConsoleLink is for those who hold the access key: a page that is signed in must not
// be able to stay so beyond its session's end.
func (a *API) createConsoleLink(ctx context.Context, _ *own.NoInput) (*own.ConsoleLink, error) {
	c := callOf(ctx)
	switch {
	case a.ConsoleLink == nil:
		return nil, cache.Errorf(cache.KindNotImplemented, "This aikagi serves no console.")
	case c.via != "":
		return nil, answerError{shapeAccessDenied, "Sign-in links are made for the access key only, not for a session."}
	}
	link, expiresAt := a.ConsoleLink(c.base, c.caller.AccessKeyID)
	return &own.ConsoleLink{Url: link, ExpiresAt: expiresAt}, nil
}

// baseOf is the URL that a client reached this service at, which may be the near end of a
// forwarded port. It is the client's word, and safe to use in an answer to that client: the
// signature covers the Host.
func baseOf(r *http.Request) string {
	base := url.URL{Scheme: "http", Host: r.Host}
	if r.TLS != nil {
		base.Scheme = "https"
	}
	return base.String()
}
