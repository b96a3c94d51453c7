package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
)

// TooLate is how late a replica may be that can be read, when its group has just come to be whole. The control plane
// opens a replica's address when it is a tenth of a second late at the most; the rest is for what a busy
// machine does in between.
const TooLate = 600 * time.Millisecond

// Node is what one node has shown.
type Node struct {
	Node    string  `json:"node"`
	Primary bool    `json:"primary,omitempty"`
	Judged  int     `json:"judged"`  // acknowledged writes that were looked for
	Missing int     `json:"missing"` // of them; on a replica once it had all that the primary had
	Late    float64 `json:"late"`    // how much later it had all that the primary had when the group came to be whole
}

// measureLate finds out how late each replica is, while clients write. It is called when the group has just come to
// be whole: whoever can be read now must not be too late.
func (r *run) measureLate(ctx context.Context, after state) error {
	return r.group.ask(ctx, r.group.nodes[after.primary], func(primary *conn) error {
		var errs []error
		for node := range after.process {
			if node == after.primary {
				continue
			}
			errs = append(errs, r.group.ask(ctx, r.group.nodes[node], func(replica *conn) error {
				late, err := harness.AwaitCopy(warmUpLimit, primary.do, replica.do)
				if err != nil {
					return fmt.Errorf("%s: %w", node, err)
				}
				r.late[node] = late
				return nil
			}))
		}
		return errors.Join(errs...)
	})
}

// judgeNode keeps what a node has shown.
func (r *run) judgeNode(result *Result, node string, primary bool, judged, missing int) {
	n := Node{Node: node, Primary: primary, Judged: judged, Missing: missing, Late: milliseconds(r.late[node])}
	result.Nodes = append(result.Nodes, n)
	slices.SortFunc(result.Nodes, func(a, b Node) int { return slices.Compare([]byte(a.Node), []byte(b.Node)) })
	if r.late[node] > TooLate {
		result.TooEarly++
		result.problem("%s could be read, and had what its primary had %s later", node, r.late[node])
	}
}
