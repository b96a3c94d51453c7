package engine

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseCounters(t *testing.T) {
	t.Parallel()
	const text = "# Server\r\nrun_id:0123456789abcdef\r\n# Clients\r\nconnected_clients:7\r\n# Memory\r\nused_memory:1048576\r\n" +
		"# Stats\r\ntotal_commands_processed:1234\r\nkeyspace_hits:30\r\nkeyspace_misses:10\r\nevicted_keys:5\r\n" +
		"# Replication\r\nrole:master\r\nconnected_slaves:3\r\n" +
		"slave0:ip=127.7.0.3,port=6379,state=online,offset=14,lag=1\r\n" +
		"slave1:ip=127.7.0.4,port=6379,state=wait_bgsave,offset=0,lag=0\r\n" +
		"slave2:ip=127.7.0.5,port=6379,state=online,offset=14,lag=0,type=replica\r\nmaster_repl_offset:14\r\n" +
		"# CPU\r\nused_cpu_sys:9.5\r\nused_cpu_user:9.5\r\nused_cpu_sys_main_thread:0.25\r\nused_cpu_user_main_thread:0.500000\r\n"
	want := Counters{
		Info: Info{
			Role: RolePrimary, Offset: 14, UsedMemory: 1 << 20, Clients: 7,
			Replicas: []ReplicaLag{{netip.MustParseAddrPort("127.7.0.3:6379"), 1}, {netip.MustParseAddrPort("127.7.0.5:6379"), 0}},
		},
		Run: "0123456789abcdef", Commands: 1234, Hits: 30, Misses: 10, Evictions: 5, CPU: 750 * time.Millisecond,
	}
	if diff := cmp.Diff(want, parseCounters(text), cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	if c := parseCounters("used_cpu_sys:1.5\r\nused_cpu_user:2\r\n"); c.CPU != 3500*time.Millisecond {
		t.Errorf("without threads: %s", c.CPU)
	}
}

func TestParseCredentialCounters(t *testing.T) {
	t.Parallel()
	const head, counts = "usage 1 now=5 survives=1\n", "credential NONE held=1 authentications=4 minute=1\ncredential unknown held=0 authentications=0 refused=9\n" +
		"credential 6ceaac09e150 held=1 authentications=7 once-new=1\nclient NONE addr=127.0.0.1 name= closed=4\nstranger 7 tried=1\n"
	got, err := parseCredentialCounters(head + counts + "live NONE connections=3\nlive 6ceaac09e150 connections=2\nlive ffffffffffff connections=1\nlive\n")
	want := []CredentialCounters{{"NONE", 7, 3}, {"6ceaac09e150", 7, 2}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	// A module that does not tell who is live.
	got, err = parseCredentialCounters(head + counts)
	if diff := cmp.Diff([]CredentialCounters{{"NONE", 4, -1}, {"6ceaac09e150", 7, -1}}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := parseCredentialCounters("usage 2 now=5\n"); !errors.Is(err, errReport) {
		t.Errorf("another version: %v", err)
	}
}
