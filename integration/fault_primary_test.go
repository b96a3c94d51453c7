package integration_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// receipt is what a failover must have left behind.
type receipt struct{ cause, from, to string }

// isReplica reports whether a node is a member that is not the primary.
func (g *subject) isReplica(node string) bool {
	return node != g.primary && slices.Contains(g.nodes, node)
}

// servedBy tells which node a client reaches at an address.
func (g *subject) servedBy(address string) string {
	g.t().Helper()
	node, err := g.tryServedBy(address)
	if err != nil {
		g.t().Fatal(err)
	}
	return node
}

// tryServedBy is servedBy of an address that may be on its way from one node to another.
func (g *subject) tryServedBy(address string) (string, error) {
	c, err := g.tryConnect(address)
	if err != nil {
		return "", err
	}
	defer c.Close()
	info, err := c.do("INFO", "server")
	if err != nil {
		return "", fmt.Errorf("%s: INFO: %w", address, err)
	}
	for node, pid := range g.pids() {
		if strconv.Itoa(pid) == field(info, "process_id") {
			return node, nil
		}
	}
	return "", nil
}

// verifyEndpoints tries who answers. That nobody else listens there the kernel sees to.
func (g *subject) verifyEndpoints() {
	g.t().Helper()
	if node := g.servedBy(primaryEndpoint); node != g.primary {
		g.t().Errorf("%q serves the primary endpoint, want %s", node, g.primary)
	}
	if g.address[readerEndpoint] == "" {
		return
	}
	if node := g.servedBy(readerEndpoint); !g.isReplica(node) && len(g.nodes) > 1 {
		g.t().Errorf("%q serves the reader endpoint, want a replica", node)
	}
}

// verifyReceipts checks that each failover was counted once, and is over.
func (g *subject) verifyReceipts() {
	g.t().Helper()
	all, err := g.client().Failovers(context.Background(), g.id)
	if err != nil {
		g.t().Errorf("failovers: %v", err)
		return
	}
	var found []receipt
	for _, f := range slices.Backward(all) {
		found = append(found, receipt{f.Cause, f.FromCacheClusterId, f.ToCacheClusterId})
		if f.Status != "recovered" || f.RecoveredMicroseconds == nil || f.PromotedMicroseconds == nil || f.GivenUpReason != "" {
			g.t().Errorf("receipt of a failover that is over: %+v", f)
		}
		if f.Planned && f.Loss != "none" {
			g.t().Errorf("a planned failover lost %s", f.Loss)
		}
	}
	if !slices.Equal(found, g.receipts) {
		g.t().Errorf("receipts: %v, want %v", found, g.receipts)
	}
}

// recovered returns a function that reports whether there is one more failover than
// now, and the group is whole again.
func (g *subject) recovered() func() (bool, error) {
	want := len(g.receipts) + 1
	return func() (bool, error) {
		all, err := g.client().Failovers(context.Background(), g.id)
		if err != nil || len(all) < want {
			return false, errors.Join(err, fmt.Errorf("%d failovers, want %d", len(all), want))
		}
		return g.isSettled()
	}
}

// noteFailover keeps in mind what the newest failover, of that cause, leads to. The
// control plane has chosen the new primary.
func (g *subject) noteFailover(cause string) {
	g.t().Helper()
	from := g.primary
	access, _, err := g.access()
	for _, n := range access.Nodes {
		if n.Role == "primary" {
			g.primary = n.CacheClusterId
		}
	}
	if g.primary == from {
		g.t().Fatalf("%s is the primary as before (%v)", from, err)
	}
	g.receipts = append(g.receipts, receipt{cause, from, g.primary})
	completed := fmt.Sprintf("Failover from primary node %s to replica node %s completed", from, g.primary)
	g.events[g.primary+": "+completed]++
	g.events[g.id+": "+completed]++
	g.recovers(from)
}
