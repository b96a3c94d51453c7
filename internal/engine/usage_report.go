package engine

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// errReport says that the module's report is not one, or of another version.
var errReport = errors.New("not a usage report")

// usageCount is what the module counted on one node. Connections that are live are added by
// addConnections.
type usageCount struct {
	attributes   bool // the module knows whose logins were refused
	passwordless bool
	strangers    map[int64]bool   // live connections of no credential; whether a login was refused on them
	plaintext    map[int64]bool   // live connections of clients without TLS
	users        map[int64]string // live connections of users, and what they count for
	overTLS      int              // how many others there are
	credentials  map[string]*credentialCount
}

// credentialCount finds the clients of its usage by what makes them the same.
type credentialCount struct {
	usage.Record
	onceHeld bool // of NONE: the node let in without a token once
	place    map[clientKey]int
}

type clientKey struct{ address, name, library, version string }

// parseUsage reads the report of the module, see the package doc of module. Lines and words that are
// not known are passed over.
func parseUsage(report string) (*usageCount, error) {
	fields, rest, err := openReport(report)
	if err != nil {
		return nil, err
	}
	u := &usageCount{
		attributes: fields["attributes"] == "1", passwordless: fields["passwordless"] == "1",
		strangers: map[int64]bool{}, plaintext: map[int64]bool{}, users: map[int64]string{}, credentials: map[string]*credentialCount{},
	}
	if fields["gate"] == "1" {
		u.credential(usage.Plaintext) // it can tell, also that there is none
	}
	for line := range strings.Lines(rest) {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		fields := parseFields(words[2:])
		switch words[0] {
		case "credential":
			u.credential(words[1]).read(fields)
		case "client":
			u.credential(words[1]).readClient(fields)
		case "stranger":
			if id, err := strconv.ParseInt(words[1], 10, 64); err == nil {
				u.strangers[id] = fields["tried"] == "1"
			}
		case "plaintext":
			if id, err := strconv.ParseInt(words[1], 10, 64); err == nil {
				u.plaintext[id] = true
			}
		case "user":
			if id, err := strconv.ParseInt(words[1], 10, 64); err == nil && len(words) > 2 {
				u.users[id] = words[2]
			}
		}
	}
	return u, nil
}

// openReport returns what the first line says, and the other lines.
func openReport(report string) (fields, string, error) {
	head, rest, _ := strings.Cut(report, "\n")
	words := strings.Fields(head)
	if len(words) < 2 || words[0] != "usage" {
		return nil, "", errReport
	}
	if words[1] != strconv.Itoa(usageReport) {
		return nil, "", fmt.Errorf("%w of version %d", errReport, usageReport)
	}
	return parseFields(words[2:]), rest, nil
}

type fields map[string]string

func parseFields(words []string) fields {
	f := make(fields, len(words))
	for _, word := range words {
		key, value, _ := strings.Cut(word, "=")
		f[key] = value
	}
	return f
}

