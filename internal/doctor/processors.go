package doctor

import (
	"context"
	"fmt"

	"github.com/aikagi/aikagi/internal/engine"
)

// checkProcessors tells what node types mean for the processors here. Nothing of it is wrong: nodes serve on one processor, too.
func checkProcessors(_ context.Context, in Input) []Finding {
	threads := "no node has I/O threads, which takes 4"
	if most := engine.IOThreads(in.Processors, in.Processors); most > 1 {
		threads = fmt.Sprintf("nodes of types with 4 or more vCPUs have up to %d I/O threads", most)
	}
	shares := "nodes can share them by their types, in control groups below " + in.Cgroup + " (aikagi serve --node-cgroups auto)"
	if in.NoCgroups != nil {
		shares = fmt.Sprintf("nodes share them as all processes do, whatever their types (%v)", in.NoCgroups)
	}
	return ok("processors", "%d: %s; started from here, %s", in.Processors, threads, shares)
}
