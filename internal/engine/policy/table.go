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
		{Tagged, "feeds bytes of the client's to the engine's parser of snapshots; see \"RESTORE\"", names("restore restore-asking"), true},

		{Hidden, "writes files, and forks", names("bgrewriteaof bgsave save"), true},
		{Hidden, "changes what the control plane has set, and shows paths and passwords", names("config"), true},
		{Hidden, "stops or crashes the engine, and shows its insides", names("debug"), true},
		{Hidden, "ends the engine", names("shutdown"), true},
		{Hidden, "changes the node's role, which the control plane decides", names("failover replicaof slaveof"), true},
		{Hidden, "connects to any address from the inside, and reads what it answers as a snapshot", names("migrate"), true},
		{Hidden, "loads programs into the engine, and shows their paths", names("module"), true},
		{Hidden, "forks, and sends all data", names("sync"), true},
		{Hidden, "changes or shows who may log in; the engine module answers", names(
			"acl|deluser acl|getuser acl|load acl|save acl|setuser"), true},

		{Denied, "belongs to replication; replicas send it under its own name, so it cannot get another", names("psync replconf"), true},
		{Denied, "holds everybody's commands up, so that a primary looks as if it hung, or lets writes through that a failover holds back", names(
			"client|pause client|unpause"), true},
		{Denied, "freezes the engine for as long as the client likes (SYNC), or forks at every EVAL (YES)", names("script|debug"), false},
		{Denied, "is a test of the engine's makers; it stops the engine for a second", names("pfselftest"), true},
		{Denied, "is a tool of the engine's makers", names("pfdebug"), true},
		{Denied, "changes a cluster, and writes a file; there is none here", names("cluster|addslots cluster|addslotsrange cluster|bumpepoch " +
			"cluster|delslots cluster|delslotsrange cluster|failover cluster|flushslots cluster|forget cluster|meet cluster|replicate cluster|reset " +
			"cluster|saveconfig cluster|set-config-epoch cluster|setslot"), true},
		{Denied, "shows connections within a cluster; there is none here", names("cluster|links"), false},
	}
}

// marked are the commands that stay although the engines call them dangerous: the original has them.
func marked() []Rule {
	return []Rule{
		{Allowed, "removes or exchanges all keys, which a client may", names("flushall flushdb swapdb"), true},
		{Allowed, "takes long with many keys; a node that works is not taken for a hanging one", names("keys sort sort_ro"), true},
		{Allowed, "says how the node does", names("info lastsave role"), true},
		{Allowed, "shows the commands of all clients, and none of the service's", names("monitor"), true},
		{Allowed, "shows and ends clients; the engine module keeps the service's own connections out", names("client|kill client|list"), true},
		{Allowed, "concerns clients only", names("client|no-evict client|unblock"), true},
		{Allowed, "shows who may log in, who may do what, and who was refused; the engine module leaves out what is the service's", names("acl|dryrun acl|list acl|log acl|users"), true},
		{Allowed, "measures; its records are everybody's to clear, as in the original", names(
			"latency|doctor latency|graph latency|histogram latency|history latency|latest latency|reset slowlog|get slowlog|len slowlog|reset"), true},
		{Allowed, "asks about a cluster; there is none here", names("cluster|count-failure-reports cluster|replicas cluster|slaves"), true},
	}
}
