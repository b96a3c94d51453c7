package harness

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Nodes returns the processes whose working directory is a node's of a data
// directory: node directory's name to process id. Forked snapshot children are not
// among them.
func (s *Server) Nodes() map[string]int { return nodeProcesses(s.Dir) }

func nodeProcesses(dataDir string) map[string]int {
	found := map[string]int{}
	nodes := filepath.Join(dataDir, "nodes") + string(filepath.Separator)
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		cwd, err := os.Readlink(filepath.Join("/proc", e.Name(), "cwd"))
		if err != nil {
			continue
		}
		name, ours := strings.CutPrefix(strings.TrimSuffix(cwd, " (deleted)"), nodes)
		if ours && sessionLeader(pid) {
			found[name] = pid
		}
	}
	return found
}

// sessionLeader tells a node from what it forks.
func sessionLeader(pid int) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest) // state, ppid, pgrp, session, …
	return len(fields) > 3 && fields[0] != "Z" && fields[3] == strconv.Itoa(pid)
}

// killNodes ends every node of a data directory, and returns when they are gone.
func killNodes(dataDir string) {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		running := nodeProcesses(dataDir)
		if len(running) == 0 {
			return
		}
		for _, pid := range running {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
