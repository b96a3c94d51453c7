package integration

import (
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// commands calls everything that the engine has.
func (a *attack) commands() {
	names := strings.Fields(a.send("COMMAND", "LIST"))
	if len(names) < 200 {
		a.t.Fatalf("the engine lists %d commands", len(names))
	}
	for a.goesOn() {
		a.send(append([]string{a.pick(names...)}, a.words(6)...)...)
	}
}

// client tries to see, end and hold up others.
func (a *attack) client() {
	for a.goesOn() {
		words := []string{"CLIENT", a.pick("KILL", "KILL", "KILL", "LIST", "PAUSE", "UNPAUSE", "NO-EVICT", "NO-TOUCH", "REPLY", "TRACKING", "CACHING", "UNBLOCK",
			"SETNAME", "SETINFO", "INFO", "ID", "GETREDIR", "kill\x00", "CAPA")}
		for range a.r.IntN(3) {
			words = append(words, a.pick("USER", "TYPE", "ID", "ADDR", "LADDR", "SKIPME", "MAXAGE"), a.pick("aikagi:admin", "aikagi:replication", "default",
				"normal", "replica", "master", "pubsub", "no", "yes", "1", "3", "0", "127.0.0.1:0", "ON", "OFF", "bcast"))
		}
		if a.r.IntN(4) == 0 {
			words = append([]string{"EVAL", "return redis.pcall(unpack(ARGV))", "0"}, words...)
		}
		a.send(words...)
	}
}

// script loads, runs, debugs and ends scripts and functions.
func (a *attack) script() {
	texts := []string{
		"return 1", "return redis.call(unpack(ARGV))", "return redis.pcall(unpack(ARGV))", "error('x')", "redis.breakpoint()", "return redis.debug(1)",
		"for i=1,1e5 do redis.pcall('SET', 'k'..i%9, i) end", "return string.rep('x', 1e6)", "return cjson.decode(ARGV[1] or '[')", "return cmsgpack.unpack(ARGV[1] or '\\xdd')",
		"return struct.unpack('>I2', ARGV[1] or '')", "return loadstring('\\27Lua')", "local f = function() return f end return f", "return {1,{2,{3}}}", "redis.setresp(3) return redis.call('HGETALL', 'm')",
		"return redis.acl_check_cmd(ARGV[1] or 'x', 'y')", "return tostring(_G)", "redis.replicate_commands() redis.set_repl(0)", "#!lua flags=no-writes\nreturn redis.call('SET','k','v')", "return (",
	}
	for a.goesOn() {
		switch a.r.IntN(4) {
		case 0:
			a.send(append([]string{"SCRIPT", a.pick("DEBUG", "DEBUG", "LOAD", "FLUSH", "KILL", "EXISTS", "SHOW", "HELP")}, append([]string{a.pick("YES", "SYNC", "NO", "return 1")}, a.words(1)...)...)...)
		case 1:
			a.send(append([]string{"FUNCTION", a.pick("LOAD", "DELETE", "FLUSH", "KILL", "LIST", "STATS", "DUMP", "RESTORE")}, a.words(3)...)...)
		case 2:
			a.send("FUNCTION", "LOAD", "REPLACE", "#!lua name="+a.pick("lib", "l", "")+"\n"+a.pick("redis.register_function('f', function(k, a) return redis.pcall(unpack(a)) end)", "redis.call('PING')", "error()"))
			a.send(append([]string{"FCALL", "f", "0"}, a.words(4)...)...)
		default:
			a.send(append([]string{a.pick("EVAL", "EVAL_RO", "EVALSHA"), a.pick(texts...), "0"}, a.words(5)...)...)
		}
	}
}

// restore sends payloads, which are all refused but for those of functions.
func (a *attack) restore() {
	seeds := makeSeeds(a.t, func(words ...string) string { return a.send(words...) })
	a.send("FUNCTION", "LOAD", "REPLACE", "#!lua name=lib\nredis.register_function('f', function(k, a) return 1 end)")
	library := a.send("FUNCTION", "DUMP")
	for a.goesOn() {
		payload := seeds.corrupt(a.r)
		command := []string{a.pick("RESTORE", "restore", "RESTORE-ASKING"), "k", "0", payload, "REPLACE"}
		var reply string
		switch a.r.IntN(4) {
		case 0:
			reply = a.send(append([]string{"EVAL", "return redis.pcall(unpack(ARGV))", "0"}, command...)...)
		case 1:
			a.send("FUNCTION", "RESTORE", corrupt(a.r, library), "REPLACE")
			a.send("FCALL", "f", "0")
			continue
		default:
			reply = a.send(command...)
		}
		if a.conn != nil && !strings.HasPrefix(reply, "-NOPERM") {
			a.t.Fatalf("%.40q: %s", command, reply)
		}
	}
}

// firstBytes connects, and does not speak as a client does, with and without TLS.
func (a *attack) firstBytes() {
	starts := []string{"*", "*1\r\n$", "*-1\r\n", "*1000000\r\n", "*2147483647\r\n", "$9\r\n", "*1\r\n$536870912\r\n", "POST / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\n", "\x16\x03\x01\x02\x00\x01",
		"\x16\x03\x01\xff\xff", "\x80\x2e\x01", "PING", "PING\r\n", "\r\n\r\n", "AUTH \"\r\n", "HELLO 3 AUTH\r\n", "SSH-2.0-x\r\n", strings.Repeat("x", 70000), "\x00\x00\x00\x00", "*3\r\n$4\r\nAUTH\r\n$7\r\ndefault\r\n$-5\r\n"}
	address := a.primary()
	for a.goesOn() {
		b := make([]byte, a.r.IntN(200))
		for i := range b {
			b[i] = byte(a.r.UintN(256))
		}
		text := []byte(a.pick(starts...) + string(b))
		var conn net.Conn
		if a.r.IntN(2) == 0 {
			conn = dial(a.t, address, a.ca).conn
		} else {
			raw, err := net.DialTimeout("tcp", address, 10*time.Second)
			if err != nil {
				a.t.Fatal(err)
			}
			conn = raw
		}
		_ = conn.SetDeadline(time.Now().Add(20 * time.Millisecond))
		_, _ = conn.Write(text)
		_, _ = conn.Read(b[:cap(b)])
		_ = conn.Close()
	}
}

// api sends the control plane forms that make little sense, signed and not, and bytes that are no requests.
func (a *attack) api() {
	actions := strings.Fields("DescribeReplicationGroups ModifyReplicationGroup DescribeEvents DescribeCacheClusters TestFailover IncreaseReplicaCount AddTagsToResource " +
		"RemoveTagsFromResource ListTagsForResource RebootCacheCluster DeleteCacheCluster DescribeAuthTokenUsage StartAuthTokenRotation PreviewAuthTokenChange DescribeFailovers Nothing")
	names := strings.Fields("ReplicationGroupId CacheClusterId AuthToken AuthTokenUpdateStrategy ApplyImmediately MaxRecords Marker ResourceName Tags.Tag.1.Key Tags.Tag.1.Value Tags.member.x " +
		"NewReplicaCount Duration StartTime NodeGroupId CacheNodeIdsToReboot.member.1 Version Action")
	host := strings.TrimPrefix(a.URL, "http://")
	for a.goesOn() {
		form := url.Values{"Action": {a.pick(actions...)}, "Version": {"2015-02-02"}}
		for _, word := range a.words(5) {
			form.Set(a.pick(names...), word)
		}
		c := call{body: form.Encode()}
		switch a.r.IntN(6) {
		case 0:
			c.key = &aws.Credentials{}
		case 1:
			c.header = map[string]string{"Authorization": a.pick("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=/////, SignedHeaders=;, Signature=", "Basic eDp4", "x")}
		case 2:
			a.rawRequest(host)
			continue
		}
		if got := c.send(a.t, a.Server); got.status == 0 || got.status == 500 {
			a.t.Errorf("%s: %d %s", c.body, got.status, got.Message)
		}
	}
	if strings.Contains(a.Output(), "panic") || strings.Contains(a.Output(), "request failed") {
		a.t.Errorf("the service blames itself:\n%s", a.Output())
	}
}

func (a *attack) rawRequest(host string) {
	conn, err := net.DialTimeout("tcp", host, 10*time.Second)
	if err != nil {
		a.t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Millisecond))
	_, _ = conn.Write([]byte(a.pick("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/9.9\r\n\r\n", "\x16\x03\x01", "GET "+strings.Repeat("/", 9000), "POST /?Action=x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n") +
		strings.Join(a.words(3), "\r\n")))
	_, _ = conn.Read(make([]byte, 100))
}
