package cgroup

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestWeight(t *testing.T) {
	t.Parallel()
	for vcpus, want := range map[int]int{0: 100, 1: 100, 2: 200, 4: 400, 96: 9600, 500: 10000} {
		if got := Weight(vcpus); got != want {
			t.Errorf("%d vCPUs: weight %d, want %d", vcpus, got, want)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	const (
		unified = "30 22 0:27 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
		hybrid  = "31 30 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n40 30 0:37 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
		partial = "30 22 0:27 /docker/a /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n"
	)
	for _, c := range []struct{ name, mounts, groups, want, trouble string }{
		{"a unit", unified, "0::/system.slice/aikagi.service\n", "/sys/fs/cgroup/system.slice/aikagi.service", ""},
		{"a container", unified, "0::/\n", "/sys/fs/cgroup", ""},
		{"both versions", hybrid, "1:cpu:/\n0::/a\n", "/sys/fs/cgroup/unified/a", ""},
		{"a part that is mounted", partial, "0::/docker/a/b\n", "/sys/fs/cgroup/b", ""},
		{"another part", partial, "0::/docker/ab\n", "", "is not below /docker/a"},
		{"outside of the namespace", unified, "0::/../x\n", "", "is not below /"},
		{"version 1 only", "31 30 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n", "1:cpu:/\n", "", "no cgroup v2 is mounted"},
		{"in none", unified, "1:cpu:/\n", "", "in no group of cgroup v2"},
	} {
		files := fstest.MapFS{"proc/self/mountinfo": {Data: []byte(c.mounts)}, "proc/self/cgroup": {Data: []byte(c.groups)}}
		got, err := Find(files)
		if got != c.want || (err == nil) != (c.trouble == "") || err != nil && !strings.Contains(err.Error(), c.trouble) {
			t.Errorf("%s: %q, %v; want %q, %q", c.name, got, err, c.want, c.trouble)
		}
	}
	files := fstest.MapFS{
		"proc/self/mountinfo": {Data: []byte(unified)},
		"proc/7/cgroup":       {Data: []byte("0::/a.service/aikagi-node-shop-001.4f7\n")}, "proc/8/cgroup": {Data: []byte("0::/a.service\n")},
	}
	if home := Home(files, 7); home != "/sys/fs/cgroup/a.service/aikagi-node-shop-001.4f7" {
		t.Errorf("the node's group is %q", home)
	}
	if home := Home(files, 8) + Home(files, 9); home != "" {
		t.Errorf("processes that are in no node's group are in %q", home)
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, controllers, given string
		root                     bool
		trouble                  string
	}{
		{"a unit", "cpu", "", false, ""},
		{"once more", "cpu memory pids", "cpu", false, ""},
		{"the root, as systemd leaves it", "cpu io memory pids", "cpu memory pids", true, ""},
		{"no processors", "memory pids", "", false, "Delegate=cpu"},
		{"memory is handed down", "cpu memory", "memory", false, "hands the controller memory down"},
	} {
		err := group{"/g", c.root, strings.Fields(c.controllers), strings.Fields(c.given)}.fits()
		if (err == nil) != (c.trouble == "") || err != nil && !strings.Contains(err.Error(), c.trouble) {
			t.Errorf("%s: %v; want %q", c.name, err, c.trouble)
		}
	}
}
