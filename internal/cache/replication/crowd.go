package replication

import (
	"net/netip"
	"strconv"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Crowd says that clients have all the connections of a node that they may have, so that no further one gets in.
type Crowd struct {
	Connections int64         `json:"connections"`
	Limit       int64         `json:"limit"`
	From        []ClientCount `json:"from,omitempty"` // the addresses with the most, when they were last asked for
	Since       time.Time     `json:"since"`
	AskedAt     time.Time     `json:"asked_at"`
}

// ClientCount is how many connections come from an address.
type ClientCount struct {
	Address     netip.Addr `json:"address"`
	Connections int64      `json:"connections"`
}

// NoteCrowd records that a node's connections for clients are full, with who has them now, or, without a
// crowd, that there is room again. It tells of each once.
func (g *Group) NoteCrowd(nodeID string, crowd *Crowd, now time.Time) []cache.Event {
	node := g.Node(nodeID)
	if node == nil || node.Crowd == nil && crowd == nil {
		return nil
	}
	was := node.Crowd
	node.Crowd = crowd
	switch {
	case crowd == nil:
		return []cache.Event{node.Tell(now, cache.Say(cache.FactClientsRoom, "node", nodeID))}
	case was == nil:
		crowd.Since = now
		return []cache.Event{node.Tell(now, node.SayCrowd())}
	}
	crowd.Since = was.Since
	return nil
}

// MendCrowd says what to do about a node whose connections are full.
func (g *Group) MendCrowd(n *Node) cache.Saying {
	return cache.Say(cache.FactClientsMend, "port", strconv.Itoa(int(n.Address.Port())), "node", n.ID)
}

// SayCrowd says that the node's connections are full, and who has most of them.
func (n *Node) SayCrowd() cache.Saying {
	var from []cache.Saying
	for _, c := range n.Crowd.From {
		from = append(from, cache.Say(cache.FactClientsFrom, "address", c.Address, "n", c.Connections))
	}
	return cache.Say(cache.FactClientsFull, "node", n.ID, "n", min(n.Crowd.Connections, n.Crowd.Limit), "limit", n.Crowd.Limit, "from", from)
}
