package engine

import (
	"fmt"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine/module"
)

// aclCommand is kept from clients by the engine module, which gives them its
// harmless parts back.
const aclCommand = "ACL"

// restricted are the commands that clients do not have, renamed so that they look
// unknown.
//
// Source: ElastiCache User Guide, "Supported and restricted commands", and what
// else would give the process away: MODULE, FAILOVER.
var restricted = []string{
	"BGREWRITEAOF", "BGSAVE", "CONFIG", "DEBUG", "FAILOVER", "MIGRATE", "MODULE",
	"REPLICAOF", "SAVE", "SHUTDOWN", "SLAVEOF", "SYNC",
}

// denied are the rules that hold even for a client that has learned a renamed
// command's name, and for what cannot be renamed: PSYNC is sent by replicas under
// its own name. CLIENT PAUSE would make a node look as if it hung; CLIENT UNPAUSE would
// let writes through that a failover holds back.
const denied = "-client|pause -client|unpause -bgrewriteaof -bgsave -config -debug -failover -migrate -module -psync -replconf -replicaof -save -shutdown -slaveof -sync " +
	"-acl +acl|cat +acl|genpass +acl|help +acl|list +acl|log +acl|users +acl|whoami"

// clientRules are the rights of every client, whatever its credential.
const clientRules = "~* &* +@all " + denied + " " + module.ClientRules

// replicationRules are the rights that PSYNC needs, and no more.
const replicationRules = "resetkeys resetchannels -@all +ping +psync +replconf"

// probeRules are no rights at all: the user is only for what counts connections.
const probeRules = "resetkeys resetchannels -@all"

// Secrets are the passwords of a node's internal users.
type Secrets struct{ Admin, Replication, Probe Secret }

// RenderAccess renders a node's ACL file. The result depends on nothing but its
// arguments, and a set renders to the same text each time.
func RenderAccess(tokens cache.TokenSet, secrets Secrets) []byte {
	var b strings.Builder
	if tokens.Passwordless() {
		fmt.Fprintf(&b, "user default on nopass %s\n", clientRules)
	} else {
		fmt.Fprintf(&b, "user default off resetpass %s\n", clientRules)
	}
	for _, t := range tokens.Tokens() {
		fmt.Fprintf(&b, "user %s on #%s %s\n", TokenUser(t.Digest), t.Digest.Hex(), clientRules)
	}
	fmt.Fprintf(&b, "user %s on #%s ~* &* +@all\n", AdminUser, secrets.Admin.digestHex())
	fmt.Fprintf(&b, "user %s on #%s %s\n", ReplicationUser, secrets.Replication.digestHex(), replicationRules)
	fmt.Fprintf(&b, "user %s on #%s %s\n", ProbeUser, secrets.Probe.digestHex(), probeRules)
	return []byte(b.String())
}

// Access is who can log in to a running node, as the node itself lists it.
type Access struct {
	Passwordless bool
	Tokens       map[string]string // names of the token users that can log in, with the hex digests of their passwords
	Retired      []string          // token users that cannot log in any more, but still exist
	// Counts reports whether the node was started with an engine module that counts logins: [ProbeUser]
	// exists there and nowhere else, for only the file that a node starts with makes it.
	Counts bool
}

// Grants reports whether a node accepts exactly the credentials of the set.
func (a Access) Grants(set cache.TokenSet) bool {
	tokens := set.Tokens()
	if a.Passwordless != set.Passwordless() || len(a.Tokens) != len(tokens) {
		return false
	}
	for _, t := range tokens {
		if a.Tokens[TokenUser(t.Digest)] != t.Digest.Hex() {
			return false
		}
	}
	return true
}

// parseAccess reads the answer of ACL LIST.
func parseAccess(lines []string) Access {
	access := Access{Tokens: map[string]string{}}
	for _, line := range lines {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] != "user" {
			continue
		}
		name, on, nopass, digests := fields[1], false, false, []string{}
		for _, rule := range fields[2:] {
			switch {
			case rule == "on":
				on = true
			case rule == "nopass":
				nopass = true
			case strings.HasPrefix(rule, "#"):
				digests = append(digests, rule[1:])
			}
		}
		switch {
		case name == "default":
			access.Passwordless = on && nopass
		case name == ProbeUser:
			access.Counts = on
		case !strings.HasPrefix(name, tokenUserPrefix):
		case on:
			access.Tokens[name] = strings.Join(digests, ",")
		default:
			access.Retired = append(access.Retired, name)
		}
	}
	return access
}
