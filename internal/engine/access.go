package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

// aclCommand is kept from clients by the engine module, which gives them its
// harmless parts back.
const aclCommand = "ACL"

// Rights are what clients of a node may do, whatever their credential. Users may do less.
type Rights struct {
	Version cache.EngineVersion // of the node's process; it decides which commands there are
	Allow   policy.Allowance
}

// rules are the rights as access rules.
func (r Rights) rules() string {
	return "~* &* " + policy.Rules(r.Version, r.Allow)
}

// replicationRules are the rights that PSYNC needs, and no more.
const replicationRules = "resetkeys resetchannels -@all +ping +psync +replconf"

// probeRules are no rights at all: the user is only for what counts connections.
const probeRules = "resetkeys resetchannels -@all"

// Secrets are the passwords of a node's internal users.
type Secrets struct{ Admin, Replication, Probe Secret }

// RenderAccess renders a node's ACL file. The result depends on nothing but its
// arguments, and the same arguments render to the same text each time.
func RenderAccess(callers Callers, rights Rights, secrets Secrets) []byte {
	var b strings.Builder
	for _, u := range callers.accounts(rights) {
		fmt.Fprintf(&b, "user %s %s\n", u.name, u.rules)
	}
	fmt.Fprintf(&b, "user %s on #%s ~* &* +@all\n", AdminUser, secrets.Admin.digestHex())
	fmt.Fprintf(&b, "user %s on #%s %s\n", ReplicationUser, secrets.Replication.digestHex(), replicationRules)
	fmt.Fprintf(&b, "user %s on #%s %s\n", ProbeUser, secrets.Probe.digestHex(), probeRules)
	fmt.Fprintf(&b, "user %s %s\n", RulesUser, callers.mark(rights))
	return []byte(b.String())
}

// Access is who can log in to a running node, as the node itself lists it.
type Access struct {
	Passwordless bool
	Tokens       map[string]string // names of the token users that can log in, with the hex digests of their passwords
	Retired      []string          // token users that cannot log in any more, but still exist
	Users        []string          // all others that are clients', but for default
	ByUsers      bool              // clients log in as users: tokens' users are those of the passwords of the one named default
	Default      string            // id of the user named default, if they do
	// Counts reports whether the node was started with an engine module that counts logins: [ProbeUser]
	// exists there and nowhere else, for only the file that a node starts with makes it.
	Counts bool
	// Rules is the digest of the rules that clients have; empty: those of a version that did not note it, or a change has not come
	// to its end.
	Rules string
}

// Admits reports whether a node lets in exactly these callers, with these rights.
func (a Access) Admits(callers Callers, rights Rights) bool {
	want := callers.accounts(rights)
	if a.Rules != callers.Digest(rights) || len(a.Tokens)+len(a.Users)+1 != len(want) {
		return false
	}
	for _, u := range want {
		switch {
		case u.name == user.DefaultID:
			if a.Passwordless != u.open {
				return false
			}
		case u.digest != "":
			if a.Tokens[u.name] != u.digest {
				return false
			}
		case !slices.Contains(a.Users, u.name):
			return false
		}
	}
	return true
}

// unwanted are the users that clients are not to be any more: those whose open connections stay, and those who go with them.
func (a Access) unwanted(wanted map[string]bool, callers Callers) (retired, gone []string) {
	gone = slices.DeleteFunc(slices.Clone(a.Users), func(name string) bool { return wanted[name] })
	retired = slices.Concat(slices.Sorted(maps.Keys(a.Tokens)), a.Retired)
	retired = slices.DeleteFunc(retired, func(name string) bool { return wanted[name] })
	if a.ends(callers) {
		return nil, append(gone, retired...)
	}
	return retired, gone
}

// ends reports whether the connections of the user named default end: with these callers it is somebody else, or there are tokens again.
//
// Source: ElastiCache User Guide, "Role-Based Access Control (RBAC)": who is swapped for another user is disconnected.
func (a Access) ends(callers Callers) bool {
	return a.ByUsers && (len(callers.Users) == 0 || a.Default != callers.ofDefault().ID)
}

// staying are the users of the engine that had those connections and are still wanted, for somebody else.
func (a Access) staying(wanted map[string]bool) []string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(a.Tokens)), func(name string) bool { return !wanted[name] })
	return append(names, user.DefaultID)
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
		case name == user.DefaultID:
			access.Passwordless = on && nopass
		case name == ProbeUser:
			access.Counts = on
		case name == RulesUser:
			access.Rules, access.ByUsers, access.Default = strings.Join(digests, ","), slices.Contains(fields, byUsersMark), defaultOf(fields)
		case strings.HasPrefix(name, InternalPrefix):
		case !strings.HasPrefix(name, tokenUserPrefix):
			access.Users = append(access.Users, name)
		case on:
			access.Tokens[name] = strings.Join(digests, ",")
		default:
			access.Retired = append(access.Retired, name)
		}
	}
	return access
}

// defaultOf finds the id behind [defaultMark].
func defaultOf(rules []string) string {
	for _, rule := range rules {
		if id, found := strings.CutPrefix(rule, defaultMark); found {
			return id
		}
	}
	return ""
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
