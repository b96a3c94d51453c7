package integration

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc64"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
)

// payloads are what DUMP says of a key of each type and encoding.
type payloads []string

// makeSeeds has an engine make the keys, dump them, and forget them.
func makeSeeds(t *testing.T, do func(...string) string) payloads {
	t.Helper()
	counted := func(command, key string, n int, item func(i string) []string) []string {
		words := []string{command, key}
		for i := range n {
			words = append(words, item(strconv.Itoa(i))...)
		}
		return words
	}
	one := func(i string) []string { return []string{"member" + i} }
	pair := func(i string) []string { return []string{i, "m" + i} }
	keys := map[string][][]string{
		"int": {{"SET", "seed", "12345"}}, "string": {{"SET", "seed", strings.Repeat("abc", 500)}}, "pf": {counted("PFADD", "seed", 50, one)},
		"list": {counted("RPUSH", "seed", 20, one)}, "lists": {counted("RPUSH", "seed", 1500, one)}, "plain": {{"RPUSH", "seed", "a", strings.Repeat("xyz", 5000), "b"}},
		"intset": {counted("SADD", "seed", 50, func(i string) []string { return []string{i} })}, "set": {counted("SADD", "seed", 30, one)}, "table": {counted("SADD", "seed", 600, one)},
		"zset": {counted("ZADD", "seed", 30, pair)}, "skiplist": {counted("ZADD", "seed", 300, pair)}, "hash": {counted("HSET", "seed", 30, pair)}, "hashes": {counted("HSET", "seed", 700, pair)},
		"stream": {
			{"XADD", "seed", "1-1", "a", "1", "b", "2"}, {"XADD", "seed", "1-2", "a", "3", "b", "4"}, {"XADD", "seed", "2-1", "c", "3"}, {"XGROUP", "CREATE", "seed", "g", "0"},
			{"XREADGROUP", "GROUP", "g", "c1", "COUNT", "2", "STREAMS", "seed", ">"}, {"XDEL", "seed", "1-2"},
		},
	}
	var all payloads
	for _, name := range sortedKeys(keys) {
		do("DEL", "seed")
		for _, words := range keys[name] {
			if reply := do(words...); strings.HasPrefix(reply, "-") {
				t.Fatalf("%.40q: %s", words, reply)
			}
		}
		payload := do("DUMP", "seed")
		if len(payload) < 11 {
			t.Fatalf("DUMP of %s: %q", name, payload)
		}
		all = append(all, payload)
	}
	return append(all, ancient(all[0])...)
}

