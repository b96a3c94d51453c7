package main

import (
	"context"
	"fmt"
	"io"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type userUsageCommand struct {
	userFlags
	watchFlags
	outputFlag
}

// Help explains the columns.
func (userUsageCommand) Help() string {
	return `Shows, for each cache that has the user, its passwords, used or not; then what was refused.

  PASSWORD    the first 12 hexadecimal digits of the password's SHA-256 (printf %s "$PASSWORD" | sha256sum | cut -c1-12);
              NONE: the user needs none; either: connections of which engines before 7.2 do not tell by which password
              they came; unknown: all passwords that were never the user's, together
  STANDING    current (accepted); retired (refused, was accepted once); unknown
  CONNS       connections that are open now
  AUTHS       logins that were accepted, of all connections ever
  1 MIN       how many of them were in the last minute
  LAST USED   the last login, or "now" while there are connections
  REFUSED     logins that were refused

Below it: the clients of each password, most connections first. Who still uses the old password is there before you
take it away with "aikagi user modify". Connections that are open when their password is taken away stay.

Exit codes: 0 shown; 1 not shown (no control plane, no such user); 2 shown, but a node could not be asked, so figures are
lower bounds. With --watch: 0 when interrupted.`
}

// Run shows usage once, or until it is interrupted.
func (c *userUsageCommand) Run(ctx context.Context) error {
	about := usageAbout{c.clientFlags, c.watchFlags, c.outputFlag, c.User}
	return usageView[own.UserUsage]{about, (*client.Client).UserUsage, showUserUsage, func(usage own.UserUsage) bool { return usage.Complete }}.run(ctx)
}

func showUserUsage(to io.Writer, usage own.UserUsage) error {
	name := usage.UserId
	if usage.UserName != usage.UserId {
		name += ", who logs in as " + usage.UserName + ","
	}
	fmt.Fprintf(to, "%s at %s\n", name, stamp(usage.AsOf))
	if len(usage.Caches) == 0 {
		_, err := fmt.Fprintln(to, "\nNo cache has it: its user groups are on none.")
		return err
	}
	for _, in := range usage.Caches {
		fmt.Fprintf(to, "\n%s\n\n", in.ReplicationGroupId)
		table := newTable(to)
		fmt.Fprintln(table, "PASSWORD\tSTANDING\t"+useHeading)
		for _, p := range in.Passwords {
			fmt.Fprintf(table, "%s\t%s\t%s\n", p.Fingerprint, p.Standing, useOf(p, usage.AsOf))
		}
		if err := table.Flush(); err != nil {
			return err
		}
		if err := showClients(to, in.Passwords, usage.AsOf); err != nil {
			return err
		}
		showMissing(to, in.MissingNodes)
	}
	return nil
}
