package datadir

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// Here is the data directory that a folder may have, as make run makes it.
const Here = ".aikagi"

// Found is the data directory of a command.
type Found struct {
	Path string
	Why  string // it is this one, in words
}

// Find is the directory that was named; else Here, in the current folder; else Default. A
// directory here that is somebody else's is left alone: whoever can make one would be
// trusted with our tokens.
func Find(named string) Found {
	if named != "" {
		return Found{named, "named by --data-dir or AIKAGI_DATA_DIR"}
	}
	info, err := os.Stat(Here)
	switch {
	case err != nil || !info.IsDir():
		return Found{Default(), "the default; there is no " + Here + " in this directory"}
	case !ours(info):
		return Found{Default(), "the default; " + Here + " in this directory belongs to somebody else"}
	}
	path, err := filepath.Abs(Here)
	if err != nil {
		path = Here
	}
	return Found{path, Here + " in this directory"}
}

// ours reports whether a directory is of the user who runs this process, or who became root
// for it with sudo.
func ours(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false
	}
	owner, me := int(stat.Uid), os.Geteuid()
	return owner == me || me == 0 && strconv.Itoa(owner) == os.Getenv("SUDO_UID")
}
