package engine

import (
	"regexp"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/replication"
)

// faultRule says what a line of an engine's log means. The first rule that a line of the process
// matches decides: a file that may not be read is no damaged one, although the engine says both.
type faultRule struct {
	kind replication.FaultKind
	line *regexp.Regexp
}

// faultRules hold the words of Redis 7.0 and Valkey 8.0.
//
// Source: rdb.c, rdb check, module.c, acl.c, tls.c, config.c and server.c of both.
var faultRules = []faultRule{
	{replication.FaultSnapshotVersion, regexp.MustCompile(`Can't handle RDB format version`)},
	{replication.FaultMemory, regexp.MustCompile(`(?i)out of memory|cannot allocate memory|can't allocate`)},
	{replication.FaultPermission, regexp.MustCompile(`(?i)permission denied|operation not permitted|not have execute permissions`)},
	{replication.FaultDisk, regexp.MustCompile(`(?i)no space left on device|disk quota exceeded|read-only file system|input/output error`)},
	{replication.FaultSnapshot, regexp.MustCompile(`Short read or OOM loading DB|Wrong signature trying to load DB|Internal error in RDB|` +
		`Terminating server after rdb file reading failure|Wrong RDB checksum|RDB file contains .*module|Fatal error loading the DB`)},
	{replication.FaultModule, regexp.MustCompile(`Can't load module from|Module .+ (failed to load|initialization failed)`)},
	{replication.FaultAddress, regexp.MustCompile(`Failed opening Unix socket|Failed listening on port|Could not create server TCP listening socket|Address already in use`)},
	{replication.FaultConfiguration, regexp.MustCompile(`FATAL CONFIG FILE ERROR|startup because of ACL errors|Failed to configure TLS|can't open config file`)},
}

var (
	logPrefix = regexp.MustCompile(`^\d+:[A-Za-z] \d{1,2} \w{3} \d{4} [\d:.]+ [.\-*#] `)
	starting  = regexp.MustCompile(`oO0OoO0OoO0Oo \w+ is starting`)
	loading   = regexp.MustCompile(`Loading RDB produced by`)
	loaded    = regexp.MustCompile(`DB loaded from (disk|base file)|Done loading RDB`)
	accepting = regexp.MustCompile(`(?i)ready to accept connections`)
	summary   = regexp.MustCompile(`Can't load module from|Failed to configure TLS|Fatal error loading the DB|Terminating server after`)
	ordinary  = regexp.MustCompile(`is starting oO0|just started|Configuration loaded|Server initialized|# WARNING `)
	bugReport = regexp.MustCompile(`BUG REPORT START`)
	// digits is what a digest, a derived password or a renamed command looks like.
	digits = regexp.MustCompile(`[0-9a-fA-F]{16,}`)
)

// Diagnose finds out why a process could not start, from how it ended ("exit status 1",
// "signal: killed") and the last lines that it wrote, its log's and then its output's. It returns nil for a
// process that had started: what ended that is a crash and no fault of its files. What it
// returns has no secret in it, nor any key's name.
func Diagnose(end string, lines []string) *replication.NodeFault {
	lines, whole := lastStart(lines)
	seen := func(pattern *regexp.Regexp) bool {
		for _, line := range lines {
			if pattern.MatchString(line) {
				return true
			}
		}
		return false
	}
	if !whole || seen(accepting) {
		return nil
	}
	fault := &replication.NodeFault{Kind: replication.FaultUnknown, End: end, LastLine: LastWords(lines)}
	for _, rule := range faultRules {
		if i := lastMatch(lines, rule.line); i >= 0 {
			fault.Kind, fault.LastLine = rule.kind, tellingLine(lines, i)
			return fault
		}
	}
	signalled := strings.HasPrefix(end, "signal: ")
	midLoad := seen(loading) && !seen(loaded)
	switch {
	case signalled && end == "signal: killed" && midLoad:
		fault.Kind = replication.FaultMemory
	case (signalled || seen(bugReport)) && midLoad:
		fault.Kind = replication.FaultSnapshot
	case signalled || seen(bugReport):
		fault.Kind = replication.FaultCrash
	}
	return fault
}

// lastStart returns the lines of the last process, if its first one is among them; what has no such
// lines is the output of a process that never opened its log.
func lastStart(lines []string) (own []string, whole bool) {
	logged := false
	for i := len(lines) - 1; i >= 0; i-- {
		if starting.MatchString(lines[i]) {
			return lines[i:], true
		}
		logged = logged || logPrefix.MatchString(lines[i])
	}
	const few = 40 // a process that writes more has lived
	return lines, !logged || len(lines) < few
}

func lastMatch(lines []string, pattern *regexp.Regexp) int {
	for i := len(lines) - 1; i >= 0; i-- {
		if pattern.MatchString(lines[i]) {
			return i
		}
	}
	return -1
}

// tellingLine is the line at i, or the one that says why: engines sum up after it ("server aborting"), or
// announce it before.
func tellingLine(lines []string, i int) string {
	line := readableLine(lines[i])
	if before := i - 1; before >= 0 && summary.MatchString(line) && isWarning(lines[before]) {
		return readableLine(lines[before])
	}
	if strings.Contains(line, "FATAL CONFIG FILE ERROR") {
		return LastWords(lines[i:])
	}
	return line
}

// isWarning tells the lines of a fault from those of every start, which Redis marks in the same way.
func isWarning(line string) bool {
	return strings.HasSuffix(logPrefix.FindString(line), "# ") && !ordinary.MatchString(line)
}

// LastWords is the last line that may be shown.
func LastWords(lines []string) string {
	for i := len(lines) - 1; i >= 0; i-- {
		if line := readableLine(lines[i]); line != "" {
			return line
		}
	}
	return ""
}

// readableLine is a line without what comes before the message, shortened, or nothing if it holds
// part of a configuration (">>>"), a key's name, or only figures of a check.
func readableLine(line string) string {
	const longest = 200
	line = strings.TrimSpace(logPrefix.ReplaceAllString(line, ""))
	for _, mute := range []string{">>> ", "[additional info]", "[info]", "[offset", "==="} {
		if strings.HasPrefix(line, mute) {
			return ""
		}
	}
	line = digits.ReplaceAllString(line, "…")
	if len(line) > longest {
		line = strings.ToValidUTF8(line[:longest], "") + "…"
	}
	return line
}
