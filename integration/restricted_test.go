package integration

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// restricted are the commands that clients do not have.
//
// Source: ElastiCache User Guide, "Supported and restricted commands".
var restricted = []string{
	"ACL SETUSER x on", "ACL LOAD", "ACL SAVE", "ACL DELUSER x", "ACL GETUSER default",
	"BGREWRITEAOF", "BGSAVE", "CONFIG GET *", "CONFIG SET maxmemory 0", "config rewrite", "DEBUG SLEEP 0", "MIGRATE 127.0.0.1 1 k 0 1",
	"REPLICAOF NO ONE", "SAVE", "SHUTDOWN NOSAVE", "SLAVEOF NO ONE", "SYNC", "FAILOVER", "MODULE LIST",
}

// denied are refused in another way than the original's. Replicas send some under these
// names, so they cannot be given others; the original has the others, with which clients can hurt a node.
var denied = []string{
	"PSYNC ? -1", "REPLCONF listening-port 1", "CLIENT PAUSE 1", "CLIENT UNPAUSE", "SCRIPT DEBUG SYNC", "SCRIPT DEBUG YES", "PFSELFTEST",
	"RESTORE k 0 x", "RESTORE-ASKING k 0 x", "CLUSTER RESET",
}

// visible are those that clients keep.
var visible = []string{
	"INFO", "CLIENT LIST", "CLIENT INFO", "ACL WHOAMI", "ACL USERS", "ACL CAT", "ACL LIST", "ACL LOG", "ACL LOG RESET", "ACL DRYRUN default get k", "COMMAND DOCS", "CLIENT KILL TYPE pubsub", "SLOWLOG GET", "MEMORY USAGE k",
	"CLIENT SETNAME me", "DBSIZE", "EVAL return(1) 0", "LATENCY LATEST", "COMMAND COUNT", "OBJECT HELP", "PUBSUB CHANNELS", "ROLE",
}

// TestRestrictedCommands sees that what clients must not do reads like a command that
// does not exist, with and without a token.
func TestRestrictedCommands(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
		g.change(rotate, token1)
		for _, address := range g.addresses() {
			for _, hello := range []string{"HELLO 2", "HELLO 3", "HELLO 2 AUTH default " + token1} {
				w := dial(t, address, g.ca)
				if reply := w.do(strings.Fields(hello)...); strings.HasPrefix(reply, "-") {
					t.Fatalf("%.8s: %s", hello, reply)
				}
				for _, command := range restricted {
					name := strings.ToLower(strings.Fields(command)[0])
					if reply := w.do(strings.Fields(command)...); !strings.HasPrefix(strings.ToLower(reply), "-err unknown command '"+name) {
						t.Errorf("%s at %s: %s", command, address, reply)
					}
				}
				for _, command := range denied {
					if reply := w.do(strings.Fields(command)...); !strings.HasPrefix(reply, "-NOPERM") {
						t.Errorf("%s at %s: %s", command, address, reply)
					}
				}
				for _, command := range visible {
					if reply := w.do(strings.Fields(command)...); strings.HasPrefix(reply, "-ERR unknown command") || strings.HasPrefix(reply, "-NOPERM") {
						t.Errorf("%s at %s: %s", command, address, reply)
					}
				}
				w.close()
			}
		}
	})
}

var digest = regexp.MustCompile(`[0-9a-f]{64}`)

// TestNoPaths looks for where things lie on the machine, where clients can look.
func TestNoPaths(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
		for _, address := range g.addresses() {
			w := dial(t, address, g.ca)
			for _, command := range []string{"INFO", "INFO everything", "EVAL return(redis.call('INFO','everything')) 0", "HELLO 2", "CLIENT LIST", "SLOWLOG GET -1", "ACL LOG", "COMMAND"} {
				if reply := w.do(strings.Fields(command)...); strings.Contains(reply, s.Dir) || strings.Contains(reply, "/usr/") || strings.Contains(reply, "/tmp/") {
					t.Errorf("%s at %s shows:\n%s", command, address, reply)
				}
			}
		}
	})
}

// TestInternalUsers looks for the users of the service where clients can look, and
// tries to be one of them.
func TestInternalUsers(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
		g.change(rotate, token1)
		for _, address := range g.addresses() {
			w := dial(t, address, g.ca)
			w.do("AUTH", tokenWrong) // something for the log
			w.do("AUTH", token1)
			if who := w.do("ACL", "WHOAMI"); who != "token:"+nameOf(token1) {
				t.Errorf("WHOAMI: %s", who)
			}
			for _, command := range []string{"ACL LIST", "ACL USERS", "ACL LOG", "CLIENT LIST", "CLIENT INFO", "INFO everything"} {
				reply := w.do(strings.Fields(command)...)
				if strings.Contains(reply, "aikagi:") || strings.Contains(reply, tokenWrong) || strings.Contains(reply, token1) ||
					command != "INFO everything" && digest.MatchString(reply) {
					t.Errorf("%s at %s shows:\n%s", command, address, reply)
				}
			}
		}
		for _, address := range g.addresses() { // after all looks at the log, which shows such attempts
			w := dial(t, address, g.ca)
			for _, user := range []string{"aikagi:admin", "aikagi:replication", "admin", "token:" + nameOf(token1)} {
				for _, password := range []string{"", tokenWrong, user} {
					if reply := w.do("AUTH", user, password); !strings.HasPrefix(reply, "-WRONGPASS") {
						t.Errorf("AUTH %s at %s: %s", user, address, reply)
					}
				}
			}
		}
	})
}
