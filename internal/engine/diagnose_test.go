package engine

import (
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/replication"
)

// begun is how the log of a process begins, in each engine's words.
var begun = map[string]string{
	"redis":  "14647:C 29 Nov 2026 00:28:59.302 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n",
	"valkey": "14921:C 29 Nov 2026 00:29:05.180 * oO0OoO0OoO0Oo Valkey is starting oO0OoO0OoO0Oo\n",
}

const (
	redisLog  = "14647:M 29 Nov 2026 00:28:59.401 "
	valkeyLog = "14921:M 29 Nov 2026 00:29:05.189 "
	checked   = "--- RDB ERROR DETECTED ---\n[offset 200] Unexpected EOF reading RDB file\n[additional info] While doing: read-key\n" +
		"[additional info] Reading key 'user:4711:secret'\n[additional info] Reading type 0 (string)\n[info] 6 keys read\n[info] 0 expires\n[info] 0 already expired\n"
)

// The lines are what Redis 7.0.15 and Valkey 8.0.1 wrote when they were hurt that way; those of the segmentation
// fault and of the end while loading are made in the same form.
var diagnoses = []struct {
	name, engine, end, lines string
	kind                     replication.FaultKind
	last                     string
}{
	{
		"truncated snapshot", "redis", "exit status 1",
		redisLog + "* Loading RDB produced by version 7.0.15\n" + redisLog + "# Short read or OOM loading DB. Unrecoverable error, aborting now.\n" +
			redisLog + "# Internal error in RDB reading offset 0, function at rdb.c:3249 -> Unexpected EOF reading RDB file\n" + checked,
		replication.FaultSnapshot, "Internal error in RDB reading offset 0, function at rdb.c:3249 -> Unexpected EOF reading RDB file",
	},
	{
		"truncated snapshot", "valkey", "exit status 1",
		valkeyLog + "* Loading RDB produced by Valkey version 8.0.1\n" + valkeyLog + "# Short read or OOM loading DB. Unrecoverable error, aborting now.\n" +
			valkeyLog + "# Internal error in RDB reading offset 0, function at rdb.c:3375 -> Unexpected EOF reading RDB file\n" + checked,
		replication.FaultSnapshot, "Internal error in RDB reading offset 0, function at rdb.c:3375 -> Unexpected EOF reading RDB file",
	},
	{
		"changed value", "redis", "exit status 1",
		redisLog + "# Internal error in RDB reading offset 0, function at rdb.c:413 -> Invalid LZF compressed string\n" +
			redisLog + "# Terminating server after rdb file reading failure.\n[additional info] Reading key 'k149'\n",
		replication.FaultSnapshot, "Internal error in RDB reading offset 0, function at rdb.c:413 -> Invalid LZF compressed string",
	},
	{
		"garbage for a snapshot", "redis", "exit status 1",
		redisLog + "# Wrong signature trying to load DB from file\n" + redisLog + "# Fatal error loading the DB: Invalid argument. Exiting.\n",
		replication.FaultSnapshot, "Wrong signature trying to load DB from file",
	},
	{
		"garbage for a snapshot", "valkey", "exit status 1",
		valkeyLog + "# Wrong signature trying to load DB from file\n" + valkeyLog + "# Fatal error loading the DB, check server logs. Exiting.\n",
		replication.FaultSnapshot, "Wrong signature trying to load DB from file",
	},
	{
		"Valkey's snapshot in Redis", "redis", "exit status 1",
		redisLog + "# Can't handle RDB format version 11\n" + redisLog + "# Fatal error loading the DB: Invalid argument. Exiting.\n",
		replication.FaultSnapshotVersion, "Can't handle RDB format version 11",
	},
	{
		"snapshot of the future", "valkey", "exit status 1",
		valkeyLog + "# Can't handle RDB format version 99\n" + valkeyLog + "# Fatal error loading the DB, check server logs. Exiting.\n",
		replication.FaultSnapshotVersion, "Can't handle RDB format version 99",
	},
	{
		"unreadable snapshot", "redis", "exit status 1", redisLog + "# Fatal error loading the DB: Permission denied. Exiting.\n",
		replication.FaultPermission, "Fatal error loading the DB: Permission denied. Exiting.",
	},
	{
		"unreadable snapshot", "valkey", "exit status 1",
		valkeyLog + "# Fatal error: can't open the RDB file dump.rdb for reading: Permission denied\n" + valkeyLog + "# Fatal error loading the DB, check server logs. Exiting.\n",
		replication.FaultPermission, "Fatal error: can't open the RDB file dump.rdb for reading: Permission denied",
	},
	{
		"crash while loading", "valkey", "signal: segmentation fault",
		valkeyLog + "* Loading RDB produced by Valkey version 8.0.1\n\n=== VALKEY BUG REPORT START: Cut & paste starting from here ===\n" + valkeyLog + "# Valkey 8.0.1 crashed by signal: 11, si_code: 1\n",
		replication.FaultSnapshot, "Valkey 8.0.1 crashed by signal: 11, si_code: 1",
	},
	{
		"killed while loading", "redis", "signal: killed", redisLog + "* Loading RDB produced by version 7.0.15\n",
		replication.FaultMemory, "Loading RDB produced by version 7.0.15",
	},
	{
		"missing module", "redis", "exit status 1",
		redisLog + "# Module /m/x.so failed to load: /m/x.so: cannot open shared object file: No such file or directory\n" + redisLog + "# Can't load module from /m/x.so: server aborting\n",
		replication.FaultModule, "Module /m/x.so failed to load: /m/x.so: cannot open shared object file: No such file or directory",
	},
	{
		"damaged module", "valkey", "exit status 1",
		valkeyLog + "# Module /m/x.so failed to load: /m/x.so: file too short\n" + valkeyLog + "# Can't load module from /m/x.so: server aborting\n",
		replication.FaultModule, "Module /m/x.so failed to load: /m/x.so: file too short",
	},
	{
		"damaged module, mapped", "redis", "signal: bus error", "=== REDIS BUG REPORT START: Cut & paste starting from here ===\n" + redisLog + "# Redis 7.0.15 crashed by signal: 7, si_code: 2\n",
		replication.FaultCrash, "Redis 7.0.15 crashed by signal: 7, si_code: 2",
	},
	{
		"module that may not be executed", "redis", "exit status 1",
		redisLog + "# Module /m/x.so failed to load: It does not have execute permissions.\n" + redisLog + "# Can't load module from /m/x.so: server aborting\n",
		replication.FaultPermission, "Module /m/x.so failed to load: It does not have execute permissions.",
	},
	{
		"bad configuration", "redis", "exit status 1",
		"\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\nReading the configuration file, at line 16\n>>> 'masterauth geheim foo bar'\nwrong number of arguments\n",
		replication.FaultConfiguration, "wrong number of arguments",
	},
	{
		"bad configuration", "valkey", "exit status 1",
		"\n*** FATAL CONFIG FILE ERROR (Version 8.0.1) ***\nReading the configuration file, at line 16\n>>> 'masterauth geheim foo bar'\nBad directive or wrong number of arguments\n",
		replication.FaultConfiguration, "Bad directive or wrong number of arguments",
	},
	{
		"log that may not be written", "redis", "exit status 1", "*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\nCan't open the log file: Permission denied\n",
		replication.FaultPermission, "Can't open the log file: Permission denied",
	},
	{
		"bad access rules", "valkey", "exit status 1",
		valkeyLog + "# Aborting Valkey startup because of ACL errors: users.acl:1: Error in applying operation '#2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b': x\n",
		replication.FaultConfiguration, "Aborting Valkey startup because of ACL errors: users.acl:1: Error in applying operation '#…': x",
	},
	{
		"missing certificate", "redis", "exit status 1",
		redisLog + "# Failed to load certificate: tls/a.pem: error:80000002:system library::No such file or directory\n" + redisLog + "# Failed to configure TLS. Check logs for more info.\n",
		replication.FaultConfiguration, "Failed to load certificate: tls/a.pem: error:80000002:system library::No such file or directory",
	},
	{
		"socket in the way", "valkey", "exit status 1", valkeyLog + "# Failed opening Unix socket: bind: Address already in use\n",
		replication.FaultAddress, "Failed opening Unix socket: bind: Address already in use",
	},
	{
		"no engine at all", "", "exit status 3", "the engine is out of order\n",
		replication.FaultUnknown, "the engine is out of order",
	},
}

