package main

import (
	"context"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type tokenUsageCommand struct {
	usageFlags
}

// Help explains the columns.
func (tokenUsageCommand) Help() string {
	return `Shows each accepted credential, oldest first, used or not; then refused ones that were tried lately.

  CREDENTIAL  the first 12 hexadecimal digits of the token's SHA-256 (printf %s "$TOKEN" | sha256sum | cut -c1-12), or NONE:
              access without a token
  STANDING    current (the only one accepted); old (the next SET ends it) and new; retired (refused, was accepted once);
              unknown (all tokens that were never accepted, together)
  AGE         time since it was added
  CONNS       connections that are open now
  AUTHS       logins that were accepted, of all connections ever; for NONE: connections that were opened and never logged in
  1 MIN       how many of them were in the last minute
  LAST USED   the last login, or "now" while there are connections
  REFUSED     logins that were refused

Below it: the clients of each credential, most connections first. Clients are told apart by address, CLIENT SETNAME and
CLIENT SETINFO. Nodes are asked again each time; aikagi's own connections are not counted.

The last line says what SET would do now.

Exit codes: 0 shown; 1 not shown (no control plane, no such group); 2 shown, but a node could not be asked, so figures are
lower bounds. With --watch: 0 when interrupted.`
}

// Run shows usage once, or until it is interrupted.
func (c *tokenUsageCommand) Run(ctx context.Context) error { return c.view().run(ctx) }

func (c *tokenUsageCommand) view() usageView[own.Usage] {
	return usageView[own.Usage]{c.about(), (*client.Client).TokenUsage, showTokenUsage, func(usage own.Usage) bool { return usage.Complete }}
}
