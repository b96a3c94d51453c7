package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/aikagi/aikagi/internal/client"
)

type listCommand struct {
	clientFlags
	outputFlag
}

// Run lists what there is.
func (c *listCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	groups, err := api.Groups(ctx)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, groups, func(to io.Writer) error { return showList(to, groups) })
}

func showList(to io.Writer, groups []client.Group) error {
	if len(groups) == 0 {
		_, err := fmt.Fprintln(to, "no groups; make one: aikagi create NAME")
		return err
	}
	table := newTable(to)
	fmt.Fprintln(table, "GROUP\tSTATUS\tENGINE\tNODE TYPE\tNODES\tTLS\tENDPOINT")
	for _, g := range groups {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", g.ReplicationGroupId, g.Status, engineOf(g), g.NodeType,
			len(g.Nodes), onOff(g.TransitEncryption), cmp.Or(g.PrimaryEndpoint, "-"))
	}
	return table.Flush()
}

type describeCommand struct {
	groupFlags
	outputFlag
}

// Run shows how a group is configured.
func (c *describeCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	g, err := api.Group(ctx, c.Group)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, g, func(to io.Writer) error { return showDescription(to, g) })
}

func showDescription(to io.Writer, g client.Group) error {
	created := "-"
	if g.CreatedAt != nil {
		created = stamp(*g.CreatedAt)
	}
	table := newTable(to)
	for _, line := range [][2]string{
		{"name", g.ReplicationGroupId}, {"kind", g.Kind}, {"description", g.Description}, {"status", because(g.Status, g.StatusReason)},
		{"engine", engineOf(g)}, {"node type", g.NodeType}, {"encryption in transit", onOff(g.TransitEncryption)},
		{"encryption at rest", atRest(g)},
		{"token", accessSummary(g.Access)}, {"automatic failover", onOff(g.AutomaticFailover)}, {"Multi-AZ", onOff(g.MultiAZ)},
		{"primary endpoint", g.PrimaryEndpoint}, {"reader endpoint", g.ReaderEndpoint}, {"parameter group", g.ParameterGroup},
		{"maintenance window", g.MaintenanceWindow}, {"created", created}, {"ARN", g.ARN},
	} {
		fmt.Fprintf(table, "%s\t%s\n", line[0], cmp.Or(line[1], "-"))
	}
	for _, key := range slices.Sorted(maps.Keys(g.Tags)) {
		fmt.Fprintf(table, "tag %s\t%s\n", key, g.Tags[key])
	}
	showNodes(table, g.Access)
	return table.Flush()
}

func atRest(g client.Group) string {
	if g.KMSKeyID != "" {
		return "on, by " + g.KMSKeyID
	}
	return onOff(g.AtRestEncryption)
}

// engineOf is the engine and the version that the group's owner asked for, and what serves it if that is another one.
func engineOf(g client.Group) string {
	if g.ServedBy == "" {
		return g.Engine + " " + g.EngineVersion
	}
	return fmt.Sprintf("%s %s, served by %s", g.Engine, g.EngineVersion, g.ServedBy)
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
