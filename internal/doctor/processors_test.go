package doctor

import (
	"errors"
	"strings"
	"testing"
)

func TestProcessors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		processors int
		trouble    error
		want       []string
	}{
		{8, nil, []string{"8: nodes of types with 4 or more vCPUs have up to 6 I/O threads", "can share them by their types, in control groups below /sys/fs/cgroup/a.service (aikagi serve --node-cgroups auto)"}},
		{2, errors.New("set Delegate=cpu"), []string{"2: no node has I/O threads", "as all processes do, whatever their types (set Delegate=cpu)"}},
	} {
		in := healthy(t)
		in.Processors, in.NoCgroups = c.processors, c.trouble
		found := checkProcessors(t.Context(), in)[0]
		for _, part := range c.want {
			if found.Level != OK || !strings.Contains(found.Message, part) {
				t.Errorf("%+v does not say %q", found, part)
			}
		}
	}
}
