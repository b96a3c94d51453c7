//go:build faults

package fault

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// Enabled reports whether this build can be told to kill itself.
const Enabled = true

var (
	chosen, nth = parse(os.Getenv("AIKAGI_FAULT"))
	reached     atomic.Int64
)

// Point kills the process, with no chance to clean anything up, if it is the
// chosen one and was reached as often as asked for.
func Point(name string) {
	if name == chosen && reached.Add(1) == nth {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // the signal is on its way; nothing may happen after the point
	}
}

func parse(s string) (string, int64) {
	name, count, _ := strings.Cut(s, ":")
	n, err := strconv.ParseInt(count, 10, 64)
	if err != nil {
		n = 1
	}
	return name, n
}
