package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/valkey-io/valkey-go"

	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/cache/user"
)

const (
	usageCommand = "aikagi.usage"
	usageReport  = 1 // the version of the module's report that is read here
	clientName   = 64
	// greeting is how long a connection may be about to log in.
	greeting = 2 * time.Second
)

// Usage asks the node who uses which credential. The figures are the engine module's: they are of all
// connections that there were, however short. now is the present.
//
// A node that was started by a version without counting answers with an error for which
// [IsRefused] holds.
func (a *Admin) Usage(ctx context.Context, nodeID string, now time.Time) ([]usage.Record, error) {
	report, clients, err := a.usage(ctx)
	if err != nil {
		return nil, err
	}
	counted, err := parseUsage(report)
	if err != nil {
		return nil, fmt.Errorf("read node's usage report: %w", err)
	}
	if !counted.attributes {
		ctx, cancel := context.WithTimeout(ctx, a.deadline)
		defer cancel()
		entries, err := a.client.Do(ctx, a.renamed("ACL", "LOG", "128")).ToArray()
		if err != nil {
			return nil, fmt.Errorf("read node's log of refused logins: %w", err)
		}
		counted.addRefusals(readRefusals(entries), now)
	}
	counted.addConnections(clients, now)
	return counted.result(nodeID), nil
}

// usage fetches the module's report and the list of connections as of one moment: no connection
// can end in between and be in neither.
func (a *Admin) usage(ctx context.Context) (report, clients string, err error) {
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	answers, err := a.client.Do(ctx, a.command(usageCommand, "CLIENTS")).ToArray()
	if err == nil && len(answers) != 2 {
		err = fmt.Errorf("%d answers to 2 questions", len(answers))
	}
	if err == nil {
		report, err = answers[0].ToString()
	}
	if err == nil {
		clients, err = answers[1].ToString()
	}
	if err != nil {
		return "", "", fmt.Errorf("ask node for usage: %w", err)
	}
	return report, clients, nil
}

// Connections returns the ids of the live connections of one credential, a fingerprint or
// [token.None], oldest first.
func (a *Admin) Connections(ctx context.Context, credential string) ([]int64, error) {
	report, clients, err := a.usage(ctx)
	if err != nil {
		return nil, err
	}
	counted, err := parseUsage(report)
	if err != nil {
		return nil, fmt.Errorf("read node's usage report: %w", err)
	}
	var ids []int64
	for line := range strings.Lines(clients) {
		if c := parseConnection(line); counted.credentialOf(c) == credential && c.id > 0 {
			ids = append(ids, c.id)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// EndConnections ends connections by their ids. Those that have ended by themselves are no error.
func (a *Admin) EndConnections(ctx context.Context, ids []int64) error {
	const batch = 500
	for part := range slices.Chunk(ids, batch) {
		commands := make([]valkey.Completed, len(part))
		for i, id := range part {
			commands[i] = a.command("CLIENT", "KILL", "ID", strconv.FormatInt(id, 10))
		}
		if err := a.all(ctx, "end connections", commands...); err != nil {
			return err
		}
	}
	return nil
}

// connection is a line of CLIENT LIST; its strings are parts of the list.
type connection struct {
	id                                int64
	user, address, name, library, ver string
	command                           string
	age, idle                         time.Duration
	received                          string // bytes, where the engine says
}

func parseConnection(line string) connection {
	var c connection
	for line = strings.TrimRight(line, "\r\n"); line != ""; {
		var field string
		field, line, _ = strings.Cut(line, " ")
		key, value, _ := strings.Cut(field, "=")
		switch key {
		case "id":
			c.id, _ = strconv.ParseInt(value, 10, 64)
		case "addr":
			c.address = hostOf(value)
		case "name":
			c.name = cutName(value)
		case "age":
			c.age = parseSeconds(value)
		case "idle":
			c.idle = parseSeconds(value)
		case "tot-net-in":
			c.received = value
		case "cmd":
			c.command = value
		case "user":
			c.user = value
		case "lib-name":
			c.library = cutName(value)
		case "lib-ver":
			c.ver = cutName(value)
		}
	}
	return c
}

func parseSeconds(s string) time.Duration {
	seconds, _ := strconv.ParseInt(s, 10, 32)
	return time.Duration(max(seconds, 0)) * time.Second
}

// cutName bounds what clients call themselves as the module does.
func cutName(s string) string { return s[:min(len(s), clientName)] }

func hostOf(address string) string {
	if i := strings.LastIndexByte(address, ':'); i >= 0 {
		address = address[:i]
	}
	return strings.Trim(address, "[]")
}

// greets reports whether the connection may still be about to log in.
func (c connection) greets() bool {
	return c.age < greeting && c.entering()
}

// entering reports whether it has asked for nothing but to be let in, as far as its last command
// tells. The module judges those that end the same way.
func (c connection) entering() bool {
	switch c.command {
	case "NULL", "", "auth", "hello", "reset":
		return true
	}
	return false
}

// silent reports whether nothing ever came from it: see read_purpose in the module.
func (c connection) silent() bool {
	return c.command == "NULL" && (c.received == "0" || c.received == "" && c.idle == c.age)
}

// refusal is an entry of ACL LOG about a login.
type refusal struct {
	credential, address, name string
	count                     int64
	age                       time.Duration
}

// readRefusals picks the refused logins out of the answer to ACL LOG.
func readRefusals(entries []valkey.ValkeyMessage) []refusal {
	var refusals []refusal
	for _, entry := range entries {
		fields, err := entry.AsMap()
		if err != nil {
			continue
		}
		text := func(key string) string {
			value := fields[key]
			s, _ := value.ToString()
			return s
		}
		name := text("username")
		if text("reason") != "auth" || name == user.DefaultID {
			continue
		}
		credential, isToken := strings.CutPrefix(name, tokenUserPrefix)
		if !isToken {
			credential = user.Credential(name)
		}
		message := fields["count"]
		count, _ := message.AsInt64()
		seconds, _ := strconv.ParseFloat(text("age-seconds"), 64)
		client := parseConnection(text("client-info"))
		refusals = append(refusals, refusal{
			credential: credential, address: client.address, name: client.name,
			count: max(count, 0), age: time.Duration(max(seconds, 0) * float64(time.Second)),
		})
	}
	return refusals
}
