package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// tlsCommand is what is about encryption in transit.
type tlsCommand struct {
	Usage tlsUsageCommand `cmd:"" help:"Show who connects in plaintext, and whom TransitEncryptionMode required would cut off."`
}

type tlsUsageCommand struct {
	usageFlags
}

// Help explains the columns.
func (tlsUsageCommand) Help() string {
	return `Shows how clients connect to the group, and who does so without TLS, most connections first.

  CONNS       connections that are open now
  OPENED      of all connections that there ever were, those that asked for something; of TLS they are not counted
  1 MIN       how many of them were opened in the last minute
  LAST USED   when the last one ended, or "now" while there are some

Clients are told apart by address, CLIENT SETNAME and CLIENT SETINFO. Nodes are asked again each time; aikagi's own
connections are not counted.

The last line says what TransitEncryptionMode required would do now. Whether it may do that is the tag aikagi:tls-guard of
the group: refuse, warn (the default) or off; aikagi:tls-guard-quiet is how long plaintext must be unused to count as unused
(default 10m).

Exit codes: 0 shown; 1 not shown (no control plane, no such group); 2 shown, but a node could not tell, so figures are
lower bounds. With --watch: 0 when interrupted.`
}

// Run shows usage once, or until it is interrupted.
func (c *tlsUsageCommand) Run(ctx context.Context) error { return c.view().run(ctx) }

func (c *tlsUsageCommand) view() usageView[own.TransitUsage] {
	return usageView[own.TransitUsage]{c.about(), (*client.Client).TransitUsage, showTransitUsage, func(usage own.TransitUsage) bool { return usage.Complete }}
}

func showTransitUsage(to io.Writer, usage own.TransitUsage) error {
	fmt.Fprintf(to, "%s at %s, encryption in transit: %s\n\n", usage.ReplicationGroupId, stamp(usage.AsOf), usage.Mode)
	p, used := usage.Plaintext, "never"
	switch {
	case p.Connections > 0:
		used = "now"
	case p.LastUsed != nil:
		used = cache.Ago(usage.AsOf.Sub(*p.LastUsed))
	}
	table := newTable(to)
	fmt.Fprintln(table, "\tCONNS\tOPENED\t1 MIN\tLAST USED")
	fmt.Fprintf(table, "TLS\t%d\t-\t-\t-\n", usage.TlsConnections)
	fmt.Fprintf(table, "plaintext\t%d\t%d\t%d\t%s\n", p.Connections, p.Opened, p.LastMinute, used)
	for i, who := range p.Clients {
		if i == topClients {
			fmt.Fprintf(table, "and %d more\t\t\t\t\n", len(p.Clients)-topClients)
			break
		}
		if i == 0 {
			fmt.Fprintln(table, "\nIN PLAINTEXT\tADDRESS\tLIBRARY\tCONNS\tCLOSED\tLAST SEEN")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%s\n", cmp.Or(clean(who.Name), "-"), clean(who.Address),
			cmp.Or(clean(strings.TrimSpace(who.Library+" "+who.LibraryVersion)), "-"), who.Connections, who.Closed, lastSeen(who, usage.AsOf))
	}
	if o := p.OtherClients; o != nil {
		fmt.Fprintf(table, "others, summed up\t\t\t%d\t%d\t\n", o.Connections, o.Closed)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(to)
	for _, m := range usage.MissingNodes {
		fmt.Fprintf(to, "NOT ASKED: node %s (%s). Figures are lower bounds.\n", m.CacheClusterId, m.Reason)
	}
	for _, node := range usage.GatelessNodes {
		fmt.Fprintf(to, "CANNOT TELL: node %s was started by an earlier release of aikagi. Reboot it before you change the mode.\n", node)
	}
	_, err := fmt.Fprintln(to, usage.OnRequired.Text)
	return err
}
