package history

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
	"unique"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine"
)

// credentialsKept is how many credentials a sample has at the most: the two that a group can
// hold, and two that are retired and still have connections.
const credentialsKept = 4

// unknown is a figure that was not to be had.
const unknown = -1

// name is one of few texts that are in very many samples.
type name = unique.Handle[string]

// sample is what a node said at one time, made small; see engine.Counters. One of a node that
// did not answer has the time alone.
type sample struct {
	at                                int64 // Unix time in milliseconds
	run                               name
	commands, hits, misses, evictions int64
	cpu                               time.Duration
	clients, memory                   int64
	lag                               int64 // seconds, or unknown
	offsetLag                         int64 // bytes, or unknown
	credentials                       [credentialsKept]credentialSample
}

// credentialSample is of no credential if it has no name.
type credentialSample struct {
	name            name
	authentications int64
	connections     int64 // or unknown
}

func (s *sample) answered() bool { return s.run != name{} }

// credential returns the figures of a credential, or nil.
func (s *sample) credential(n name) *credentialSample {
	for i := range s.credentials {
		if s.credentials[i].name == n {
			return &s.credentials[i]
		}
	}
	return nil
}

// newSamples makes a sample of each answer; they are in the order of the group's nodes.
func newSamples(g *replication.Group, answers []answer) []sample {
	nodes, primaries := g.Nodes(), map[string]*engine.Counters{} // by the shard's id
	for i, node := range nodes {
		if shard := g.ShardOf(node.ID); shard.PrimaryID == node.ID {
			primaries[shard.ID] = answers[i].counters
		}
	}
	samples := make([]sample, len(answers))
	for i, a := range answers {
		samples[i].at = a.at.UnixMilli()
		c := a.counters
		if c == nil {
			continue
		}
		s := &samples[i]
		s.run = unique.Make(c.Run)
		s.commands, s.hits, s.misses, s.evictions, s.cpu = c.Commands, c.Hits, c.Misses, c.Evictions, c.CPU
		s.clients, s.memory = c.Clients, c.UsedMemory
		s.lag, s.offsetLag = lagOf(c, nodes[i].ServiceAddress(), primaries[g.ShardOf(nodes[i].ID).ID])
		for j, u := range chooseCredentials(c.Credentials, g.Tokens) {
			s.credentials[j] = credentialSample{unique.Make(u.Credential), u.Authentications, u.Connections}
		}
	}
	return samples
}

// lagOf says how far a replica is behind: the seconds since its primary heard of it, or since it lost the
// primary, and the bytes of the stream of writes. The primary is nil if it did not answer.
func lagOf(replica *engine.Counters, address netip.AddrPort, primary *engine.Counters) (seconds, bytes int64) {
	seconds, bytes = unknown, unknown
	if replica.Role != engine.RoleReplica || !replica.Synced {
		return seconds, bytes
	}
	if !replica.LinkUp {
		seconds = replica.LinkDown
	}
	if primary == nil || primary.Role != engine.RolePrimary {
		return seconds, bytes
	}
	for _, r := range primary.Replicas {
		if replica.LinkUp && r.Address == address {
			seconds = r.Seconds
		}
	}
	// They were asked one after the other: the replica may have the later answer.
	return seconds, max(0, primary.Offset-replica.Offset)
}

// chooseCredentials returns what is worth keeping: the credentials that are held, then those with
// connections, most first.
func chooseCredentials(known []engine.CredentialCounters, held token.Set) []engine.CredentialCounters {
	isHeld := map[string]bool{}
	for _, c := range held.Credentials() {
		isHeld[c.String()] = true
	}
	chosen := slices.DeleteFunc(slices.Clone(known), func(c engine.CredentialCounters) bool {
		return !isHeld[c.Credential] && c.Connections <= 0
	})
	slices.SortFunc(chosen, func(a, b engine.CredentialCounters) int {
		if isHeld[a.Credential] != isHeld[b.Credential] {
			if isHeld[a.Credential] {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Connections, a.Connections), cmp.Compare(a.Credential, b.Credential))
	})
	return chosen[:min(len(chosen), credentialsKept)]
}
