package main

import (
	"context"
)

type secureCommand struct {
	groupFlags
	rotationFlags
	outputFlag
	Detach bool `help:"Return as soon as it has begun (exit code 0); do not follow it."`
}

// Help tells the steps.
func (secureCommand) Help() string {
	return `aikagi has every node accept TLS beside plaintext, on the same addresses and ports; waits until no client connects in
plaintext any more; and has every node accept TLS only. Then it rotates a token in, as aikagi token rotate does: it makes a
new one, which every node accepts beside access without a token; delivers it; waits until every client uses it; ends access
without a token (SET); and watches. It begins where the group is: one that requires TLS already gets its token only.

The rule --finish applies twice: to the end of plaintext, and to that of access without a token. With --finish ask, each of them
waits for aikagi token continue. Meanwhile aikagi tls usage and aikagi token usage show who is left.

The service does all of this: the command only shows it, and may be interrupted. aikagi token watch follows it, and
aikagi token cancel ends it; what clients use by then stays.

Examples:

  aikagi secure sessions --deliver file:.aikagi/deliveries/sessions
  aikagi secure sessions --deliver "command:/usr/local/bin/push-token --env prod" --finish ask

Exit codes: 0 done, or with --finish ask waiting for you; 1 refused, rolled back, cancelled or failed; 2 interrupted, it goes on.`
}

// Run begins to secure a group and follows it.
func (c *secureCommand) Run(ctx context.Context) error {
	how, err := c.how()
	if err != nil {
		return err
	}
	if c.Deliver == "" {
		return c.noDelivery(c.Group)
	}
	how.Secure = new(true)
	return startRotation(ctx, c.groupFlags, c.outputFlag, how, c.Detach)
}