func sortedKeys[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// ancient are payloads of types that engines read and do not write any more: zipmap, and what was made of ziplists.
func ancient(like string) payloads {
	ziplist := []byte{0, 0, 0, 0, 0, 0, 0, 0, 4, 0}
	tail, before := len(ziplist), 0
	for _, entry := range []string{"f1", "1", "f2", "2"} {
		tail = len(ziplist)
		ziplist = append(append(ziplist, byte(before), byte(len(entry))), entry...)
		before = 2 + len(entry)
	}
	ziplist = append(ziplist, 0xff)
	binary.LittleEndian.PutUint32(ziplist, uint32(len(ziplist)))
	binary.LittleEndian.PutUint32(ziplist[4:], uint32(tail))
	version := like[len(like)-10 : len(like)-8]
	var all payloads
	for start, blob := range map[string]string{
		"\x09": "\x02\x02f1\x02\x00v1\x02f2\x02\x00v2\xff", "\x0a": string(ziplist), "\x0c": string(ziplist), "\x0d": string(ziplist), "\x0e\x01": string(ziplist),
	} {
		all = append(all, seal(start+string(rune(len(blob)))+blob+version))
	}
	sort.Strings(all)
	return all
}

// jones is the engines' CRC-64, bits in reverse.
var jones = crc64.MakeTable(0x95ac9329ac4bc9b5)

// seal ends a payload with its checksum; Go's has its bits inverted before and after.
func seal(payload string) string {
	return string(binary.LittleEndian.AppendUint64([]byte(payload), ^crc64.Update(^uint64(0), jones, []byte(payload))))
}

func (p payloads) corrupt(r *rand.Rand) string { return corrupt(r, p[r.IntN(len(p))]) }

// corrupt changes one to three bytes, and makes the checksum right again.
func corrupt(r *rand.Rand, payload string) string {
	b := []byte(payload[:len(payload)-8])
	for range 1 + r.IntN(3) {
		i := r.IntN(len(b) - 2)
		switch r.IntN(3) {
		case 0:
			b[i] = byte(r.UintN(256))
		case 1:
			b[i] ^= 1 << r.IntN(8)
		default:
			b[i] = []byte{0, 1, 0x7f, 0x80, 0xff, 0xfe, 0xc3}[r.IntN(7)]
		}
	}
	return seal(string(b))
}

// uses are what is done with a key that was restored, by its type: damage shows when it is used.
var uses = map[string]string{
	"string": "GET k|APPEND k x|PFCOUNT k|PFADD k a|SETRANGE k 10 x",
	"list":   "LRANGE k 0 -1|LINSERT k BEFORE b c|LSET k 1 q|LREM k 1 member3|RPUSH k z|LPUSH k z|LPOP k|RPOP k|LTRIM k 1 -2|SORT k ALPHA",
	"set":    "SMEMBERS k|SADD k q 17|SREM k 12 member3|SRANDMEMBER k 3|SPOP k|SSCAN k 0",
	"zset":   "ZRANGE k 0 -1 WITHSCORES|ZADD k 3 q|ZRANK k m3|ZREM k m2|ZPOPMIN k|ZPOPMAX k|ZRANGEBYSCORE k 3 20|ZREMRANGEBYRANK k 0 1",
	"hash":   "HGETALL k|HSET k 1 x nf y|HDEL k 3|HRANDFIELD k 4|HSCAN k 0",
	"stream": "XRANGE k - +|XINFO STREAM k FULL|XADD k * a b|XREADGROUP GROUP g c1 COUNT 10 STREAMS k >|XPENDING k g - + 10|XACK k g 1-1|XAUTOCLAIM k g c3 0 0|XTRIM k MAXLEN 2|XGROUP DESTROY k g",
}

// crashesRare is how many tries a crash takes at the least, after the first: hundreds of times as many as without the setting.
const crashesRare = 20_000

// TestRestoreIsChecked sends a bare engine, set as nodes are, payloads with changed bytes. Hardly any crashes it; without
// the setting it takes some twenty of them. What crashes it, or is not answered, is reported: that is why RESTORE needs a tag.
func TestRestoreIsChecked(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		installed, err := harness.NewestEngines(t.Context(), engine)
		if err != nil || len(installed) == 0 {
			t.Fatalf("no %s: %v", engine, err)
		}
		seed := seedOf(t)
		r := rand.New(rand.NewPCG(seed, 0))
		bare := startBare(t, installed[0].Path)
		seeds := makeSeeds(t, bare.w.do)
		tries, accepted, hangs, crashes := 0, 0, 0, 0
		for until := time.Now().Add(attackTime(t)); time.Now().Before(until); tries++ {
			payload := seeds.corrupt(r)
			taken, err := bare.use(payload)
			if taken {
				accepted++
			}
			var slow net.Error
			switch {
			case err == nil:
			case errors.As(err, &slow) && slow.Timeout():
				hangs++
				t.Logf("no answer within 10 s, of %q", payload)
				bare = startBare(t, installed[0].Path)
			default:
				crashes++
				t.Logf("try %d: %v, of %q, or of one before", tries, err, payload)
				bare = startBare(t, installed[0].Path)
			}
		}
		t.Logf("%d tries, %d accepted, %d without an answer, %d crashes", tries, accepted, hangs, crashes)
		if most := 1 + tries/crashesRare; crashes > most {
			t.Errorf("%d crashes in %d tries, want %d at the most", crashes, tries, most)
		}
	})
}

// bareEngine is one that nobody administers.
type bareEngine struct{ w *wire }

func startBare(t *testing.T, program string) bareEngine {
	t.Helper()
	dir, err := os.MkdirTemp("", "aikagi-bare-") // a test's own is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	process := exec.Command(program, "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "", "--sanitize-dump-payload", "clients", "--maxmemory", "256mb")
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Process.Kill(); _ = process.Wait() })
	var conn net.Conn
	harness.Await(t, harness.Patience, "the engine listens", func() (bool, error) {
		conn, err = net.Dial("unix", socket)
		return err == nil, nil
	})
	t.Cleanup(func() { conn.Close() })
	return bareEngine{&wire{t: t, conn: conn, in: bufio.NewReader(conn)}}
}

// use restores a payload, and uses the key in all ways of its type.
func (b bareEngine) use(payload string) (taken bool, err error) {
	reply, err := b.w.try("RESTORE", "k", "0", payload, "REPLACE")
	if err != nil || reply != "OK" {
		return false, wrap("RESTORE", err)
	}
	kind, err := b.w.try("TYPE", "k")
	for _, line := range strings.Split("DUMP k|OBJECT ENCODING k|MEMORY USAGE k|"+uses[kind]+"|DEL k", "|") {
		if err == nil && line != "" {
			_, err = b.w.try(strings.Fields(line)...)
			err = wrap(line, err)
		}
	}
	return true, err
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
