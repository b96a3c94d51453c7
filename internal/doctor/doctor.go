package doctor

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Level is how bad a finding is.
type Level string

// The levels.
const (
	OK   Level = "ok"   // looked at and fine
	Warn Level = "warn" // it serves, but worse or less safely than it could
	Fail Level = "fail" // something will not work
)

// Finding is the result of one look.
type Finding struct {
	Check   string `json:"check"` // what was looked at, for alignment and for scripts: "engine", "file limit"
	Level   Level  `json:"level"`
	Message string `json:"message"`       // what is so, with its consequence if it is bad
	Fix     string `json:"fix,omitempty"` // a command line or what else to do; empty if it is fine
}

// Engine is an installed engine, as the caller found it.
type Engine struct {
	Name    string // "redis" or "valkey"
	Version string // as the engine prints it: "7.0.15"
	Path    string // of the program
	Package string // Debian version of the package that owns the program; "" if none does
}

// Passed is a program that was looked at and is not used, and why.
type Passed struct{ Path, Why string }

// Input is what the checks need to know besides the machine.
type Input struct {
	Engines []Engine
	// Passed are programs that were looked at and are not used. Versions are what can be asked for.
	Passed   []Passed
	Versions cache.Catalogue
	// Module returns the path of an engine module that was built beforehand, or an
	// error if there is none; then a C compiler must be there. nil means none.
	Module func() (string, error)
	// Users is nil if root could run these engines as users of their own, or what is in the way.
	Users error
	// DataDir may not exist yet.
	DataDir string
	// AddressRange is where nodes get their addresses, Port what they listen on.
	AddressRange netip.Prefix
	Port         int
	// Host is what new caches get with the address plan host; nil for that of loopback.
	Host *Host
	// Pools are what they get with the address plan pool, for each range; none for other plans.
	Pools []Pool
	// Nodes is how many are meant to run on this machine; 0 is taken as 10.
	Nodes int
	// Processors are those that a node may use.
	Processors int
	// Cgroup is where nodes would get control groups of their own, if aikagi were started as this process was; NoCgroups what is in the way.
	Cgroup    string
	NoCgroups error
	// NodeMemory is how many bytes of data all nodes may hold together; 0 if there are none or
	// nobody can be asked.
	NodeMemory uint64
	// Caches are all that there are; nil if nobody can be asked.
	Caches []Cache
	// EC2 says how it goes with the EC2 API that security groups are read from, as the control plane tells; empty: there is none, or
	// nobody can be asked.
	EC2      string
	EC2Fails bool
	// AuthorityNotBefore and AuthorityNotAfter bound the CA's validity; zero if
	// there is no CA yet.
	AuthorityNotBefore, AuthorityNotAfter time.Time
	System                                System
}

type check func(context.Context, Input) []Finding

// Run makes every check and returns the findings in the order of the checks, at
// least one for each. It ends early, with the findings so far, when ctx ends.
func Run(ctx context.Context, in Input) []Finding {
	if in.Nodes == 0 {
		in.Nodes = 10
	}
	var findings []Finding
	for _, look := range []check{
		checkEngines, checkVersions, checkHoles, checkModule, checkUser,
		checkAddresses, checkPlan, checkDataDir, checkFreeSpace, checkSocket, checkEncryption,
		checkProcessors, checkMemory, checkOvercommit, checkHugePages, checkFileLimit, checkClock, checkCaches, checkExposure, checkEC2,
	} {
		if ctx.Err() != nil {
			break
		}
		findings = append(findings, look(ctx, in)...)
	}
	return findings
}

// Worst is the worst level of all findings; OK if there are none.
func Worst(findings []Finding) Level {
	worst := OK
	for _, finding := range findings {
		if finding.Level == Fail {
			return Fail
		}
		if finding.Level == Warn {
			worst = Warn
		}
	}
	return worst
}

func ok(name, format string, args ...any) []Finding {
	return []Finding{{Check: name, Level: OK, Message: fmt.Sprintf(format, args...)}}
}

func bad(name string, level Level, fix, format string, args ...any) []Finding {
	return []Finding{{Check: name, Level: level, Message: fmt.Sprintf(format, args...), Fix: fix}}
}
