package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/client"
)

type statusCommand struct {
	clientFlags
	Group string `arg:"" optional:"" help:"Replication group to show in full. Default: all, in a line each."`
}

// Help tells the exit codes.
func (statusCommand) Help() string {
	return `Exit codes: 0 shown; 1 not shown, or shown and
- the last scheduled token rotation of a group failed; until one is done, or its schedule is set anew;
- one that its schedule began is held up, or has been under way for longer than the days between two, for instance because
  a client never gives its old connections up.`
}

// Run shows one group, or all.
func (c *statusCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	if c.Group != "" {
		return showGroup(ctx, os.Stdout, api, c.Group)
	}
	return showAll(ctx, os.Stdout, api)
}

func showAll(ctx context.Context, to io.Writer, api *client.Client) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "GROUP\tSTATUS\tENGINE\tNODES\tENDPOINT\tACCESS")
	var failures []error
	now := time.Now()
	groups := elasticache.NewDescribeReplicationGroupsPaginator(api.ElastiCache, &elasticache.DescribeReplicationGroupsInput{})
	for groups.HasMorePages() {
		page, err := groups.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, g := range page.ReplicationGroups {
			access, err := api.Access(ctx, aws.ToString(g.ReplicationGroupId))
			if err != nil && !isGone(err) {
				return err
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\n", aws.ToString(g.ReplicationGroupId), aws.ToString(g.Status),
				aws.ToString(g.Engine), len(g.MemberClusters), primaryEndpoint(g), accessSummary(access)+rotationSummary(access, now))
			failures = append(failures, scheduleFailure(access, now))
		}
	}
	if err := showClusters(ctx, table, api); err != nil {
		return err
	}
	return errors.Join(append(failures, table.Flush())...)
}

// showClusters lists the cache clusters that are in no group.
func showClusters(ctx context.Context, table io.Writer, api *client.Client) error {
	clusters := elasticache.NewDescribeCacheClustersPaginator(api.ElastiCache, &elasticache.DescribeCacheClustersInput{
		ShowCacheClustersNotInReplicationGroups: aws.Bool(true), ShowCacheNodeInfo: aws.Bool(true),
	})
	for clusters.HasMorePages() {
		page, err := clusters.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, c := range page.CacheClusters {
			endpoint := "-"
			for _, n := range c.CacheNodes {
				endpoint = hostPort(n.Endpoint)
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t1\t%s\tno token (cache cluster)\n", aws.ToString(c.CacheClusterId),
				aws.ToString(c.CacheClusterStatus), aws.ToString(c.Engine), endpoint)
		}
	}
	return nil
}

func primaryEndpoint(g types.ReplicationGroup) string {
	if len(g.NodeGroups) == 0 {
		return "-"
	}
	return hostPort(g.NodeGroups[0].PrimaryEndpoint)
}

func hostPort(e *types.Endpoint) string {
	if e == nil {
		return "-"
	}
	return fmt.Sprintf("%s:%d", aws.ToString(e.Address), aws.ToInt32(e.Port))
}

func accessSummary(a client.Access) string {
	switch {
	case a.PasswordlessOpen:
		return "token, PASSWORDLESS STILL OPEN"
	case len(a.Credentials) == 1 && a.Credentials[0].Fingerprint == "NONE":
		return "no token"
	case len(a.Credentials) == 2:
		return "two tokens"
	}
	return "token"
}

func showGroup(ctx context.Context, to io.Writer, api *client.Client, group string) error {
	access, err := api.Access(ctx, group)
	if err != nil {
		return err
	}
	fmt.Fprintf(to, "%s is %s\n", access.ReplicationGroupID, access.Status)
	if access.StatusReason != "" {
		fmt.Fprintf(to, "  %s\n", access.StatusReason)
	}
	now := time.Now()
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\nprimary endpoint\t%s\n", access.PrimaryEndpoint)
	if access.ReaderEndpoint != "" {
		fmt.Fprintf(table, "reader endpoint\t%s\n", access.ReaderEndpoint)
	}
	showAvailability(table, access)
	showRotation(table, access, now)
	showNodes(table, access.Nodes)
	fmt.Fprintln(table, "\nACCEPTED\tSINCE\t")
	for _, c := range access.Credentials {
		name := "token " + c.Fingerprint
		if c.Fingerprint == "NONE" {
			name = "no token"
		}
		fmt.Fprintf(table, "%s\t%s\t\n", name, c.AddedAt.Local().Format(time.DateTime))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if access.PasswordlessOpen {
		fmt.Fprintf(to, "\nPASSWORDLESS ACCESS IS STILL OPEN: clients without a token get in. Close it with\n"+
			"  aws elasticache modify-replication-group --replication-group-id %s --apply-immediately \\\n"+
			"      --auth-token-update-strategy SET --auth-token THE-TOKEN\n", access.ReplicationGroupID)
	}
	return scheduleFailure(access, now)
}

// showAvailability tells what happens when the primary is lost, where it can be
// anything else than a restart, and what is happening.
func showAvailability(to io.Writer, access client.Access) {
	switch {
	case access.MultiAZ:
		fmt.Fprintln(to, "automatic failover\ton, Multi-AZ")
	case access.AutomaticFailover:
		fmt.Fprintln(to, "automatic failover\ton")
	case len(access.Nodes) > 1:
		fmt.Fprintln(to, "automatic failover\toff")
	}
	if f := access.Failover; f != nil {
		fmt.Fprintf(to, "failover under way\t%s, %s → %s, %s since %s\n", f.Cause, f.From, cmp.Or(f.To, "?"), f.Status,
			f.DetectedAt.Local().Format(time.TimeOnly))
	}
}

func showNodes(to io.Writer, nodes []client.Node) {
	zones := slices.ContainsFunc(nodes, func(n client.Node) bool { return n.Zone != nodes[0].Zone })
	heading := "\nNODE\tROLE\tSTATUS\tADDRESS"
	if zones {
		heading += "\tZONE"
	}
	fmt.Fprintln(to, heading)
	for _, n := range nodes {
		status := n.Status
		if n.BehindSince != nil {
			status += ", BEHIND since " + n.BehindSince.Local().Format(time.DateTime) + ", serves nobody"
		}
		line := fmt.Sprintf("%s\t%s\t%s\t%s", n.CacheClusterID, n.Role, status, n.Address)
		if zones {
			line += "\t" + n.Zone
		}
		fmt.Fprintln(to, line)
	}
}

// isGone reports whether a group was deleted between two questions about it.
func isGone(err error) bool {
	var missing *types.ReplicationGroupNotFoundFault
	return errors.As(err, &missing) || client.IsCode(err, "ReplicationGroupNotFoundFault")
}
