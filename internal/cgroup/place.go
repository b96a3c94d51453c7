package cgroup

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// prefix is what the names of nodes' groups begin with.
const prefix = "aikagi-node-"

// The bounds of cpu.weight, and what a group has that was given none: a thread that is in no group of its own has the same.
const (
	leastWeight   = 1
	mostWeight    = 10000
	defaultWeight = 100
)

// Weight is the cpu.weight of a node whose type has so many vCPUs: a hundred for each. A node of two gets twice the time of the processors that one of
// one gets, as long as both want more.
func Weight(vcpus int) int {
	if vcpus < 1 {
		return defaultWeight
	}
	return min(max(vcpus*defaultWeight, leastWeight), mostWeight)
}

// errNoHierarchy: of cgroups there is only version 1, or nothing.
var errNoHierarchy = errors.New("no cgroup v2 is mounted here; systemd.unified_cgroup_hierarchy=1 on the kernel's command line has systemd mount it")

// Find returns the directory of the group that this process is in. Files is the root of the file system.
//
// Source: proc_pid_mountinfo(5); cgroups(7), /proc/pid/cgroup.
func Find(files fs.FS) (string, error) { return find(files, "self") }

// Home is the directory of the group that a process is in if that is a node's; empty if it is not, or there is no such process.
func Home(files fs.FS, pid int) string {
	dir, err := find(files, strconv.Itoa(pid))
	if err != nil || !strings.HasPrefix(path.Base(dir), prefix) {
		return ""
	}
	return dir
}

func find(files fs.FS, process string) (string, error) {
	mounts, err := fs.ReadFile(files, "proc/self/mountinfo")
	if err != nil {
		return "", err
	}
	root, point, ok := hierarchy(mounts)
	if !ok {
		return "", errNoHierarchy
	}
	text, err := fs.ReadFile(files, "proc/"+process+"/cgroup")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		group, ok := strings.CutPrefix(strings.TrimSpace(line), "0::")
		if !ok {
			continue
		}
		below, inside := strings.CutPrefix(group, strings.TrimSuffix(root, "/"))
		if !inside || below != "" && below[0] != '/' || strings.HasPrefix(below, "/..") {
			return "", fmt.Errorf("the control group %s is not below %s, which is what is mounted at %s", group, root, point)
		}
		return path.Join(point, below), nil
	}
	return "", errors.New("the process is in no group of cgroup v2")
}

// hierarchy is where the hierarchy is mounted, and from which of its groups on.
func hierarchy(mounts []byte) (root, point string, ok bool) {
	for lines := bufio.NewScanner(bytes.NewReader(mounts)); lines.Scan(); {
		what, kind, found := strings.Cut(lines.Text(), " - ")
		if fields := strings.Fields(what); found && len(fields) > 4 && strings.HasPrefix(kind, "cgroup2 ") {
			return fields[3], fields[4], true
		}
	}
	return "", "", false
}

// threadedControllers can be given to the children of a group that has processes itself.
//
// Source: Linux, Documentation/admin-guide/cgroup-v2.rst, "Threads".
var threadedControllers = []string{"cpu", "cpuset", "perf_event", "pids"}

// group is what a group's own files say.
type group struct {
	dir         string
	root        bool     // of the whole hierarchy, which is exempt from the rules about processes
	controllers []string // that it has
	given       []string // of those, to its children
}

// fits says what keeps nodes' groups from being made below a group, and what to do; nil: nothing that its files tell.
func (g group) fits() error {
	if !slices.Contains(g.controllers, "cpu") {
		return fmt.Errorf("the control group %s has no cpu controller: in a systemd unit, set Delegate=cpu; elsewhere, cgroup v1 may have it, or the group above does not hand it down (cgroup.subtree_control)", g.dir)
	}
	for _, c := range g.given {
		if !g.root && !slices.Contains(threadedControllers, c) {
			return fmt.Errorf("the control group %s hands the controller %s down, which leaves no room for threaded groups: in a systemd unit, set Delegate=cpu and no DelegateSubgroup=", g.dir, c)
		}
	}
	return nil
}
