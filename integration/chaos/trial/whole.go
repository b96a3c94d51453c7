package trial

import (
	"context"
	"fmt"
)

// state is what the nodes themselves say of a group at rest.
type state struct {
	primary string            // node
	process map[string]string // node to run_id
}

// whole returns the state of a group that is whole: the control plane says so, and so
// do the nodes and the endpoints. Else the error says what is missing.
func (g *group) whole(ctx context.Context) (state, error) {
	access, err := g.available(ctx)
	if err != nil {
		return state{}, err
	}
	s := state{process: map[string]string{}}
	for _, n := range access.Nodes {
		role, err := g.role(ctx, n.CacheClusterId, &s)
		if err != nil {
			return s, fmt.Errorf("%s: %w", n.CacheClusterId, err)
		}
		if role == "master" {
			if s.primary != "" {
				return s, fmt.Errorf("%s and %s both are primaries", s.primary, n.CacheClusterId)
			}
			s.primary = n.CacheClusterId
		}
		if (role == "master") != (n.Role == "primary") {
			return s, fmt.Errorf("%s is a %s and is called %s", n.CacheClusterId, role, n.Role)
		}
	}
	if s.primary == "" {
		return s, fmt.Errorf("no node is the primary")
	}
	return s, g.endpoints(ctx, s)
}

// role asks a node what it is, and whether it is in sync.
func (g *group) role(ctx context.Context, node string, s *state) (role string, err error) {
	err = g.ask(ctx, g.nodes[node], func(c *conn) error {
		server, err := c.info("server")
		if err != nil {
			return err
		}
		s.process[node] = server["run_id"]
		replication, err := c.info("replication")
		if err != nil {
			return err
		}
		role = replication["role"]
		switch {
		case role == "slave" && replication["master_link_status"] != "up":
			return fmt.Errorf("link is %s", replication["master_link_status"])
		case role == "master" && replication["connected_slaves"] != fmt.Sprint(replicas):
			return fmt.Errorf("%s replicas are connected", replication["connected_slaves"])
		}
		return nil
	})
	return role, err
}

// endpoints checks where the endpoints lead to.
func (g *group) endpoints(ctx context.Context, s state) error {
	at := func(address string) (process string, err error) {
		err = g.ask(ctx, address, func(c *conn) error {
			server, err := c.info("server")
			process = server["run_id"]
			return err
		})
		return process, err
	}
	primary, err := at(g.primaryEndpoint)
	if err != nil {
		return fmt.Errorf("primary endpoint: %w", err)
	}
	if primary != s.process[s.primary] {
		return fmt.Errorf("primary endpoint does not lead to %s", s.primary)
	}
	reader, err := at(g.readerEndpoint)
	if err != nil {
		return fmt.Errorf("reader endpoint: %w", err)
	}
	for node, process := range s.process {
		if process == reader && node != s.primary {
			return nil
		}
	}
	return fmt.Errorf("reader endpoint leads to no replica")
}
