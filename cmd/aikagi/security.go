package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// securityGroupCommand is what is about security groups.
type securityGroupCommand struct {
	Create securityCreateCommand `cmd:"" help:"Make a security group, which lets nobody in until it has rules."`
	Allow  securityAllowCommand  `cmd:"" help:"Let a network or an address connect to the caches that name the group."`
	Revoke securityRevokeCommand `cmd:"" help:"Take such a rule back, and close the connections that no other rule allows."`
	List   securityListCommand   `cmd:"" help:"List security groups, where their rules come from and how old they are, and the caches that name them."`
	Delete securityDeleteCommand `cmd:"" help:"Delete a security group that no cache names."`
}

// securityFlags are those of a command about one security group.
type securityFlags struct {
	clientFlags
	outputFlag
	SecurityGroup string `arg:"" help:"Id of the security group, or its name."`
}

type securityCreateCommand struct {
	clientFlags
	outputFlag
	Name        string   `arg:"" help:"Name of the new security group."`
	Description string   `help:"What it is for." placeholder:"TEXT"`
	ID          string   `name:"id" help:"Its id, if caches are configured with one already. Default: a new one." placeholder:"sg-…"`
	Allow       []string `help:"Network or address that may connect, on all ports. May be repeated." placeholder:"CIDR"`
}

// Help says what a security group does.
func (securityCreateCommand) Help() string {
	return `Caches name security groups by id (--security-group-ids of aikagi create and modify; SecurityGroupIds of the API). Who is in none
of their rules is refused before a byte is read, on all nodes and endpoints. Rules of several groups add up.

Examples:

  aikagi security-group create web --allow 10.1.0.0/16
  aikagi security-group create legacy --id sg-0123456789abcdef0 --allow 192.0.2.7
  aikagi create shop --security-group-ids web`
}

// Run makes the group with its first rules.
func (c *securityCreateCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	g, err := api.CreateSecurityGroup(ctx, own.CreateSecurityGroupInput{
		GroupName: &c.Name, Description: given(c.Description), SecurityGroupId: given(c.ID), Sources: c.Allow,
	})
	if err != nil {
		return err
	}
	return c.show(os.Stdout, g, func(to io.Writer) error { return showSecurityGroup(to, g) })
}

// ruleFlags name a rule of a security group.
type ruleFlags struct {
	securityFlags
	Source string `arg:"" help:"Network, or address, like 10.0.0.0/8 or 192.0.2.7."`
	Port   string `help:"Port of the caches, or several. Default: all." placeholder:"PORT|FIRST-LAST"`
}

func (f ruleFlags) rule() (rule own.SecurityGroupIngressInput, err error) {
	rule.Source = &f.Source
	if f.Port == "" {
		return rule, nil
	}
	first, last, several := strings.Cut(f.Port, "-")
	if rule.FromPort, err = parsePort(first); err == nil && several {
		rule.ToPort, err = parsePort(last)
	}
	return rule, err
}

// change adds or removes the rule, and shows the group as it is then.
func (f ruleFlags) change(ctx context.Context, description *string, change func(*client.Client, context.Context, own.SecurityGroupIngressInput) (own.SecurityGroup, error)) error {
	rule, err := f.rule()
	if err != nil {
		return err
	}
	api, err := f.connect()
	if err != nil {
		return err
	}
	id, err := api.SecurityGroupID(ctx, f.SecurityGroup)
	if err != nil {
		return err
	}
	rule.SecurityGroupId, rule.Description = &id, description
	g, err := change(api, ctx, rule)
	if err != nil {
		return err
	}
	return f.show(os.Stdout, g, func(to io.Writer) error { return showSecurityGroup(to, g) })
}

func parsePort(text string) (*int32, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("--port %q: want a port like 6379, or several like 6379-6399", text)
	}
	return new(int32(n)), nil
}

type securityAllowCommand struct {
	ruleFlags
	Description string `help:"Who that is." placeholder:"TEXT"`
}

// Run adds a rule.
func (c *securityAllowCommand) Run(ctx context.Context) error {
	return c.change(ctx, given(c.Description), (*client.Client).AllowIngress)
}

type securityRevokeCommand struct{ ruleFlags }

// Run removes a rule.
func (c *securityRevokeCommand) Run(ctx context.Context) error {
	return c.change(ctx, nil, (*client.Client).RevokeIngress)
}

