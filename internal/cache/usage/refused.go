package usage

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"time"
)

// Refusals are the connections that a group's nodes did not let in, since each was started.
type Refusals struct {
	At      time.Time // when the nodes were asked
	Missing []MissingNode
	Total   Refused
	ByNode  map[string]Refused // of those that could be asked
	Gates   map[string]Gate    // the same nodes: what they do else with who connects
	Sources []RefusedSource    // the addresses that were refused last, the latest first
}

// Gate is what a node does with those who connect, beside refusing them.
type Gate struct {
	Listeners  int    // addresses that it listens on
	Waiting    int    // sockets that have said nothing yet
	QueuedMost int    // sockets that were on their way to the engine at a time, at most since its start
	Plaintext  uint64 // connections that were let in by the listeners that are open
	TLS        uint64
}

// Refused are connections that were refused, by the reason.
type Refused struct {
	Rules   int64 // no security group lets the address in
	Mode    int64 // plaintext where TLS is required
	Silence int64 // they said nothing
	Clients int64 // there were as many clients as there may be
	Queue   int64 // the engine did not come to accept them
	Source  int64 // there were as many from their address as there may be, or came as often
}

// RefusedSource is an address that was refused.
type RefusedSource struct {
	From   netip.Addr
	LastAt time.Time
	Refused
}

// Plus sums up.
func (r Refused) Plus(other Refused) Refused {
	return Refused{
		r.Rules + other.Rules, r.Mode + other.Mode, r.Silence + other.Silence, r.Clients + other.Clients, r.Queue + other.Queue, r.Source + other.Source,
	}
}

// MergeSources makes one list of the nodes' own, with each address once.
func MergeSources(ofNodes ...[]RefusedSource) []RefusedSource {
	byAddress := map[netip.Addr]RefusedSource{}
	for _, source := range slices.Concat(ofNodes...) {
		known := byAddress[source.From]
		byAddress[source.From] = RefusedSource{source.From, latest(known.LastAt, source.LastAt), known.Plus(source.Refused)}
	}
	return slices.SortedFunc(maps.Values(byAddress), func(a, b RefusedSource) int {
		return cmp.Or(b.LastAt.Compare(a.LastAt), a.From.Compare(b.From))
	})
}
