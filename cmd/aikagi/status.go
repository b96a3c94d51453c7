package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type statusCommand struct {
	clientFlags
	outputFlag
	watchFlags
	Group string `arg:"" optional:"" help:"Replication group to show in full. Default: all, one per line." predictor:"group"`
}

// Help tells the exit codes.
func (statusCommand) Help() string {
	return `Exit codes: 0 shown; 1 not shown, or shown and
- the last scheduled token rotation of a group failed, until one succeeds or the schedule is set again; or
- a scheduled rotation is held up, or has been under way for longer than the time between two, for instance because
  a client never gives up its old connections.
With --watch: 0 when interrupted.`
}

func (c *statusCommand) group() string { return c.Group }

// Run shows one group, or all, once or until it is interrupted.
func (c *statusCommand) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	api, err := c.connect()
	if err != nil {
		return err
	}
	if c.Watch {
		return c.watch(ctx, os.Stdout, isTerminal(os.Stdout), func(to io.Writer) error {
			groups, err := c.look(ctx, api)
			if err != nil {
				return err
			}
			return c.showNext(to, c.data(groups), c.table(groups))
		})
	}
	groups, err := c.look(ctx, api)
	if err != nil {
		return err
	}
	problems := []error{c.show(os.Stdout, c.data(groups), c.table(groups))}
	for _, g := range groups {
		problems = append(problems, scheduleFailure(g.Access, time.Now()))
	}
	return errors.Join(problems...)
}

func (c *statusCommand) look(ctx context.Context, api *client.Client) ([]client.Group, error) {
	var groups []client.Group
	if c.Group == "" {
		all, err := api.Groups(ctx)
		if err != nil {
			return nil, err
		}
		groups = all
	} else {
		g, err := api.Group(ctx, c.Group)
		if err != nil {
			return nil, err
		}
		if g.Kind == client.KindReplicationGroup {
			known, err := api.Refused(ctx, c.Group)
			if err != nil {
				return nil, err
			}
			g.Gates = known.Gates
		}
		groups = []client.Group{g}
	}
	faults, err := api.NodeFaults(ctx) // also those of cache clusters that stand alone
	for _, g := range groups {
		for i := range g.Nodes {
			if fault, faulty := faultOf(faults, g.Nodes[i].CacheClusterId); faulty {
				g.Nodes[i].Fault = &fault
			}
		}
	}
	return groups, err
}

// data is one group for one that was asked for, else a list.
func (c *statusCommand) data(groups []client.Group) any {
	if c.Group == "" {
		return groups
	}
	return groups[0]
}

func (c *statusCommand) table(groups []client.Group) func(io.Writer) error {
	return func(to io.Writer) error {
		if c.Group == "" {
			return showAll(to, groups, time.Now())
		}
		return showGroup(to, groups[0], time.Now())
	}
}

