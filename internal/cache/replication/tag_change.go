package replication

import (
	"github.com/aikagi/aikagi/internal/cache"
)

// ChangeTags changes the tags of the group, and with them those of its nodes, as
// the original does; or, with the id of a member, those of that node alone.
func (g *Group) ChangeTags(id string, change func(cache.Tags) (cache.Tags, error)) error {
	if g.Status != cache.StatusAvailable {
		return cache.ResourceErrorf(cache.KindState, cache.ResourceReplicationGroup, "Cluster not in available state to perform tagging operations.")
	}
	nodes := g.Nodes()
	next := make([]cache.Tags, len(nodes))
	for i := range nodes {
		if id != g.ID && id != nodes[i].ID {
			next[i] = nodes[i].Tags
			continue
		}
		tags, err := change(nodes[i].Tags)
		switch {
		case err == nil:
			next[i] = tags
		case id == g.ID:
			next[i] = nodes[i].Tags // its own tags may differ; the group's decide
		default:
			return err
		}
	}
	if id == g.ID {
		tags, err := change(g.Tags)
		if err == nil {
			err = g.checkTagsBeyond(tags)
		}
		if err != nil {
			return err
		}
		g.Tags = tags
	}
	for i := range nodes {
		nodes[i].Tags = next[i]
	}
	return nil
}

// TagsOf returns the tags of the group, or of the member of that id.
func (g *Group) TagsOf(id string) cache.Tags {
	if node := g.Node(id); node != nil && id != g.ID {
		return node.Tags
	}
	return g.Tags
}
