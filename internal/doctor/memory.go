package doctor

import (
	"context"
	"strconv"

	"github.com/aikagi/aikagi/internal/memory"
)

// checkMemory compares what the nodes may fill with what there is: a node type is a limit, and
// nothing is reserved for it.
func checkMemory(_ context.Context, in Input) []Finding {
	const name = "node memory"
	total := uint64(memory.Total(in.System.Files))
	switch {
	case total == 0:
		return ok(name, "the amount of memory cannot be read on this system")
	case in.NodeMemory == 0:
		return ok(name, "%s, and no nodes are known", gibibytes(total))
	case in.NodeMemory <= total:
		return ok(name, "nodes may fill %s of %s", gibibytes(in.NodeMemory), gibibytes(total))
	}
	return bad(name, Warn, "give groups a smaller node type: aws elasticache modify-replication-group --cache-node-type … --apply-immediately; aikagi serve --node-memory machine refuses more",
		"nodes may fill %s, and the machine has %s: if they do, the system kills one before it evicts anything", gibibytes(in.NodeMemory), gibibytes(total))
}

func gibibytes(n uint64) string {
	return strconv.FormatFloat(float64(n)/(1<<30), 'f', 1, 64) + " GiB"
}
