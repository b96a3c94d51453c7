package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/address/addresstest"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

const port = "6379"

// underTest is a fresh server for one unit.
type underTest struct {
	address string
	env     []string // for the tests' client
	end     func() error
}

// addressOf claims a loopback address.
func addressOf(tb testing.TB) string { return addresstest.Claim(tb).Addr().Next().String() }

// bareServer starts the engine as it is: with its defaults.
type bareServer struct{ address, path string }

func (b *bareServer) start(ctx context.Context) (*underTest, error) {
	dir, err := os.MkdirTemp("", "aikagi-bare-")
	if err != nil {
		return nil, err
	}
	command := exec.Command(b.path, "--bind", b.address, "--port", port, "--dir", dir, "--logfile", "bare.log")
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start bare server: %w", err), os.RemoveAll(dir))
	}
	u := &underTest{address: b.address, end: func() error {
		err := command.Process.Kill()
		_ = command.Wait() // it was killed
		return errors.Join(err, os.RemoveAll(dir))
	}}
	if err := awaitPort(ctx, b.address); err != nil {
		return nil, errors.Join(err, u.end())
	}
	return u, nil
}

// awaitPort waits until a server accepts connections.
func awaitPort(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(address, port))
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for bare server: %w", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// nodeServer creates groups of one node, without TLS and tokens, with RESTORE.
type nodeServer struct {
	control *harness.Server
	created int
}

func (n *nodeServer) start(ctx context.Context) (*underTest, error) {
	n.created++
	id := fmt.Sprintf("suite-%d", n.created)
	api := n.control.API()
	if _, err := api.CreateReplicationGroup(ctx, &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: &id, ReplicationGroupDescription: aws.String("Valkey's own tests"), CacheNodeType: aws.String("cache.m5.large"),
		Engine: aws.String("valkey"), NumCacheClusters: aws.Int32(1), TransitEncryptionEnabled: aws.Bool(false),
		Tags: []types.Tag{{Key: aws.String(cache.TagAllowRestore), Value: aws.String("true")}},
	}); err != nil {
		return nil, fmt.Errorf("create group: %w", err)
	}
	describe := &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: &id}
	if err := elasticache.NewReplicationGroupAvailableWaiter(api, func(o *elasticache.ReplicationGroupAvailableWaiterOptions) {
		o.MinDelay, o.MaxDelay = 100*time.Millisecond, time.Second
	}).Wait(ctx, describe, time.Minute); err != nil {
		return nil, fmt.Errorf("wait for group: %w", err)
	}
	out, err := api.DescribeReplicationGroups(ctx, describe)
	if err != nil {
		return nil, fmt.Errorf("describe group: %w", err)
	}
	env, err := n.admin(id)
	return &underTest{
		address: aws.ToString(out.ReplicationGroups[0].NodeGroups[0].PrimaryEndpoint.Address),
		env:     env,
		end: func() error {
			_, err := api.DeleteReplicationGroup(context.WithoutCancel(ctx), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &id})
			return err
		},
	}, err
}

// admin is the environment with which the tests' client reaches the admin socket of a group's only node.
func (n *nodeServer) admin(group string) ([]string, error) {
	master, err := os.ReadFile(filepath.Join(n.control.Dir, "master.key"))
	if err != nil {
		return nil, err
	}
	keyring := engine.NewKeyring(master)
	for name := range n.control.Nodes() {
		member, uid, _ := strings.Cut(name, ".")
		if member == group+"-001" {
			return []string{
				"SUITE_ADMIN_SOCKET=" + filepath.Join(n.control.Dir, "nodes", name, provider.AdminSocket),
				"SUITE_ADMIN_USER=" + engine.AdminUser,
				"SUITE_CONFIG=" + keyring.Command(uid, "CONFIG"),
				"REDISCLI_AUTH=" + keyring.Admin(uid).Reveal(),
			}, nil
		}
	}
	return nil, fmt.Errorf("no node of %s runs", group)
}
