package engine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

func TestIOThreads(t *testing.T) {
	t.Parallel()
	const want = `
type                 on 2   on 4   on 6   on 8  on 16  on 64
cache.t2.micro          1      1      1      1      1      1
cache.t4g.medium        1      1      1      1      1      1
cache.r7g.large         1      1      1      1      1      1
cache.r7g.xlarge        1      2      2      2      2      2
cache.r7g.2xlarge       1      2      4      6      6      6
cache.r7g.4xlarge       1      2      4      6      8      8
cache.r7g.16xlarge      1      2      4      6      8      8
`
	var got strings.Builder
	machines := []int{2, 4, 6, 8, 16, 64}
	fmt.Fprintf(&got, "\n%-18s", "type")
	for _, processors := range machines {
		fmt.Fprintf(&got, "%7s", fmt.Sprintf("on %d", processors))
	}
	for _, nodeType := range []string{
		"cache.t2.micro", "cache.t4g.medium", "cache.r7g.large", "cache.r7g.xlarge", "cache.r7g.2xlarge", "cache.r7g.4xlarge", "cache.r7g.16xlarge",
	} {
		fmt.Fprintf(&got, "\n%-18s", nodeType)
		for _, processors := range machines {
			fmt.Fprintf(&got, "%7d", IOThreads(cache.NodeVCPUs(nodeType), processors))
		}
	}
	if got := got.String() + "\n"; got != want {
		t.Errorf("I/O threads are%s\nwant%s", got, want)
	}
}