// count returns a field as a number that is not negative.
func (f fields) count(key string) int64 {
	n, err := strconv.ParseInt(f[key], 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// time returns a field that holds milliseconds, zero for never.
func (f fields) time(key string) time.Time {
	if ms := f.count(key); ms > 0 {
		return time.UnixMilli(ms).UTC()
	}
	return time.Time{}
}

// credential returns the entry of that name, and makes it if need be.
func (u *usageCount) credential(name string) *credentialCount {
	c := u.credentials[name]
	if c == nil {
		c = &credentialCount{place: map[clientKey]int{}}
		c.Credential = strings.Clone(name)
		u.credentials[c.Credential] = c
	}
	return c
}

func (c *credentialCount) read(f fields) {
	c.Authentications, c.LastMinute, c.Refused = f.count("authentications"), f.count("minute"), f.count("refused")
	c.FirstUsed, c.LastUsed = f.time("first-used"), f.time("last-used")
	c.FirstRefused, c.LastRefused = f.time("first-refused"), f.time("last-refused")
	c.onceHeld = f["once-held"] == "1"
	c.OtherClients = usage.Client{
		Closed: f.count("other-closed"), Refused: f.count("other-refused"),
		FirstSeen: f.time("other-first"), LastSeen: f.time("other-last"),
	}
}

func (c *credentialCount) readClient(f fields) {
	k := c.client(clientKey{address: f["addr"], name: cutName(f["name"])})
	k.Closed += f.count("closed")
	k.Refused += f.count("refused")
	saw(k, f.time("first"))
	saw(k, f.time("last"))
}

// client returns the entry of a client, and makes it if need be; it is good until the next
// call. What is kept are copies: the key's strings may be parts of a list of all connections.
func (c *credentialCount) client(key clientKey) *usage.Client {
	i, ok := c.place[key]
	if !ok {
		i = len(c.Clients)
		key = clientKey{strings.Clone(key.address), strings.Clone(key.name), strings.Clone(key.library), strings.Clone(key.version)}
		c.Clients = append(c.Clients, usage.Client{Address: key.address, Name: key.name, Library: key.library, LibraryVersion: key.version})
		c.place[key] = i
	}
	return &c.Clients[i]
}

// saw widens the time in which the client was seen; zero is no time.
func saw(k *usage.Client, at time.Time) {
	if at.IsZero() {
		return
	}
	if k.FirstSeen.IsZero() || at.Before(k.FirstSeen) {
		k.FirstSeen = at
	}
	if at.After(k.LastSeen) {
		k.LastSeen = at
	}
}

// addRefusals attributes refused logins where the module cannot. What the log says of a
// token or a user that the node never had is left out, the service's own tries among it.
func (u *usageCount) addRefusals(refusals []refusal, now time.Time) {
	attributed := map[*credentialCount]int64{}
	for _, r := range refusals {
		c := u.credentials[r.credential]
		if c == nil || c.Credential == usage.Unknown {
			continue
		}
		// The log can be older than the figures, and must not say more than they do.
		count := min(r.count, c.Refused-attributed[c])
		if count <= 0 {
			continue
		}
		attributed[c] += count
		k := c.client(clientKey{address: r.address, name: r.name})
		k.Refused += count
		saw(k, now.Add(-r.age))
	}
}

// credentialOf returns what the connection logged in with; empty for one that has no credential, or that is not a
// client's.
func (u *usageCount) credentialOf(c connection) string {
	if fingerprint, ok := strings.CutPrefix(c.user, tokenUserPrefix); ok {
		return fingerprint
	}
	if credential, ok := u.users[c.id]; ok {
		return credential
	}
	if _, stranger := u.strangers[c.id]; c.user != "default" || stranger || c.greets() {
		return ""
	}
	return token.None
}

// addConnections adds the live connections of a CLIENT LIST. A connection of NONE, or in plaintext, becomes an authentication
// in the module's count when it ends; until then it is added here. One that never sent anything counts in neither.
func (u *usageCount) addConnections(list string, now time.Time) {
	for line := range strings.Lines(list) {
		live := parseConnection(line)
		u.addLacking(live, now)
		credential := u.credentialOf(live)
		if credential != "" {
			u.credential(credential).addLive(live, credential == token.None, now)
		}
		switch {
		case u.plaintext[live.id] && !live.greets():
			u.credential(usage.Plaintext).addLive(live, true, now)
		case credential != "":
			u.overTLS++
		}
	}
}

// addLive adds a live connection. Counts: the module does not have it in its figures yet.
func (c *credentialCount) addLive(live connection, counts bool, now time.Time) {
	opened := now.Add(-live.age)
	c.Connections++
	if counts && !live.silent() {
		c.Authentications++
		if live.age < time.Minute {
			c.LastMinute++
		}
		if c.FirstUsed.IsZero() || opened.Before(c.FirstUsed) {
			c.FirstUsed = opened
		}
	}
	c.LastUsed = now
	k := c.client(clientKey{live.address, live.name, live.library, live.ver})
	k.Connections++
	saw(k, opened)
	saw(k, now)
}

// addLacking adds a live connection that asked for something without a token when one was needed,
// as its client may have been used to. The module counts it when it ends.
func (u *usageCount) addLacking(c connection, now time.Time) {
	tried, stranger := u.strangers[c.id]
	none := u.credentials[token.None]
	if !stranger || tried || c.user != "default" || c.entering() || none == nil || !none.onceHeld && none.FirstUsed.IsZero() {
		return
	}
	none.Refused++
	none.LastRefused = now
	if none.FirstRefused.IsZero() {
		none.FirstRefused = now.Add(-c.age)
	}
	k := none.client(clientKey{address: c.address, name: c.name})
	k.Refused++
	saw(k, now)
}

// result returns what was counted, with the lists of clients in order and of bounded length.
func (u *usageCount) result(nodeID string) []usage.Record {
	var all []usage.Record
	nodes := []string{nodeID}
	for name, c := range u.credentials {
		unused := c.Authentications == 0 && c.Refused == 0
		if unused && (name == usage.Unknown || name == token.None && !u.passwordless) {
			continue
		}
		c.mendLibraries()
		for i := range c.Clients {
			c.Clients[i].Nodes = nodes
		}
		all = append(all, c.Record)
	}
	if u.overTLS > 0 && u.credentials[usage.Plaintext] != nil { // without a gate nobody knows
		all = append(all, usage.Record{Credential: usage.TLS, Connections: u.overTLS})
	}
	return usage.Merge(all)
}

// mendLibraries gives what is known of a client's past, which engines tell without its library, to
// its live connections, when they all have the same one.
func (c *credentialCount) mendLibraries() {
	type place struct{ address, name string }
	heirs := map[place][]int{} // of the clients with nothing but a past; there are few
	for _, k := range c.Clients {
		if k.Connections == 0 {
			heirs[place{k.Address, k.Name}] = nil
		}
	}
	for i, k := range c.Clients {
		at := place{k.Address, k.Name}
		if list, ok := heirs[at]; ok && k.Connections > 0 {
			heirs[at] = append(list, i)
		}
	}
	isPast := func(k usage.Client) bool {
		return k.Connections == 0 && len(heirs[place{k.Address, k.Name}]) == 1
	}
	for _, past := range c.Clients {
		if !isPast(past) {
			continue
		}
		k := &c.Clients[heirs[place{past.Address, past.Name}][0]]
		k.Closed += past.Closed
		k.Refused += past.Refused
		saw(k, past.FirstSeen)
		saw(k, past.LastSeen)
	}
	c.Clients = slices.DeleteFunc(c.Clients, isPast)
}
