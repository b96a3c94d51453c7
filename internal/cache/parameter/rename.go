package parameter

import (
	"regexp"
	"strings"
	"sync"
)

// newName is what a command can be renamed to. The engine module has room for no more, and its own commands begin with reservedPrefix.
var newName = regexp.MustCompile(`^[0-9A-Za-z._-]{1,63}$`)

const reservedPrefix = "AIKAGI."

// otherCommands are those of the engines that cannot be renamed, in upper case. A newer engine may have more: that one then refuses the
// whole value.
//
// Source: COMMAND LIST of Redis 7.0 and Valkey 8.0.
const otherCommands = "ASKING AUTH BGREWRITEAOF BGSAVE BLMOVE BLMPOP BZMPOP CLUSTER CONFIG COPY DEBUG EVAL_RO EVALSHA_RO EXPIRETIME FAILOVER FCALL " +
	"FCALL_RO FUNCTION GEOSEARCH GEOSEARCHSTORE GETDEL GETEX HELLO HRANDFIELD LATENCY LCS LMOVE LMPOP LPOS MIGRATE MODULE PEXPIRETIME PFDEBUG " +
	"PFSELFTEST PSYNC QUIT REPLCONF REPLICAOF RESET RESTORE-ASKING SAVE SHUTDOWN SINTERCARD SLAVEOF SMISMEMBER SORT_RO SPUBLISH SSUBSCRIBE " +
	"SUNSUBSCRIBE SYNC WAITAOF XAUTOCLAIM ZDIFF ZDIFFSTORE ZINTER ZINTERCARD ZMPOP ZMSCORE ZRANDMEMBER ZRANGESTORE ZUNION " +
	// of families that have not the same ones to rename
	"ACL BITFIELD_RO"

var otherNames = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for name := range strings.FieldsSeq(otherCommands) {
		all[name] = true
	}
	return all
})

// checkRenames says what pairs of commands and new names would have to be; empty: they are right. Names are the same in upper and lower case.
func (p *Parameter) checkRenames(value string) (want string) {
	words := strings.FieldsFunc(value, func(c rune) bool { return c == ' ' })
	if len(words)%2 != 0 {
		return "It must be pairs of a command and its new name, with spaces between all of them."
	}
	allowed := map[string]bool{}
	for name := range strings.SplitSeq(string(p.Allowed), ",") {
		allowed[name] = true
	}
	seen := map[string]bool{}
	for i := 0; i < len(words); i += 2 {
		from, to := strings.ToUpper(words[i]), strings.ToUpper(words[i+1])
		switch {
		case !allowed[from]:
			return quote(words[i]) + " is none of the commands that can be renamed, which DescribeCacheParameters lists as the allowed values."
		case seen[from]:
			return from + " has two new names."
		case !newName.MatchString(words[i+1]):
			return quote(words[i+1]) + " cannot be a name: one has 1 to 63 letters, digits, dots, hyphens and underscores."
		case allowed[to] || otherNames()[to]:
			return quote(words[i+1]) + " cannot be a new name: there is a command of that name."
		case strings.HasPrefix(to, reservedPrefix):
			return quote(words[i+1]) + " cannot be a new name: aikagi's own commands begin so."
		case seen[to]:
			return quote(words[i+1]) + " is the new name of two commands."
		}
		seen[from], seen[to] = true, true
	}
	return ""
}
