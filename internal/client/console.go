package client

import (
	"context"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// ConsoleLink makes a link that signs a browser in to the console, once. Its URL is a secret until then.
func (c *Client) ConsoleLink(ctx context.Context) (own.ConsoleLink, error) {
	return ask(ctx, c, own.CreateConsoleLink, own.NoInput{})
}
