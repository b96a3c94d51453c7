package main

import (
	"context"
	"fmt"
	"io"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type refusedCommand struct {
	usageFlags
}

// Help explains the columns.
func (refusedCommand) Help() string {
	return `Counts are of connections, since each node was started. Of every node the 64 addresses that were refused last are known.

  RULES     no security group of the cache lets the address in
  MODE      plaintext where TLS is required
  SILENCE   nothing was said for ten seconds
  CLIENTS   there were as many clients as there may be
  QUEUE     the engine was too busy to accept it
  SOURCE    its address had as many connections, or opened as many in a second, as the tags aikagi:source-connections and
            aikagi:source-rate of the group allow

Exit codes: 0 shown; 1 not shown; 2 shown, but a node could not tell, so figures are lower bounds. With --watch: 0 when
interrupted.`
}

// Run shows refusals once, or until it is interrupted.
func (c *refusedCommand) Run(ctx context.Context) error {
	return usageView[own.RefusedConnections]{c.about(), (*client.Client).Refused, showRefused, func(r own.RefusedConnections) bool { return r.Complete }}.run(ctx)
}

// topSources is how many addresses are shown.
const topSources = 20

func showRefused(to io.Writer, r own.RefusedConnections) error {
	table := newTable(to)
	fmt.Fprintln(table, "ADDRESS\tLAST\tRULES\tMODE\tSILENCE\tCLIENTS\tQUEUE\tSOURCE")
	for i, s := range r.Sources {
		if i == topSources {
			fmt.Fprintf(table, "and %d more\t\t\t\t\t\t\t\n", len(r.Sources)-topSources)
			break
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.Address, cache.Ago(r.AsOf.Sub(s.LastAt)), refusedColumns(s.Refused))
	}
	fmt.Fprintf(table, "all\t\t%s\n", refusedColumns(r.Refused))
	if err := table.Flush(); err != nil {
		return err
	}
	for _, m := range r.MissingNodes {
		fmt.Fprintf(to, "NOT ASKED: node %s (%s). Figures are lower bounds.\n", m.CacheClusterId, m.Reason)
	}
	return nil
}

func refusedColumns(r own.Refused) string {
	return fmt.Sprintf("%d\t%d\t%d\t%d\t%d\t%d", r.Rules, r.Mode, r.Silence, r.Clients, r.Queue, r.Source)
}
