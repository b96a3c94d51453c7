// Package memory says how much memory there is for what a service starts: the machine's, or less where its control group may have less, as in a
// container.
package memory

import (
	"bufio"
	"bytes"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Total is in bytes; 0 if it is not known. Files is the root of the file system.
//
// Source: proc_meminfo(5), MemTotal; Linux, Documentation/admin-guide/cgroup-v2.rst, memory.max.
func Total(files fs.FS) int64 {
	total := fieldOf(files, "proc/meminfo", "MemTotal:") << 10
	for group := groupOf(files); total > 0 && group != ""; group = parent(group) {
		text, err := fs.ReadFile(files, path.Join("sys/fs/cgroup", group, "memory.max"))
		limit, failed := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64) // not if it is max
		if err == nil && failed == nil {
			total = min(total, limit)
		}
	}
	return total
}

// fieldOf is the number behind a word at the beginning of a line.
func fieldOf(files fs.FS, name, word string) int64 {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return 0
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) > 1 && words[0] == word {
			n, _ := strconv.ParseInt(words[1], 10, 64)
			return n
		}
	}
	return 0
}

// groupOf is the control group that this process is in, as a path below the one that it sees as the root; empty if there is none.
func groupOf(files fs.FS) string {
	text, err := fs.ReadFile(files, "proc/self/cgroup")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if group, ok := strings.CutPrefix(strings.TrimSpace(line), "0::"); ok {
			return path.Join(".", group)
		}
	}
	return ""
}

// parent is the group that a group is in; empty for the root, whose own limit counts, too.
func parent(group string) string {
	if group == "." {
		return ""
	}
	return path.Dir(group)
}