type securityListCommand struct {
	clientFlags
	outputFlag
}

// Run lists all of them.
func (c *securityListCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	groups, err := api.SecurityGroups(ctx)
	if err != nil {
		return err
	}
	ec2, err := api.EC2(ctx)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, groups, func(to io.Writer) error { return showSecurityGroups(to, groups, ec2, time.Now()) })
}

type securityDeleteCommand struct {
	clientFlags
	SecurityGroup string `arg:"" help:"Id of the security group, or its name."`
}

// Run deletes one.
func (c *securityDeleteCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	id, err := api.SecurityGroupID(ctx, c.SecurityGroup)
	if err != nil {
		return err
	}
	if err := api.DeleteSecurityGroup(ctx, id); err != nil {
		return err
	}
	fmt.Printf("%s was deleted\n", id)
	return nil
}

func showSecurityGroups(to io.Writer, groups []own.SecurityGroup, ec2 *own.EC2Link, now time.Time) error {
	if ec2 != nil {
		fmt.Fprintf(to, "EC2 API: %s\n\n", describeEC2(*ec2, now))
	}
	if len(groups) == 0 {
		_, err := fmt.Fprintln(to, "no security groups; make one: aikagi security-group create NAME --allow CIDR")
		return err
	}
	var errs []error
	for i, g := range groups {
		if i > 0 {
			fmt.Fprintln(to)
		}
		errs = append(errs, showSecurityGroup(to, g))
	}
	return errors.Join(errs...)
}

// describeEC2 says in a line how it goes with the EC2 API.
func describeEC2(ec2 own.EC2Link, now time.Time) string {
	read := "never read"
	if ec2.ReadAt != nil {
		read = "read " + brief(now.Sub(*ec2.ReadAt)) + " ago"
	}
	if ec2.FailingSince == nil {
		return ec2.Endpoint + ", " + read
	}
	return fmt.Sprintf("%s DOES NOT ANSWER since %s, so the last known rules are in force (%s): %s", ec2.Endpoint, stamp(*ec2.FailingSince), read, clean(ec2.Failure))
}

// showOrigin tells where the rules of a group come from, if not from here.
func showOrigin(to io.Writer, g own.SecurityGroup, now time.Time) {
	if g.Twice {
		fmt.Fprintln(to, "  EC2 HAS A GROUP OF THIS ID, TOO: the rules here are in force")
	}
	if g.Origin != originEC2 {
		return
	}
	age := "when is not known"
	if g.ReadAt != nil {
		age = brief(now.Sub(*g.ReadAt)) + " ago"
	}
	fmt.Fprintf(to, "  from EC2, %s; read: %s\n", cmp.Or(g.VpcId, "no VPC"), age)
	if g.GoneSince != nil {
		fmt.Fprintf(to, "  GONE AT EC2 since %s: its last rules stay in force\n", stamp(*g.GoneSince))
	}
}

// originEC2 is what the API calls groups of EC2.
const originEC2 = "ec2"

func showSecurityGroup(to io.Writer, g own.SecurityGroup) error {
	fmt.Fprintf(to, "%s  %s", g.SecurityGroupId, clean(g.GroupName))
	if g.Description != "" {
		fmt.Fprintf(to, " (%s)", clean(g.Description))
	}
	fmt.Fprintf(to, "\n  used by: %s\n", cmp.Or(strings.Join(g.UsedBy, ", "), "nobody"))
	showOrigin(to, g, time.Now())
	if len(g.Rules) == 0 && g.Origin == originEC2 {
		_, err := fmt.Fprintln(to, "  lets nobody in")
		return err
	}
	if len(g.Rules) == 0 {
		_, err := fmt.Fprintf(to, "  lets nobody in; aikagi security-group allow %s CIDR\n", g.SecurityGroupId)
		return err
	}
	table := newTable(to)
	for _, r := range g.Rules {
		fmt.Fprintf(table, "  allow\t%s\t%s\t%s\n", r.Source, ports(r), clean(r.Description))
	}
	return table.Flush()
}

func ports(r own.SecurityGroupRule) string {
	switch {
	case r.FromPort == nil || r.ToPort == nil:
		return "all ports"
	case *r.FromPort == *r.ToPort:
		return fmt.Sprintf("port %d", *r.FromPort)
	}
	return fmt.Sprintf("ports %d-%d", *r.FromPort, *r.ToPort)
}
