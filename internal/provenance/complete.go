package provenance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aikagi/aikagi/internal/datadir"
)

// Complete refuses a directory that has nodes and has lost what aikagi knows them by. It comes before
// anything that makes a file.
func Complete(dir *datadir.Dir) error {
	nodes := nodeDirs(dir.Nodes())
	if len(nodes) == 0 {
		return nil
	}
	for path, without := range map[string]string{
		dir.Store():         "aikagi does not know its groups",
		dir.MasterKeyPath(): "the running engines cannot be administered",
	} {
		if _, err := os.Lstat(path); os.IsNotExist(err) {
			return fmt.Errorf("%s is missing, and %d nodes are there, in %s: without it %s. Nothing was changed. "+
				"Restore it from a backup. If there is none, connect to the engines as a client and copy out what you need, stop them with aikagi down --data-dir %s, "+
				"and begin with a new directory", path, len(nodes), dir.Nodes(), without, dir.Path())
		}
	}
	return nil
}

// nodeDirs are the directories of nodes, by the nodes' UIDs.
func nodeDirs(path string) map[string]string {
	entries, _ := os.ReadDir(path) // what cannot be read is said by whoever needs it
	dirs := map[string]string{}
	for _, e := range entries {
		if id, uid, ok := strings.Cut(e.Name(), "."); ok && id != "" && e.IsDir() {
			dirs[uid] = filepath.Join(path, e.Name())
		}
	}
	return dirs
}
