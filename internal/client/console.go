package client

import (
	"context"
	"net/url"
	"time"
)

// ConsoleLink signs a browser in to the console, once. Its URL is a secret until then.
type ConsoleLink struct {
	URL       string    `xml:"CreateConsoleLinkResult>Url" json:"url"`
	ExpiresAt time.Time `xml:"CreateConsoleLinkResult>ExpiresAt" json:"expires_at"`
}

// ConsoleLink makes one.
func (c *Client) ConsoleLink(ctx context.Context) (ConsoleLink, error) {
	var link ConsoleLink
	err := c.call(ctx, url.Values{"Action": {"CreateConsoleLink"}}, &link)
	return link, err
}
