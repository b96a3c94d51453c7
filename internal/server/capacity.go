package server

import (
	"fmt"
	"math"
	"os"

	"github.com/dustin/go-humanize"

	"github.com/aikagi/aikagi/internal/memory"
)

// machineMemory stands for all that this machine has.
const machineMemory = "machine"

// ParseNodeMemory reads how much memory nodes may have together, for [Options]; nothing: any amount.
func ParseNodeMemory(text string) (int64, error) {
	switch text {
	case "":
		return 0, nil
	case machineMemory:
		if n := memory.Total(os.DirFS("/")); n > 0 {
			return n, nil
		}
		return 0, fmt.Errorf("--node-memory %s: how much this system has cannot be read; say it, like 24GiB", machineMemory)
	}
	n, err := humanize.ParseBytes(text)
	if err != nil || n == 0 || n > math.MaxInt64 {
		return 0, fmt.Errorf("--node-memory %q: want an amount like 24GiB or 512MiB, or %s", text, machineMemory)
	}
	return int64(n), nil
}
