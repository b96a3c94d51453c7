package memory_test

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/aikagi/aikagi/internal/memory"
)

func TestTotal(t *testing.T) {
	t.Parallel()
	const gib = 1 << 30
	machine := map[string]string{"proc/meminfo": "MemTotal:       25165824 kB\nMemFree:        1 kB\n"}
	for _, c := range []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"a machine", nil, 24 * gib},
		{"no limit", map[string]string{"proc/self/cgroup": "0::/user.slice\n", "sys/fs/cgroup/user.slice/memory.max": "max\n"}, 24 * gib},
		{"a container", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "2147483648\n"}, 2 * gib},
		{"a unit in a slice", map[string]string{
			"proc/self/cgroup": "1:name=systemd:/x\n0::/a.slice/b.service\n", "sys/fs/cgroup/a.slice/b.service/memory.max": "max\n", "sys/fs/cgroup/a.slice/memory.max": "1073741824\n",
		}, gib},
		{"more than there is", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "99999999999999\n"}, 24 * gib},
		{"no such system", map[string]string{"proc/meminfo": ""}, 0},
	} {
		files := fstest.MapFS{}
		for _, all := range []map[string]string{machine, c.files} {
			for name, text := range all {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		if got := memory.Total(files); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if got := memory.Total(os.DirFS("/")); got < 64<<20 {
		t.Errorf("this machine has %d", got)
	}
}