func showAll(to io.Writer, groups []client.Group, now time.Time) error {
	table := newTable(to)
	fmt.Fprintln(table, "GROUP\tSTATUS\tENGINE\tNODES\tENDPOINT\tACCESS")
	for _, g := range groups {
		access := accessSummary(g.Access) + rotationSummary(g.Access, now)
		if g.Exposure != "" {
			access += ", EXPOSED"
		}
		if g.Kind == client.KindCacheCluster {
			access += " (cache cluster)"
		}
		engine := g.Engine
		if g.ServedBy != "" {
			engine = engineOf(g)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\n", g.ReplicationGroupId, g.Status, engine, len(g.Nodes), cmp.Or(g.PrimaryEndpoint, "-"), access)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, g := range groups {
		showFaults(to, faultsOf(g.Nodes))
	}
	return nil
}

func accessSummary(a own.Access) string {
	switch {
	case a.OpenUser != "":
		return "users of " + a.UserGroup + ", ONE WITHOUT A PASSWORD"
	case a.UserGroup != "":
		return "users of " + a.UserGroup
	case a.PasswordlessOpen:
		return "token, PASSWORDLESS STILL OPEN"
	case len(a.Credentials) == 1 && a.Credentials[0].Fingerprint == "NONE":
		return "no token"
	case len(a.Credentials) == 2:
		return "two tokens"
	}
	return "token"
}

func showGroup(to io.Writer, g client.Group, now time.Time) error {
	access := g.Access
	fmt.Fprintf(to, "%s is %s\n", access.ReplicationGroupId, access.Status)
	faulty := slices.ContainsFunc(access.Nodes, func(n own.AccessNode) bool { return n.Fault != nil })
	if access.StatusReason != "" && !faulty {
		fmt.Fprintf(to, "  %s\n", access.StatusReason)
	}
	table := newTable(to)
	fmt.Fprintf(table, "\nprimary endpoint\t%s\n", access.PrimaryEndpoint)
	if access.ServedBy != "" {
		fmt.Fprintf(table, "engine version\t%s, served by %s\n", access.EngineVersion, access.ServedBy)
	}
	if access.ReaderEndpoint != "" {
		fmt.Fprintf(table, "reader endpoint\t%s\n", access.ReaderEndpoint)
	}
	if access.AddressPlan != cache.PlanLoopback.String() {
		fmt.Fprintf(table, "address plan\t%s: other machines can connect\n", access.AddressPlan)
	}
	if m := access.Move; m != nil {
		fmt.Fprintf(table, "move\t%s\n", moveText(m))
	}
	showSecurity(table, access)
	showAvailability(table, access)
	showRotation(table, access, now)
	showNodes(table, access)
	showGates(table, g.Gates)
	fmt.Fprintln(table, "\nACCEPTED\tSINCE\t")
	if access.UserGroup != "" {
		fmt.Fprintf(table, "users of user group %s\t\t\n", access.UserGroup)
	}
	for _, c := range access.Credentials {
		name := "token " + c.Fingerprint
		if c.Fingerprint == "NONE" {
			name = "no token"
		}
		fmt.Fprintf(table, "%s\t%s\t\n", name, stamp(c.AddedAt))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	showFaults(to, faultsOf(access.Nodes))
	showCrowds(to, access.Nodes)
	showExposure(to, access)
	showOpen(to, access)
	return nil
}

// showOpen tells who gets in with nothing where something is asked of others, and how to close that.
func showOpen(to io.Writer, access own.Access) {
	if access.OpenUser != "" {
		fmt.Fprintf(to, "\nEVERYBODY GETS IN WITHOUT A PASSWORD, as user %[1]s. Close it with\n"+
			"  aikagi user-group modify %[2]s --remove %[1]s --add A-USER-WITH-A-PASSWORD\n", access.OpenUser, access.UserGroup)
	}
	if access.PasswordlessOpen {
		fmt.Fprintf(to, "\nPASSWORDLESS ACCESS IS STILL OPEN: clients without a token get in. Close it with\n"+
			"  aws elasticache modify-replication-group --replication-group-id %s --apply-immediately \\\n"+
			"      --auth-token-update-strategy SET --auth-token THE-TOKEN\n", access.ReplicationGroupId)
	}
}

// showSecurity tells who may connect, as far as security groups decide that.
func showSecurity(to io.Writer, access own.Access) {
	var all []string
	for _, g := range access.SecurityGroups {
		switch {
		case !g.Known:
			all = append(all, g.SecurityGroupId+" (NOT KNOWN HERE: everybody may connect)")
		default:
			all = append(all, g.GroupName+" ("+g.SecurityGroupId+")")
		}
	}
	if len(all) > 0 {
		fmt.Fprintf(to, "security groups\t%s\n", strings.Join(all, ", "))
	}
	if access.NetworksLeftOut > 0 {
		fmt.Fprintf(to, "KEPT OUT\t%d networks that rules let in: they are too many\n", access.NetworksLeftOut)
	}
}

// showAvailability tells what happens when the primary is lost, where it can be
// anything else than a restart, and what is happening.
func showAvailability(to io.Writer, access own.Access) {
	switch {
	case access.MultiAZ:
		fmt.Fprintln(to, "automatic failover\ton, Multi-AZ")
	case access.AutomaticFailover:
		fmt.Fprintln(to, "automatic failover\ton")
	case len(access.Nodes) > 1:
		fmt.Fprintln(to, "automatic failover\toff")
	}
	if f := access.Failover; f != nil {
		fmt.Fprintf(to, "failover under way\t%s, %s → %s, %s since %s\n", f.Cause, f.FromCacheClusterId, cmp.Or(f.ToCacheClusterId, "?"), f.Status,
			clock(f.DetectedAt))
	}
}

func showNodes(to io.Writer, access own.Access) {
	nodes := access.Nodes
	zones := slices.ContainsFunc(nodes, func(n own.AccessNode) bool { return n.Zone != nodes[0].Zone })
	heading := "\nNODE\tROLE\tSTATUS\tADDRESS"
	if zones {
		heading += "\tZONE"
	}
	fmt.Fprintln(to, heading)
	for _, n := range nodes {
		status := n.Status
		if n.BehindSince != nil {
			status += ", BEHIND since " + stamp(*n.BehindSince) + ", serves no clients"
		}
		if n.Crowd != nil {
			status += ", connections FULL since " + stamp(n.Crowd.Since)
		}
		line := fmt.Sprintf("%s\t%s\t%s\t%s", n.CacheClusterId, n.Role, status, cmp.Or(reachedAt(access, n), "-"))
		if zones {
			line += "\t" + n.Zone
		}
		fmt.Fprintln(to, line)
	}
}

// showGates tells what nodes do with who connects. What stands for itself is left out: a node that refused nobody says so with a dash.
func showGates(to io.Writer, gates []own.NodeGate) {
	if len(gates) == 0 {
		return
	}
	fmt.Fprintln(to, "\nCONNECTIONS\tTLS\tPLAINTEXT\tWAITING\tQUEUED AT MOST\tREFUSED")
	for _, g := range gates {
		fmt.Fprintf(to, "%s\t%d\t%d\t%d\t%d\t%s\n", g.CacheClusterId, g.TLS, g.Plaintext, g.Waiting, g.QueuedMost, cmp.Or(refusedFor(g.Refused), "-"))
	}
}

// refusedFor are counts of refusals with the reasons that "aikagi refused" has as columns; empty: nobody was refused.
func refusedFor(r own.Refused) string {
	var all []string
	for _, why := range []struct {
		name  string
		count int64
	}{
		{"rules", r.Rules}, {"mode", r.Mode}, {"silence", r.Silence}, {"clients", r.Clients}, {"queue", r.Queue}, {"source", r.Source},
	} {
		if why.count > 0 {
			all = append(all, fmt.Sprintf("%s %d", why.name, why.count))
		}
	}
	return strings.Join(all, ", ")
}

// reachedAt is where clients reach a node: where each has an address of its own, the port is that of all.
func reachedAt(access own.Access, n own.AccessNode) string {
	if access.AddressPlan != cache.PlanLoopback.String() {
		return n.Endpoint
	}
	return n.Address
}

// showExposure warns of what other machines can do that they should not.
func showExposure(to io.Writer, access own.Access) {
	for _, r := range access.ExposureReasons {
		fmt.Fprintf(to, "\nEXPOSED: %s\n", r.Text)
	}
}

// showCrowds tells what to do about nodes whose connections are full; the reason of the status says who has them.
func showCrowds(to io.Writer, nodes []own.AccessNode) {
	for _, n := range nodes {
		if n.Crowd != nil {
			fmt.Fprintf(to, "\n%s: client connections are FULL (%d of %d)\n  → %s\n", n.CacheClusterId, n.Crowd.Connections, n.Crowd.Limit, n.Crowd.Fix)
		}
	}
}
