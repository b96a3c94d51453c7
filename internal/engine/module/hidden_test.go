package module

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Nothing that clients can ask about the engine's commands names those that they do not have.
func TestListsOfCommandsNameNoHiddenOnes(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA), "latency-tracking yes")
		e.admin().do(e.name("CONFIG"), "GET", "maxmemory")
		bare := dial(t, "unix", startBare(t, binary).socket)
		hidden := regexp.MustCompile(`aikagi|"(config|debug|replicaof|slaveof|bgsave|save|shutdown|module|failover|migrate|bgrewriteaof)[|"]|(cmdstat_|usec_)(config|module)`)
		for _, protocol := range []string{"2", "3"} {
			c := e.client()
			c.do("HELLO", protocol)
			bare.do("HELLO", protocol)
			c.do("INFO")
			for _, words := range []string{
				"COMMAND", "COMMAND LIST", "COMMAND DOCS", "COMMAND INFO", "COMMAND INFO aikagi.info config get", "COMMAND DOCS aikagi.info config get",
				"COMMAND LIST FILTERBY MODULE aikagi", "COMMAND LIST FILTERBY PATTERN *", "COMMAND LIST FILTERBY ACLCAT admin", "COMMAND LIST FILTERBY ACLCAT slow",
				"LATENCY HISTOGRAM", "LATENCY HISTOGRAM aikagi.info info", "ACL CAT admin", "ACL CAT dangerous", "ACL CAT slow", "INFO everything", "INFO commandstats", "INFO latencystats", "INFO modules",
				"CLIENT LIST", "CLIENT INFO", "ACL LIST", "ACL LOG",
			} {
				for _, command := range [][]string{strings.Fields(words), append([]string{"EVAL", "return redis.pcall(unpack(ARGV))", "0"}, strings.Fields(words)...)} {
					reply := text(c.do(command...))
					if found := hidden.FindString(reply); found != "" {
						at := strings.Index(reply, found)
						t.Errorf("%q shows %q: …%s…", command, found, reply[max(0, at-80):min(len(reply), at+80)])
					}
				}
			}
			names, _ := c.do("COMMAND", "LIST").([]any)
			all, _ := bare.do("COMMAND", "LIST").([]any)
			top := slices.DeleteFunc(slices.Clone(names), func(n any) bool { return strings.Contains(n.(string), "|") })
			if count := c.do("COMMAND", "COUNT"); count != int64(len(top)) {
				t.Errorf("COUNT is %v, LIST has %d", count, len(top))
			}
			for _, name := range all {
				command, _, _ := strings.Cut(name.(string), "|")
				if slices.Contains(names, name) == slices.Contains(renamed, strings.ToUpper(command)) {
					t.Errorf("LIST and %s: %v", name, slices.Contains(names, name))
				}
			}
			if described, _ := c.do("COMMAND").([]any); len(described) != len(top) {
				t.Errorf("COMMAND has %d, LIST %d", len(described), len(top))
			}
			if reply := c.do("COMMAND", "GETKEYS", "aikagi.info", "k"); !isError(reply, "ERR Invalid command") {
				t.Errorf("GETKEYS: %v", reply)
			}
			if reply := c.do("ACL", "DRYRUN", "default", "aikagi.info"); !isError(reply, "ERR Command 'aikagi.info' not found") {
				t.Errorf("DRYRUN: %v", reply)
			}
		}
	})
}

// The module's commands do not exist for who calls them by name.
func TestStandInsDoNotExist(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true))
		c, bare := e.client(), dial(t, "unix", startBare(t, binary).socket)
		for name := range strings.FieldsSeq(strings.ReplaceAll(ClientRules, "+", "") + " aikagi.usage aikagi.acl aikagi.client aikagi.x") {
			for _, args := range [][]string{{name}, {strings.ToUpper(name), "LIST"}, {name, "KILL", strings.Repeat("x", 200), "y"}, {name, "a\r\nb", "'"}} {
				if got, want := text(c.do(args...)), text(bare.do(args...)); got != want {
					t.Errorf("%q: %s\nthe engine: %s", args, got, want)
				}
			}
		}
	})
}

// No answer tells a client where anything lies on the machine.
func TestNoPathsOfTheMachine(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true))
		e.admin().do(e.name("CONFIG"), "GET", "dir")
		c := e.client()
		path := regexp.MustCompile(`/(usr|tmp|home|var|etc|opt|root)/|` + regexp.QuoteMeta(e.dir) + `|` + regexp.QuoteMeta(binary))
		for _, words := range []string{
			"INFO", "INFO server", "INFO everything", "INFO all", "INFO default", "info SERVER", "INFO server clients", "INFO modules", "CLIENT LIST", "CLIENT INFO", "ACL LIST", "ACL LOG", "SLOWLOG GET -1",
			"MEMORY DOCTOR", "MEMORY STATS", "MEMORY MALLOC-STATS", "LATENCY DOCTOR", "ROLE", "COMMAND", "FUNCTION LIST", "LOLWUT",
		} {
			for _, command := range [][]string{strings.Fields(words), append([]string{"EVAL", "return redis.pcall(unpack(ARGV))", "0"}, strings.Fields(words)...)} {
				if reply := text(c.do(command...)); path.MatchString(reply) {
					t.Errorf("%q: %s in %s", command, path.FindString(reply), reply)
				}
			}
		}
		info := c.do("INFO", "server").(string)
		for _, line := range []string{"\r\nexecutable:-\r\n", "\r\nconfig_file:-\r\n", "\r\ntcp_port:" + e.port + "\r\n"} {
			if !strings.Contains(info, line) {
				t.Errorf("INFO has no %q: %s", line, info)
			}
		}
		if !strings.Contains(e.admin().do("INFO", "server").(string), e.dir) {
			t.Error("the service does not see it either")
		}
	})
}

