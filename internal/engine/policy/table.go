package policy

import (
	"slices"
	"strings"
)

// Verdict is what becomes of a command that a client sends.
type Verdict string

// The verdicts, in the words of the documentation.
const (
	Allowed Verdict = "allowed"
	Tagged  Verdict = "refused without a tag" // the group's owner can allow it
	Denied  Verdict = "refused"               // NOPERM
	Hidden  Verdict = "unknown"               // as if the engine did not have it
)

// Rule is a verdict on some commands, for one reason.
type Rule struct {
	Verdict Verdict
	Why     string
	// Commands are names as the engines list them: lower case, "container|subcommand". The name of a container alone
	// stands for all that is in it, except in rules that are [Allowed].
	Commands []string
	// Marked is whether the engines call these commands administrative or dangerous.
	Marked bool
}

func names(text string) []string { return strings.Fields(text) }

// Table returns the rules.
//
// Sources: ElastiCache User Guide, "Supported and restricted commands"; COMMAND DOCS of Redis 7.0 and Valkey 8.0.
func Table() []Rule { return slices.Concat(refused(), marked(), harmless()) }

func refused() []Rule {
	return []Rule{
		{Tagged, "passes bytes from the client to the engine's snapshot parser; see \"RESTORE\"", names("restore restore-asking"), true},

		{Hidden, "writes files and forks", names("bgrewriteaof bgsave save"), true},
		{Hidden, "changes the control plane's settings, and shows paths and passwords", names("config"), true},
		{Hidden, "stops or crashes the engine, and shows its internals", names("debug"), true},
		{Hidden, "stops the engine", names("shutdown"), true},
		{Hidden, "changes the node's role, which the control plane decides", names("failover replicaof slaveof"), true},
		{Hidden, "connects from the node to any address, and reads the answer as a snapshot", names("migrate"), true},
		{Hidden, "loads programs into the engine, and shows their paths", names("module"), true},
		{Hidden, "forks and sends all data", names("sync"), true},
		{Hidden, "changes or shows who may log in; the engine module answers", names(
			"acl|deluser acl|getuser acl|load acl|save acl|setuser"), true},

		{Denied, "belongs to replication; replicas send it under its own name, so it cannot be renamed", names("psync replconf"), true},
		{Denied, "holds up everybody's commands, so that a primary seems to hang, or lets through writes that a failover holds back", names(
			"client|pause client|unpause"), true},
		{Denied, "freezes the engine for as long as the client likes (SYNC), or forks on every EVAL (YES)", names("script|debug"), false},
		{Denied, "is a self-test for engine developers; it blocks the engine for a second", names("pfselftest"), true},
		{Denied, "is a tool for engine developers", names("pfdebug"), true},
		{Denied, "changes a cluster and writes a file; there is no cluster here", names("cluster|addslots cluster|addslotsrange cluster|bumpepoch " +
			"cluster|delslots cluster|delslotsrange cluster|failover cluster|flushslots cluster|forget cluster|meet cluster|replicate cluster|reset " +
			"cluster|saveconfig cluster|set-config-epoch cluster|setslot"), true},
		{Denied, "shows connections within a cluster; there is no cluster here", names("cluster|links"), false},
	}
}

// marked are the commands that stay although the engines call them dangerous: the original has them.
func marked() []Rule {
	return []Rule{
		{Allowed, "removes or swaps all keys, which a client may do", names("flushall flushdb swapdb"), true},
		{Allowed, "is slow with many keys; a busy node does not count as hanging", names("keys sort sort_ro"), true},
		{Allowed, "reports the node's state", names("info lastsave role"), true},
		{Allowed, "shows the commands of all clients, but none of the service's own", names("monitor"), true},
		{Allowed, "shows and closes connections; the engine module protects the service's own", names("client|kill client|list"), true},
		{Allowed, "affects clients only", names("client|no-evict client|unblock"), true},
		{Allowed, "shows who may log in, who may do what, and who was refused; the engine module hides the service's own users", names("acl|dryrun acl|list acl|log acl|users"), true},
		{Allowed, "measures; as in the original, anyone may clear the records", names(
			"latency|doctor latency|graph latency|histogram latency|history latency|latest latency|reset slowlog|get slowlog|len slowlog|reset"), true},
		{Allowed, "asks about a cluster; there is no cluster here", names("cluster|count-failure-reports cluster|replicas cluster|slaves"), true},
	}
}
