package usage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// Unknown stands for all tokens that were never held: nodes count the logins with
// them, which they refuse, together.
const Unknown = "unknown"

// Nodes count connections also by how they come, as if that were a credential. Of those in plaintext an
// authentication is a connection that asked for something. A node tells of plaintext, also that there was none, unless it was
// started by an earlier release. Of those over TLS only the live ones are counted.
const (
	Plaintext = "plaintext"
	TLS       = "tls"
)

// ClientsKept is how many clients are told apart for one credential; the rest are summed.
const ClientsKept = 50

// Record is what is known about the use of one credential, on one node or on all
// nodes of a group.
//
// Of the credential NONE an authentication is a connection that was opened while no token was
// asked for and that never gave one.
type Record struct {
	Credential string // a fingerprint, or [token.None], or as in [user.Credential]

	Connections     int   // live
	Authentications int64 // that were accepted
	LastMinute      int64 // of them, in the last 60 seconds
	Refused         int64 // logins with this credential that were refused, most often because it is retired
	FirstUsed       time.Time
	LastUsed        time.Time // the newest authentication, or the present while there are connections
	FirstRefused    time.Time
	LastRefused     time.Time

	// RefusedBy is Refused by the node's id.
	RefusedBy map[string]int64

	Clients      []Client // most connections first, then the most recent; at most [ClientsKept]
	OtherClients Client   // the sum of those that are not listed; its names are empty
}

// Client is what is known about one client of a credential. Connections that say the
// same about themselves are one client.
type Client struct {
	Address        string // IP address, without the port
	Name           string // CLIENT SETNAME
	Library        string // CLIENT SETINFO LIB-NAME
	LibraryVersion string // CLIENT SETINFO LIB-VER
	Nodes          []string

	Connections int   // live
	Closed      int64 // connections that were and ended
	Refused     int64 // logins that were refused; on engines that cannot tell who tried, a lower bound
	FirstSeen   time.Time
	LastSeen    time.Time

	// Formerly are names that clients at this address gave when the credential still let
	// them in, the last one first: of one that was refused before it could give its name.
	Formerly []string `json:",omitempty"`
}

// identity is what makes two sightings the same client.
func (c Client) identity() [4]string {
	return [4]string{c.Address, c.Name, c.Library, c.LibraryVersion}
}

// String names the client for a sentence: worker-3 (10.0.0.7, redis-py 5.0.1).
func (c Client) String() string { return c.saying().Text }

func (c Client) saying() cache.Saying {
	about := c.Address
	if c.Library != "" {
		about += ", " + short(strings.TrimSpace(c.Library+" "+c.LibraryVersion))
	}
	switch {
	case c.Name != "":
		return cache.Say(cache.FactClientNamed, "name", short(c.Name), "about", about)
	case len(c.Formerly) > 0:
		return cache.Say(cache.FactClientFormerly, "about", about, "names", strings.Join(c.Formerly, ", "))
	}
	return cache.Say(cache.FactClientUnnamed, "about", about)
}

// short keeps what a client says about itself from filling or breaking a sentence. Engines take
// printable ASCII only, of any length.
func short(said string) string {
	const longest = 64
	said = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, said)
	if len(said) > longest {
		return said[:longest] + "…"
	}
	return said
}

// InUse reports whether the credential is used now, or was within the time quiet before now.
func (u Record) InUse(now time.Time, quiet time.Duration) bool {
	return u.Connections > 0 || !u.LastUsed.IsZero() && now.Sub(u.LastUsed) < quiet
}

// Merge adds up what the nodes of a group know. The result is in the order of the
// credentials' names, NONE first.
func Merge(nodes ...[]Record) []Record {
	var merged []Record
	for _, node := range nodes {
		for _, u := range node {
			i := slices.IndexFunc(merged, func(m Record) bool { return m.Credential == u.Credential })
			if i < 0 {
				merged = append(merged, Record{Credential: u.Credential})
				i = len(merged) - 1
			}
			merged[i].add(u)
		}
	}
	for i := range merged {
		merged[i].cut()
	}
	slices.SortFunc(merged, func(a, b Record) int {
		if none := cmp.Compare(rank(a.Credential), rank(b.Credential)); none != 0 {
			return none
		}
		return cmp.Compare(a.Credential, b.Credential)
	})
	return merged
}

func rank(credential string) int {
	if credential == token.None {
		return 0
	}
	return 1
}

func (u *Record) add(more Record) {
	u.Connections += more.Connections
	u.Authentications += more.Authentications
	u.LastMinute += more.LastMinute
	u.Refused += more.Refused
	for node, refused := range more.RefusedBy {
		if u.RefusedBy == nil {
			u.RefusedBy = map[string]int64{}
		}
		u.RefusedBy[node] += refused
	}
	u.FirstUsed, u.LastUsed = earliest(u.FirstUsed, more.FirstUsed), latest(u.LastUsed, more.LastUsed)
	u.FirstRefused, u.LastRefused = earliest(u.FirstRefused, more.FirstRefused), latest(u.LastRefused, more.LastRefused)
	known := make(map[[4]string]int, len(u.Clients)) // a node can list thousands
	for i, c := range u.Clients {
		known[c.identity()] = i
	}
	for _, c := range more.Clients {
		if i, ok := known[c.identity()]; ok {
			u.Clients[i].add(c)
			continue
		}
		known[c.identity()] = len(u.Clients)
		c.Nodes = slices.Clone(c.Nodes)
		u.Clients = append(u.Clients, c)
	}
	u.OtherClients.add(more.OtherClients)
}

func (c *Client) add(more Client) {
	c.Connections += more.Connections
	c.Closed += more.Closed
	c.Refused += more.Refused
	c.FirstSeen, c.LastSeen = earliest(c.FirstSeen, more.FirstSeen), latest(c.LastSeen, more.LastSeen)
	for _, node := range more.Nodes {
		if i, found := slices.BinarySearch(c.Nodes, node); !found {
			c.Nodes = slices.Insert(c.Nodes, i, node)
		}
	}
}

// cut puts the clients in order and sums up those that are too many.
func (u *Record) cut() {
	slices.SortFunc(u.Clients, func(a, b Client) int {
		return cmp.Or(cmp.Compare(b.Connections, a.Connections), b.LastSeen.Compare(a.LastSeen), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Address, b.Address),
			cmp.Compare(a.Library, b.Library), cmp.Compare(a.LibraryVersion, b.LibraryVersion))
	})
	if len(u.Clients) <= ClientsKept {
		return
	}
	for _, c := range u.Clients[ClientsKept:] {
		c.Nodes = nil
		u.OtherClients.add(c)
	}
	u.Clients = u.Clients[:ClientsKept]
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
