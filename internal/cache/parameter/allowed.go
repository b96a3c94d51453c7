package parameter

import (
	"strconv"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// Allowed is what values a parameter can have, as the original writes it: words, numbers and ranges, separated by commas. "0-" is every
// number from 0 on, "1-75" a range, "-5" a number, and "-" any number. Empty: it is not said.
type Allowed string

// admits reports whether a value is one of them. The type says what a range is of.
func (a Allowed) admits(value, kind string) bool {
	if a == "" {
		return true
	}
	for part := range strings.SplitSeq(string(a), ",") {
		if part == value {
			return true
		}
		if kind != "string" && within(part, value) {
			return true
		}
	}
	return false
}

// within reports whether a number is in a range.
func within(span, value string) bool {
	number, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return false
	}
	if span == "-" {
		return true
	}
	i := strings.LastIndex(span[1:], "-") // a leading hyphen is a sign
	if i < 0 {
		one, err := strconv.ParseFloat(span, 64)
		return err == nil && one == number
	}
	from, to := span[:i+1], span[i+2:]
	least, err := strconv.ParseFloat(from, 64)
	if err != nil || number < least {
		return false
	}
	if to == "" {
		return true
	}
	most, err := strconv.ParseFloat(to, 64)
	return err == nil && number <= most
}

// Check refuses a value that the parameter cannot have; the error is of [cache.KindInvalid]. Values that the original allows and no
// engine takes are refused, too: they would be found out when a node is started.
func (p *Parameter) Check(value string) error {
	refuse := func(want string) error {
		return cache.Errorf(cache.KindInvalid, "The value %s of parameter %s is not allowed. %s", quote(value), p.Name, want)
	}
	switch {
	case p.Name == renameCommands:
		if want := p.checkRenames(value); want != "" {
			return refuse(want)
		}
	case p.Name == notifyKeyspaceEvents && strings.Trim(value, notifyClasses) != "":
		return refuse("It is made of the letters " + notifyClasses + ".")
	case p.Type == "integer" || p.Type == "boolean":
		if want := p.checkNumber(value); want != "" {
			return refuse(want)
		}
	case p.Name == notifyKeyspaceEvents:
	case !p.Allowed.admits(value, p.Type):
		return refuse("Allowed values: " + string(p.Allowed) + ".")
	}
	return nil
}

// checkNumber says what a number would have to be; empty: it is right.
func (p *Parameter) checkNumber(value string) (want string) {
	number, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil || strconv.FormatInt(number, 10) != value:
		return "It must be a whole number."
	case !p.Allowed.admits(value, p.Type):
		return "Allowed values: " + string(p.Allowed) + "."
	case strings.HasPrefix(p.Name, normalLimits) && strings.HasSuffix(p.Name, "-limit") && number > 0 && number < leastLimit:
		return "aikagi itself is such a client: it must be 0, for no limit, or at least " + strconv.Itoa(leastLimit) + "."
	case p.Allowed == "-" && number < -1:
		return "The engines take -1, for off, or more."
	case number > p.most():
		return "The engines take at most " + strconv.FormatInt(p.most(), 10) + "."
	}
	return ""
}

const (
	renameCommands       = "rename-commands"
	notifyKeyspaceEvents = "notify-keyspace-events"
	notifyClasses        = "KEg$lshzxetdmnA"
)

// The control plane reads lists of all clients, of which a node may have ten thousand, over a connection that is a client's to the
// engine.
const (
	normalLimits = "client-output-buffer-limit-normal-"
	leastLimit   = 16 << 20
)

func quote(value string) string { return strconv.Quote(cache.QuoteName(value)) }

// Greatest numbers that engines take where the original says no limit.
//
// Source: config.c of Redis 7.0 and Valkey 8.0.
const (
	greatestInt    = 1<<31 - 1
	greatestMemory = 1<<63 - 1
)

var greatest = map[string]int64{
	"maxmemory-samples": 64,
	// Sizes, which are 64 bits wide.
	"active-defrag-ignore-bytes": greatestMemory, "repl-backlog-size": greatestMemory, "repl-backlog-ttl": greatestInt,
	"hash-max-listpack-entries": greatestMemory, "hash-max-listpack-value": greatestMemory, "hash-max-ziplist-entries": greatestMemory,
	"hash-max-ziplist-value": greatestMemory, "zset-max-listpack-entries": greatestMemory, "zset-max-listpack-value": greatestMemory,
	"zset-max-ziplist-entries": greatestMemory, "zset-max-ziplist-value": greatestMemory, "set-max-intset-entries": greatestMemory,
	"slowlog-log-slower-than": greatestMemory, "slowlog-max-len": greatestMemory, "stream-node-max-bytes": greatestMemory,
	"stream-node-max-entries": greatestMemory, "tracking-table-max-keys": greatestMemory,
	"client-output-buffer-limit-normal-hard-limit": greatestMemory, "client-output-buffer-limit-normal-soft-limit": greatestMemory,
	"client-output-buffer-limit-pubsub-hard-limit": greatestMemory, "client-output-buffer-limit-pubsub-soft-limit": greatestMemory,
	"commandlog-reply-larger-than": greatestMemory, "commandlog-request-larger-than": greatestMemory,
	"reserved-memory": greatestMemory,
}

func (p *Parameter) most() int64 {
	if most, ok := greatest[p.Name]; ok {
		return most
	}
	return greatestInt
}
