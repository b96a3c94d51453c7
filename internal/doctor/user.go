package doctor

import (
	"context"
	"io/fs"
	"path/filepath"
	"syscall"
)

// checkUser warns of engines that run as root: whoever gets through a hole in one has the machine.
func checkUser(_ context.Context, in Input) []Finding {
	const name = "user"
	if !in.System.IsRoot() {
		return ok(name, "not root")
	}
	if in.Users != nil {
		return bad(name, Warn, "do what it says, or run aikagi as a user of its own (deploy/aikagi.service does)",
			"aikagi runs as root, and so do its engines: a hole in an engine is a hole in the machine. %v", in.Users)
	}
	nodes, ofRoot := owners(in)
	if ofRoot > 0 {
		return bad(name, Warn, "reboot them one by one: aws elasticache reboot-cache-cluster --cache-cluster-id NODE --cache-node-ids-to-reboot 0001; with --engine-user same they stay so",
			"%d of %d nodes were started as root and are until their next start: a hole in an engine is a hole in the machine", ofRoot, nodes)
	}
	return ok(name, "root; each node runs, or will run, as a user of its own")
}

// owners counts the nodes' directories, and those of them that belong to root: a directory belongs to
// whom the node was last started as.
func owners(in Input) (nodes, ofRoot int) {
	entries, err := in.System.ReadDir(filepath.Join(in.DataDir, "nodes"))
	if err != nil {
		return 0, 0 // there is no data directory yet
	}
	for _, entry := range entries {
		if !entry.IsDir() || entry.Name()[0] == '.' {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			continue // it was just removed
		}
		nodes++
		if isRoots(info) {
			ofRoot++
		}
	}
	return nodes, ofRoot
}

func isRoots(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid == 0
}
