package engine

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"github.com/valkey-io/valkey-go"
)

// RoleView is a node's part in replication, as it says itself.
type RoleView struct {
	Role     Role
	Offset   int64         // replication offset in bytes; -1: a replica that has had no data from its primary
	Replicas []ReplicaView // of a primary: those that are connected and in sync
}

// ReplicaView is a replica as its primary knows it.
type ReplicaView struct {
	Address netip.AddrPort // that it announces
	Offset  int64          // that it has acknowledged last, in bytes; it does so once a second
}

// Role asks the node for its part in replication. Of all commands that tell it, it is the
// cheapest one, and a node that loads its snapshot answers it, too. It takes as long as
// ctx allows, but not more than a few seconds. The form of the answer is from
// roleCommand in the engines' replication.c.
func (a *Admin) Role(ctx context.Context) (RoleView, error) {
	fields, err := a.client.Do(ctx, a.command("ROLE")).ToArray()
	if err != nil {
		return RoleView{}, fmt.Errorf("ask node for its role: %w", err)
	}
	view, err := parseRole(fields)
	if err != nil {
		return RoleView{}, fmt.Errorf("read node's role: %w", err)
	}
	return view, nil
}

// parseRole reads "master, offset, replicas" or "slave, host, port, state, offset".
func parseRole(fields []valkey.ValkeyMessage) (view RoleView, err error) {
	if len(fields) < 3 {
		return view, fmt.Errorf("answer has %d fields", len(fields))
	}
	role, err := fields[0].ToString()
	if err != nil {
		return view, err
	}
	view.Role = Role(role)
	switch {
	case view.Role == RolePrimary:
		if view.Offset, err = fields[1].AsInt64(); err != nil {
			return view, err
		}
		view.Replicas, err = parseReplicas(fields[2])
	case view.Role == RoleReplica && len(fields) >= 5:
		view.Offset, err = fields[4].AsInt64()
	default:
		err = fmt.Errorf("unknown role %q", role)
	}
	return view, err
}

// parseReplicas reads a list of "host, port, offset".
func parseReplicas(list valkey.ValkeyMessage) ([]ReplicaView, error) {
	entries, err := list.ToArray()
	if err != nil {
		return nil, err
	}
	replicas := make([]ReplicaView, len(entries))
	for i, entry := range entries {
		words, err := entry.AsStrSlice()
		if err != nil {
			return nil, err
		}
		if len(words) < 3 {
			return nil, fmt.Errorf("replica has %d fields", len(words))
		}
		if replicas[i].Address, err = netip.ParseAddrPort(net.JoinHostPort(words[0], words[1])); err != nil {
			return nil, err
		}
		if _, err := fmt.Sscan(words[2], &replicas[i].Offset); err != nil {
			return nil, err
		}
	}
	return replicas, nil
}

// ConnectUntil is [ConnectAdmin] for a connection that lasts as long as ctx at the most:
// when ctx ends, whatever waits for the node returns at once with an error, which is
// not ctx's.
func ConnectUntil(ctx context.Context, dial Dial, keyring Keyring, nodeUID string) (*Admin, error) {
	bound := func(dialCtx context.Context) (net.Conn, error) {
		conn, err := dial(dialCtx)
		if err != nil {
			return nil, err
		}
		return &boundConn{Conn: conn, release: context.AfterFunc(ctx, func() { conn.Close() })}, nil
	}
	return ConnectAdmin(ctx, bound, keyring, nodeUID)
}

// boundConn leaves nothing behind in its context when it is closed before that ends.
type boundConn struct {
	net.Conn
	release func() bool
}

func (c *boundConn) Close() error {
	c.release()
	return c.Conn.Close()
}
