package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type connectCommand struct {
	groupFlags
	Reader  bool     `help:"Connect to the reader endpoint, which leads to replicas." xor:"where"`
	Node    string   `help:"Connect to this node, whatever its role. Default: the primary endpoint." placeholder:"NODE" xor:"where"`
	User    string   `help:"User to log in as, where a user group says who may. Its password is taken as a token is. Default: default." placeholder:"NAME"`
	Command []string `arg:"" optional:"" passthrough:"" help:"Command to run instead of an interactive session, and flags for redis-cli; put -- first if it begins with a flag."`
}

// passwordVariables are what redis-cli and valkey-cli take a password from. Unlike their -a,
// other users of the machine cannot read them.
//
// Source: redis-cli.c, valkey-cli.c: REDISCLI_AUTH, and VALKEYCLI_AUTH of newer ones.
var passwordVariables = []string{"REDISCLI_AUTH", "VALKEYCLI_AUTH"}

// Help tells where the token comes from.
func (connectCommand) Help() string {
	return `Runs redis-cli or valkey-cli, whichever is installed, with the address, TLS and the CA of the group. The token is taken from
REDISCLI_AUTH, or asked for on the terminal if the group requires one. It is never an argument of the program.

Examples:

  aikagi connect shop
  aikagi connect shop --reader get greeting
  aikagi connect shop --user reporter
  REDISCLI_AUTH=$(cat .aikagi/deliveries/shop) aikagi connect shop --node shop-002 info replication

Exit codes: 1 if no connection was tried; otherwise the program's own.`
}

// Run becomes redis-cli.
func (c *connectCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	g, err := api.Group(ctx, c.Group)
	if err != nil {
		return err
	}
	program, err := findCLI(g.Engine)
	if err != nil {
		return err
	}
	address, err := c.address(g)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("read address of %s: %w", c.Group, err)
	}
	env, err := c.environment(ctx, g)
	if err != nil {
		return err
	}
	args := []string{program, "-h", host, "-p", port}
	if g.TransitEncryption {
		args = append(args, "--tls", "--cacert", datadir.AuthorityPath(c.path()))
	}
	if c.User != "" {
		args = append(args, "--user", c.User)
	}
	if len(c.Command) > 0 && c.Command[0] == "--" {
		c.Command = c.Command[1:]
	}
	if err := syscall.Exec(program, append(args, c.Command...), env); err != nil {
		return fmt.Errorf("run %s: %w", program, err)
	}
	return nil
}

// findCLI prefers the engine's own program; either talks to both.
func findCLI(engine string) (string, error) {
	for _, name := range []string{engine + "-cli", "redis-cli", "valkey-cli"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("neither redis-cli nor valkey-cli is installed: apt-get install redis-tools (or valkey-tools)")
}

func (c *connectCommand) address(g client.Group) (string, error) {
	address := g.PrimaryEndpoint
	switch {
	case c.Reader && g.ReaderEndpoint == "":
		return "", fmt.Errorf("%s has no replica to read from", g.ReplicationGroupId)
	case c.Reader:
		address = g.ReaderEndpoint
	case c.Node != "":
		i := slices.IndexFunc(g.Nodes, func(n own.AccessNode) bool { return n.CacheClusterId == c.Node })
		if i < 0 {
			return "", fmt.Errorf("%s has no node %s; it has %s", g.ReplicationGroupId, c.Node, nodeNames(g))
		}
		if g.Nodes[i].Address == "" {
			return "", fmt.Errorf("%s is %s: it has no address yet", c.Node, g.Nodes[i].Status)
		}
		var err error
		if address, err = nodeAddress(g, g.Nodes[i]); err != nil {
			return "", err
		}
	}
	if address == "" || g.Status == "creating" {
		return "", fmt.Errorf("%s is %s: it has no address yet", g.ReplicationGroupId, because(g.Status, g.StatusReason))
	}
	return address, nil
}

// nodeAddress is where a client on this machine connects to a node: at a port of its own, or, at an address of its own, at the port of all.
func nodeAddress(g client.Group, n own.AccessNode) (string, error) {
	if g.AddressPlan != cache.PlanLoopback.String() {
		return n.Endpoint, nil
	}
	_, port, err := net.SplitHostPort(g.PrimaryEndpoint)
	if err != nil {
		return "", fmt.Errorf("read address of %s: %w", g.ReplicationGroupId, err)
	}
	return net.JoinHostPort(n.Address, port), nil
}

func nodeNames(g client.Group) string {
	var names []string
	for _, n := range g.Nodes {
		names = append(names, n.CacheClusterId)
	}
	return strings.Join(names, ", ")
}

// environment is this process's with the token, if there is one.
func (c *connectCommand) environment(ctx context.Context, g client.Group) ([]string, error) {
	token := os.Getenv(passwordVariables[0])
	if token == "" && (g.NeedsToken() || c.User != "") {
		var err error
		if token, err = askToken(ctx, passwordVariables[0]); err != nil {
			return nil, err
		}
	}
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(passwordVariables, name)
	})
	holdsTokens := len(g.Credentials) > 1 || g.NeedsToken() || g.UserGroup != "" // then it is the password of whom --user names
	if token == "" || !holdsTokens {                                             // where there is none, a password is an error
		return env, nil
	}
	for _, name := range passwordVariables {
		env = append(env, name+"="+token)
	}
	return env, nil
}
