package doctor

import (
	"context"
	"io/fs"
	"strings"

	"github.com/aikagi/aikagi/internal/engine"
)

const (
	// filesPerNode are 1,000 clients and what an engine keeps for itself
	// (CONFIG_MIN_RESERVED_FDS in server.h is 32, and there are log, snapshot, sockets).
	filesPerNode = 1000 + 64
	// filesOfService are one admin connection and one process handle for each node,
	// API connections and the store; per node it is small, so this is a flat sum.
	filesOfService = 4096

	overcommitPath = "proc/sys/vm/overcommit_memory"
	hugePagesPath  = "sys/kernel/mm/transparent_hugepage/enabled"
)

func checkOvercommit(_ context.Context, in Input) []Finding {
	const name = "memory overcommit"
	value, err := fs.ReadFile(in.System.Files, overcommitPath)
	if err != nil {
		return ok(name, "not a setting of this system")
	}
	if strings.TrimSpace(string(value)) == "1" {
		return ok(name, "vm.overcommit_memory is 1")
	}
	return bad(name, Warn,
		"sudo sysctl vm.overcommit_memory=1 (to keep it: echo vm.overcommit_memory=1 | sudo tee /etc/sysctl.d/60-aikagi.conf)",
		"vm.overcommit_memory is %s: a node that has more data than there is free memory cannot fork to save or to sync a replica",
		strings.TrimSpace(string(value)))
}

func checkHugePages(_ context.Context, in Input) []Finding {
	const name = "huge pages"
	value, err := fs.ReadFile(in.System.Files, hugePagesPath)
	if err != nil {
		return ok(name, "not a setting of this system")
	}
	if !strings.Contains(string(value), "[always]") {
		return ok(name, "transparent huge pages: %s", strings.TrimSpace(string(value)))
	}
	return bad(name, Warn, "echo madvise | sudo tee /"+hugePagesPath,
		"transparent huge pages are on for every process: latency and memory use rise sharply while a node saves")
}

// checkFileLimit looks at the limit of one process: each engine inherits it for
// itself, and the service needs its own share for all nodes.
func checkFileLimit(_ context.Context, in Input) []Finding {
	const name = "file limit"
	limit, err := in.System.FileLimit()
	if err != nil {
		return bad(name, Warn, "ulimit -Hn", "the limit of open files cannot be read: %v", err)
	}
	need := uint64(filesPerNode)
	if service := uint64(filesOfService + 8*max(in.Nodes, 0)); service > need {
		need = service
	}
	if limit >= need {
		return ok(name, "a process may open %d files: a node takes %d clients", limit, engine.ClientsFor(limit))
	}
	level := Warn
	if limit < filesPerNode/2 {
		level = Fail
	}
	return bad(name, level, "raise the hard limit: LimitNOFILE=1048576 in the service's unit, or nofile in /etc/security/limits.conf",
		"a process may open %d files, but %d are needed: a node refuses clients beyond about %d", limit, need, max(engine.ClientsFor(limit), int(limit)-64, 0))
}
