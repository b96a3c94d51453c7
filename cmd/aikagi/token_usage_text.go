package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// topClients is how many clients of one credential the text shows.
const topClients = 10

func showTokenUsage(to io.Writer, usage own.Usage) error {
	fmt.Fprintf(to, "%s at %s\n\n", usage.ReplicationGroupId, stamp(usage.AsOf))
	table := newTable(to)
	fmt.Fprintln(table, "CREDENTIAL\tSTANDING\tAGE\t"+useHeading)
	for _, c := range usage.Credentials {
		age := "-"
		if c.AddedAt != nil {
			age = strings.TrimSuffix(cache.Ago(usage.AsOf.Sub(*c.AddedAt)), " ago")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", c.Fingerprint, c.Standing, age, useOf(c, usage.AsOf))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if n := usage.OtherCredentials; n > 0 {
		fmt.Fprintf(to, "and %d more that are not accepted, with %s\n", n, cache.Counted(usage.OtherRefused, "refused login"))
	}
	if err := showClients(to, usage.Credentials, usage.AsOf); err != nil {
		return err
	}
	fmt.Fprintln(to)
	showMissing(to, usage.MissingNodes)
	_, err := fmt.Fprintln(to, usage.OnSet.Text)
	return err
}

// useHeading is above what useOf says of each credential.
const useHeading = "CONNS\tAUTHS\t1 MIN\tLAST USED\tREFUSED"

func useOf(c own.CredentialUsage, now time.Time) string {
	return fmt.Sprintf("%d\t%d\t%d\t%s\t%s", c.Connections, c.Authentications, c.LastMinute, lastUsed(c, now), refusedText(c, now))
}

func showMissing(to io.Writer, nodes []own.MissingNode) {
	for _, m := range nodes {
		fmt.Fprintf(to, "NOT ASKED: node %s (%s). Figures are lower bounds.\n", m.CacheClusterId, m.Reason)
	}
}

func lastUsed(c own.CredentialUsage, now time.Time) string {
	switch {
	case c.Connections > 0:
		return "now"
	case c.LastUsed == nil:
		return "never"
	}
	return cache.Ago(now.Sub(*c.LastUsed))
}

func refusedText(c own.CredentialUsage, now time.Time) string {
	if c.Refused == 0 || c.LastRefused == nil {
		return fmt.Sprint(c.Refused)
	}
	return fmt.Sprintf("%d, last %s", c.Refused, cache.Ago(now.Sub(*c.LastRefused)))
}

// showClients lists who uses each credential, the one that SET would end first.
func showClients(to io.Writer, credentials []own.CredentialUsage, now time.Time) error {
	table := newTable(to)
	headed := false
	for _, c := range credentials {
		for i, who := range c.Clients {
			if i == topClients {
				fmt.Fprintf(table, "%s\tand %d more\t\t\t\t\t\t\n", c.Fingerprint, len(c.Clients)-topClients)
				break
			}
			if !headed {
				fmt.Fprintln(table, "\nUSED BY\tNAME\tADDRESS\tLIBRARY\tCONNS\tCLOSED\tREFUSED\tLAST SEEN")
				headed = true
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n", c.Fingerprint, cmp.Or(clean(who.Name), "-"), clean(who.Address),
				cmp.Or(clean(strings.TrimSpace(who.Library+" "+who.LibraryVersion)), "-"), who.Connections, who.Closed, who.Refused, lastSeen(who, now))
		}
		if o := c.OtherClients; o != nil {
			fmt.Fprintf(table, "%s\tothers, summed up\t\t\t%d\t%d\t%d\t\n", c.Fingerprint, o.Connections, o.Closed, o.Refused)
		}
	}
	return table.Flush()
}

func lastSeen(who own.Client, now time.Time) string {
	switch {
	case who.Connections > 0:
		return "now"
	case who.LastSeen == nil:
		return "-"
	}
	return cache.Ago(now.Sub(*who.LastSeen))
}

// clean keeps what clients say of themselves from breaking the table or the terminal.
func clean(said string) string {
	const longest = 40
	runes := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, said))
	if len(runes) > longest {
		runes = append(slices.Clone(runes[:longest-1]), '…')
	}
	return string(runes)
}