// INFO is the engine's in everything else, and counts clients only.
func TestInfoIsTheEngines(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true))
		_, _ = e.admin(), e.admin()
		c, bare := e.client(), dial(t, "unix", startBare(t, binary).socket)
		if got := c.do("INFO", "clients").(string); !strings.Contains(got, "connected_clients:1\r\n") {
			t.Errorf("INFO clients: %s", got)
		}
		names := regexp.MustCompile(`(?m)^[a-z_0-9# A-Z]+:?`)
		for _, section := range []string{"", "server", "clients", "memory", "persistence", "stats", "replication", "cpu", "modules", "cluster", "keyspace", "errorstats", "nonsense"} {
			ours, _ := c.do("INFO", section).(string)
			theirs, _ := bare.do("INFO", section).(string)
			got, want := names.FindAllString(ours, -1), names.FindAllString(theirs, -1)
			got = slices.DeleteFunc(got, func(n string) bool { return strings.HasPrefix(n, "errorstat_") || strings.HasPrefix(n, "listener") })
			want = slices.DeleteFunc(want, func(n string) bool { return strings.HasPrefix(n, "errorstat_") || strings.HasPrefix(n, "listener") })
			if !slices.Equal(got, want) {
				t.Errorf("INFO %s has %q\nthe engine %q", section, got, want)
			}
		}
	})
}

// Replicas are shown, and a primary, but not as whom they log in.
func TestLinksAreShownWithoutNames(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		primary, replica := startPair(t, binary, state(true))
		for e, kind := range map[*engine]string{primary: "replica", replica: "master"} {
			c := e.client()
			for _, words := range []string{"CLIENT LIST", "CLIENT LIST TYPE " + kind} {
				list, _ := c.do(strings.Fields(words)...).(string)
				if n := strings.Count(list, " user=(superuser) "); n != 1 || strings.Contains(list, servicePrefix) {
					t.Errorf("%s shows %d links: %s", words, n, list)
				}
			}
			if list := c.do("CLIENT", "LIST").(string); !strings.Contains(list, " cmd=client|list user=default ") && !strings.Contains(list, " cmd=client|list ") {
				t.Errorf("my own command: %s", list)
			}
		}
	})
}

// Clients can reset the log of refused logins that they see. The record of them stays.
func TestACLLogReset(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		c, admin := e.client(), e.admin()
		refused := func(password string) { e.client().do("AUTH", password) }
		refused(wrong)
		e.client().do("AUTH", adminUser, wrong)
		for _, protocol := range []string{"2", "3"} {
			c.do("HELLO", protocol)
			if log, _ := c.do("ACL", "LOG").([]any); len(log) != 1 || strings.Contains(text(log), servicePrefix) {
				t.Errorf("before: %q", log)
			}
		}
		if reply := c.do("acl", "log", "reset"); reply != "OK" {
			t.Errorf("RESET: %v", reply)
		}
		if log, _ := c.do("ACL", "LOG").([]any); len(log) != 0 {
			t.Errorf("after: %q", log)
		}
		if log, _ := admin.do(e.name("ACL"), "LOG").([]any); len(log) != 2 {
			t.Errorf("the service's: %q", log)
		}
		eventually(t, "what is refused later is shown", func() bool {
			refused(wrong + "2")
			log, _ := c.do("ACL", "LOG", "5").([]any)
			return len(log) == 1
		})
	})
}

// A client's slow calls are shown as it made them, and the service's are not.
func TestSlowLog(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true))
		e.admin().do(e.name("CONFIG"), "GET", "maxmemory")
		c := e.client()
		c.do("INFO", "server")
		c.do("CLIENT", "LIST")
		log, _ := c.do("SLOWLOG", "GET", "2").([]any)
		if len(log) != 2 || !strings.Contains(text(log[0]), `["client" "LIST"]`) || !strings.Contains(text(log[1]), `["info" "server"] "`+c.LocalAddr().String()) {
			t.Errorf("%q", log)
		}
		if all := fmt.Sprint(c.do("SLOWLOG", "GET", "-1")); strings.Contains(all, e.secret) || strings.Contains(all, e.socket) || strings.Contains(all, "?:0") || strings.Contains(all, "aikagi") {
			t.Errorf("%s", all)
		}
	})
}
