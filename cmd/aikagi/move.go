package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type moveCommand struct {
	groupFlags
	outputFlag
	waitFlags

	To         string        `help:"Address plan to move the cache to: loopback, host, pool." placeholder:"PLAN" xor:"what"`
	Anew       bool          `help:"With --to: give it other places even if it has that plan already, as after a change of --host-address."`
	CloseAfter time.Duration `help:"With --to: close the old places so long after both serve, whoever still uses them. Default: when you say --finish." placeholder:"DURATION"`
	Finish     bool          `help:"Close the old places, and give them back." xor:"what"`
	Cancel     bool          `help:"Go back: close the new places." xor:"what"`
	Quiet      time.Duration `help:"With --finish or --cancel: for how long nobody must have used the places that are closed." default:"10m"`
	Force      bool          `help:"With --finish or --cancel: close them whoever uses them."`
}

// Help says how a move goes.
func (moveCommand) Help() string {
	return `Clients connect to a cache at its places: its endpoints and its nodes. The address plan says what those are (docs/network.md). A move
gives every place a second address, by another plan, and goes through three states:

  opening  the new places are opened on all nodes, with certificates for both, and proven
  open     both serve; the API, status and deliveries of tokens show the new ones. This lasts until you finish or cancel the move
  closing  the old places are closed, and who is still connected there is sent away within a second

Without --to, --finish or --cancel it shows how far the move is, and who uses which places. --finish is refused, with a list, while
clients are connected to the old places, or were within --quiet; --cancel likewise for the new ones.

aikagi has to be served with the plan that is moved to: with --address-plan, or for host with --host-address, for pool with --pool-range.
A cache that other machines can reach needs TransitEncryptionMode required, or the tag aikagi:allow-plaintext, before it is moved.

Examples:

  aikagi move shop --to host
  aikagi move shop
  aikagi move shop --finish
  aikagi move shop --to host --close-after 24h

Exit codes: 0 done, or accepted with --no-wait; 1 refused or failed; 2 interrupted or timed out, while the move goes on.`
}

// Run does one step of a move, and shows how far it is.
func (c *moveCommand) Run(ctx context.Context) error {
	if c.To == "" && (c.Anew || c.CloseAfter != 0) {
		return errors.New("--anew and --close-after need --to; see aikagi move --help")
	}
	api, err := c.connect()
	if err != nil {
		return err
	}
	g, err := api.Group(ctx, c.Group)
	if err != nil {
		return err
	}
	changes, err := c.change(ctx, api, g.CacheInput())
	if err != nil {
		return err
	}
	if changes && !c.NoWait {
		if _, _, err := c.await(ctx, api, c.Group); err != nil {
			return err
		}
	}
	m, err := api.DescribeMove(ctx, g.CacheInput())
	if err != nil {
		return err
	}
	return c.show(os.Stdout, m, func(to io.Writer) error { return showMove(to, m) })
}

// change asks for what the flags say. It reports whether they say anything.
func (c *moveCommand) change(ctx context.Context, api *client.Client, in own.CacheInput) (bool, error) {
	end := own.EndCacheMoveInput{ReplicationGroupId: in.ReplicationGroupId, CacheClusterId: in.CacheClusterId, Quiet: new(c.Quiet.String()), Force: &c.Force}
	var err error
	switch {
	case c.To != "":
		want := own.MoveCacheInput{ReplicationGroupId: in.ReplicationGroupId, CacheClusterId: in.CacheClusterId, AddressPlan: &c.To, Anew: &c.Anew}
		if c.CloseAfter != 0 {
			want.CloseAfter = new(c.CloseAfter.String())
		}
		_, err = api.Move(ctx, want)
	case c.Finish:
		_, err = api.FinishMove(ctx, end)
	case c.Cancel:
		_, err = api.CancelMove(ctx, end)
	default:
		return false, nil
	}
	return true, err
}

// moveText is a move in one line.
func moveText(m *own.Move) string {
	switch {
	case m.State == "closing" && m.Back:
		return fmt.Sprintf("cancelled: the places of %s are being closed", m.ToPlan)
	case m.State == "closing":
		return fmt.Sprintf("from %s to %s: the old places are being closed", m.FromPlan, m.ToPlan)
	case m.State == "opening":
		return fmt.Sprintf("from %s to %s: the new places are being opened", m.FromPlan, m.ToPlan)
	case m.CloseAt != nil:
		return fmt.Sprintf("from %s to %s: both serve; the old places are closed at %s", m.FromPlan, m.ToPlan, stamp(*m.CloseAt))
	}
	return fmt.Sprintf("from %s to %s: both serve, until --finish closes the old places", m.FromPlan, m.ToPlan)
}

func showMove(to io.Writer, m own.CacheMove) error {
	if m.Move == nil {
		fmt.Fprintf(to, "%s has the address plan %s, and is not being moved\n", m.CacheId, m.AddressPlan)
	} else {
		fmt.Fprintf(to, "%s is being moved %s\n", m.CacheId, moveText(m.Move))
	}
	if m.StatusReason != "" {
		fmt.Fprintf(to, "  %s\n", m.StatusReason)
	}
	table := newTable(to)
	fmt.Fprintln(table, "\nPLACE\tSHOWN\tOTHER")
	for _, p := range m.Places {
		name := p.CacheClusterId
		if p.Endpoint != "" {
			name = p.Endpoint + " endpoint"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", name, p.Shown, cmp.Or(p.Other, "-"))
	}
	showPlaceClients(table, m)
	if err := table.Flush(); err != nil {
		return err
	}
	for _, n := range m.MissingNodes {
		fmt.Fprintf(to, "NOT ASKED: node %s (%s). There may be more clients.\n", n.CacheClusterId, n.Reason)
	}
	return nil
}

// showPlaceClients lists who came through places, those first that the other plan's places have.
func showPlaceClients(table io.Writer, m own.CacheMove) {
	if m.Move == nil {
		return
	}
	for _, shown := range []bool{false, true} {
		plan, n := m.AddressPlan, 0
		if !shown {
			plan = otherPlan(m.Move)
		}
		for _, c := range m.Clients {
			if c.Shown != shown {
				continue
			}
			if n++; n == 1 {
				fmt.Fprintf(table, "\nAT PLACES OF %s\tPLACE\tCONNS\tOPENED\tLAST SEEN\n", plan)
			}
			last := cache.Ago(m.AsOf.Sub(c.LastAt))
			if c.Connections > 0 {
				last = "now"
			}
			fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\n", c.Address, c.Place, c.Connections, c.Opened, last)
		}
		if n == 0 {
			fmt.Fprintf(table, "\nAT PLACES OF %s\tnobody\n", plan)
		}
	}
}

// otherPlan is the plan of the places that are not shown.
func otherPlan(m *own.Move) string {
	if m.State == "opening" || m.Back {
		return m.ToPlan
	}
	return m.FromPlan
}