// Why a node cannot start is found in what the real engines wrote, and is told without a secret, a
// key's name or a line of the configuration.
func TestDiagnose(t *testing.T) {
	t.Parallel()
	for _, d := range diagnoses {
		t.Run(d.name+" "+d.engine, func(t *testing.T) {
			t.Parallel()
			earlier := "1:C 28 Nov 2026 00:00:00.000 * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n1:M 28 Nov 2026 00:00:01.000 * Ready to accept connections\n"
			text := d.lines
			if d.engine != "" && logPrefix.MatchString(d.lines) || strings.HasPrefix(d.lines, "=== ") {
				text = earlier + begun[d.engine] + d.lines
			}
			f := Diagnose(d.end, strings.Split(strings.TrimSpace(text), "\n"))
			if f == nil || f.Kind != d.kind || f.LastLine != d.last || f.End != d.end {
				t.Fatalf("Diagnose() = %+v, want %s, %q", f, d.kind, d.last)
			}
			for _, secret := range []string{"geheim", "user:4711", "k149", "2bb80d53"} {
				if told := f.Text("g-001").Text; strings.Contains(told, secret) {
					t.Errorf("%q tells %q", told, secret)
				}
			}
		})
	}
}

// A process that served is not said to be unable to start, whatever its log complains of.
func TestDiagnoseOfOneThatServed(t *testing.T) {
	t.Parallel()
	log := begun["redis"] + redisLog + "* Ready to accept connections\n" + redisLog + "# Failed opening the temp RDB file temp-1.rdb (in server root dir .) for saving: No space left on device\n"
	if f := Diagnose("signal: killed", strings.Split(log, "\n")); f != nil {
		t.Errorf("Diagnose() = %+v, want nil", f)
	}
}

// What is told is bounded.
func TestDiagnoseIsBounded(t *testing.T) {
	t.Parallel()
	if f := Diagnose("exit status 1", []string{strings.Repeat("ä", 5000)}); len(f.LastLine) > 210 {
		t.Errorf("last line has %d bytes", len(f.LastLine))
	}
}
