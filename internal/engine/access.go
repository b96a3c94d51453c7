package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

// aclCommand is kept from clients by the engine module, which gives them its
// harmless parts back.
const aclCommand = "ACL"

// Rights are what clients of a node may do, whatever their credential.
type Rights struct {
	Version cache.EngineVersion // of the node's process; it decides which commands there are
	Allow   policy.Allowance
}

// rules are the rights as access rules.
func (r Rights) rules() string {
	return "~* &* " + policy.Rules(r.Version, r.Allow)
}

// Digest tells two texts of rules apart. The engines list rules in words of their own, so what was asked for is
// kept beside them: as the password of [RulesUser], who can never log in.
func (r Rights) Digest() string {
	sum := sha256.Sum256([]byte(r.rules()))
	return hex.EncodeToString(sum[:])
}

// mark are the rules of [RulesUser]. The engine module reads there whether it lets RESTORE through.
func (r Rights) mark() string {
	mark := "reset off #" + r.Digest() + " resetkeys resetchannels -@all"
	if r.Allow.Restore {
		mark += " +restore"
	}
	return mark
}

// replicationRules are the rights that PSYNC needs, and no more.
const replicationRules = "resetkeys resetchannels -@all +ping +psync +replconf"

// probeRules are no rights at all: the user is only for what counts connections.
const probeRules = "resetkeys resetchannels -@all"

// Secrets are the passwords of a node's internal users.
type Secrets struct{ Admin, Replication, Probe Secret }

// RenderAccess renders a node's ACL file. The result depends on nothing but its
// arguments, and a set renders to the same text each time.
func RenderAccess(tokens token.Set, rights Rights, secrets Secrets) []byte {
	var b strings.Builder
	clientRules := rights.rules()
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
	fmt.Fprintf(&b, "user %s %s\n", RulesUser, rights.mark())
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
	Rules  string // digest of the rules that clients have; empty: those of a version that did not note it
}

// Permits reports whether clients of a node have exactly these rights.
func (a Access) Permits(rights Rights) bool { return a.Rules == rights.Digest() }

// Grants reports whether a node accepts exactly the credentials of the set.
func (a Access) Grants(set token.Set) bool {
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
		case name == RulesUser:
			access.Rules = strings.Join(digests, ",")
		case !strings.HasPrefix(name, tokenUserPrefix):
		case on:
			access.Tokens[name] = strings.Join(digests, ",")
		default:
			access.Retired = append(access.Retired, name)
		}
	}
	return access
}

// AdminKnown reports whether an ACL file has an administrator, and whether it is the one with this
// password.
func AdminKnown(accessFile []byte, admin Secret) (known, same bool) {
	for line := range strings.SplitSeq(string(accessFile), "\n") {
		rest, found := strings.CutPrefix(line, "user "+AdminUser+" ")
		if !found {
			continue
		}
		known = true
		same = same || strings.Contains(rest, "#"+admin.digestHex())
	}
	return known, same
}
