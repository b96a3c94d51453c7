package hostname

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/replication"
)

// Domain is where all names are: in lower case, without a dot at its end. The zero Domain stands for no domain.
type Domain string

// Default is below the top-level domain that ICANN keeps out of the public DNS for
// private use.
const Default Domain = "cache.internal"

// domainMax leaves room, in the 253 characters of a name (RFC 1035, 2.3.4), for the
// longest that stands before the domain: a node's id, its group's, and two dots.
const domainMax = 253 - len("-001") - 2*40 - 2

var domainForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)

// Parse reads a domain as people write it: in any case, with or without the last dot.
func Parse(text string) (Domain, error) {
	name := strings.ToLower(strings.TrimSuffix(text, "."))
	if len(name) > domainMax || !domainForm.MatchString(name) {
		return "", fmt.Errorf("domain %q: want letters, digits and hyphens with dots between them, at most %d characters, like %s",
			text, domainMax, Default)
	}
	return Domain(name), nil
}

// hostForm is that of a host name (RFC 1123, 2.1), in any case.
var hostForm = regexp.MustCompile(`^(?i)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)

// Valid reports whether a text is a host name or an address, one that can be connected to.
func Valid(host string) bool {
	if address, err := netip.ParseAddr(host); err == nil {
		return !address.IsUnspecified() && address.Zone() == ""
	}
	return len(host) <= 253 && hostForm.MatchString(host)
}

// Primary is the name of the group's primary endpoint, as it is shown.
func (d Domain) Primary(g *replication.Group) string {
	if plain := d.plainPrimary(g); !g.TransitInForce().TLS() && plain != "" {
		return plain
	}
	return d.below(labelPrimary, g.ID)
}

// Reader is the name of the group's reader endpoint, as it is shown.
func (d Domain) Reader(g *replication.Group) string {
	if g.TransitInForce().TLS() {
		return d.below(labelReader, g.ID)
	}
	return d.plainReader(g)
}

// Node is the name of one node of the group, as it is shown.
func (d Domain) Node(g *replication.Group, node *replication.Node) string {
	if g.TransitInForce().TLS() && !g.Standalone {
		return d.below(node.ID, g.ID)
	}
	return d.plainNode(node)
}

// plainPrimary is the name that the primary endpoint has without TLS; empty if it has none.
func (d Domain) plainPrimary(g *replication.Group) string {
	if strings.HasSuffix(g.ID, readerSuffix) {
		return ""
	}
	return d.below(g.ID, labelPlain, labelShard)
}

func (d Domain) plainReader(g *replication.Group) string {
	return d.below(g.ID+readerSuffix, labelPlain, labelShard)
}

func (d Domain) plainNode(node *replication.Node) string { return d.below(node.ID, labelShard) }

// Of is the name of one of the group's addresses, as the API shows it, without the port; one
// that the group does not hold stays as it is.
func (d Domain) Of(g *replication.Group, at netip.AddrPort) string {
	for i := range g.Shards {
		switch shard := &g.Shards[i]; at {
		case shard.PrimaryEndpoint, shard.OtherPrimary, shard.PrimaryEndpoint6, shard.OtherPrimary6:
			return d.Primary(g)
		case shard.ReaderEndpoint, shard.OtherReader, shard.ReaderEndpoint6, shard.OtherReader6:
			return d.Reader(g)
		}
	}
	for _, node := range g.Nodes() {
		if node.Address == at || node.Address6 == at || node.Other6 == at || g.Move != nil && g.OtherOf(node) == at {
			return d.Node(g, node)
		}
	}
	return at.Addr().String()
}

// Certified are the names that a node's certificate is to cover: its own and those of
// the endpoints, as its role may change, in both forms: who begins to use TLS may go on using the names that
// it knows. The zero Domain has none.
func (d Domain) Certified(g *replication.Group, node *replication.Node) []string {
	switch {
	case d == "":
		return nil
	case g.Standalone:
		return []string{d.plainNode(node)}
	}
	names := []string{
		d.below(labelPrimary, g.ID), d.below(labelReader, g.ID), d.below(node.ID, g.ID),
		d.plainReader(g), d.plainNode(node),
	}
	if plain := d.plainPrimary(g); plain != "" {
		names = append(names, plain)
	}
	return names
}

func (d Domain) below(labels ...string) string {
	return strings.Join(append(labels, string(d)), ".")
}
