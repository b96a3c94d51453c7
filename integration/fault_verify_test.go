package integration_test

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/lag"
)

// verify looks at everything that can be seen from outside of a group at rest.
func (g *subject) verify() {
	g.t().Helper()
	g.verifyStore()
	g.verifyNode(g.primary) // at once: what it does not have now is lost
	for _, id := range g.nodes {
		g.verifyLogins(id)
		if id != g.primary {
			g.verifyNode(id)
		}
	}
	g.verifyEndpoints()
	g.verifyReceipts()
	g.verifyFiles(len(g.nodes) + g.others)
	g.verifyEvents()
}

func (g *subject) verifyStore() {
	g.t().Helper()
	access, ok, err := g.access()
	if !ok {
		g.t().Fatalf("group is gone (%v)", err)
	}
	var have, want []string
	for _, c := range access.Credentials {
		have = append(have, c.Fingerprint)
	}
	for _, t := range g.tokens {
		want = append(want, fingerprint(t))
	}
	if !slices.Equal(have, want) {
		g.t().Errorf("store holds the credentials %v, want %v", have, want)
	}
}

func fingerprint(authToken string) string {
	if authToken == "" {
		return "NONE"
	}
	t, err := token.Parse(authToken)
	if err != nil {
		panic(err)
	}
	return t.Digest().Fingerprint()
}

// verifyLogins tries who must get in, who must not any more, and who never might.
func (g *subject) verifyLogins(node string) {
	g.t().Helper()
	tries := map[string]bool{"": false, tokenOf("wrong", 0): false}
	for _, t := range g.retired {
		tries[t] = false
	}
	for _, t := range g.tokens {
		tries[t] = true
	}
	for t, want := range tries {
		if got, err := tryLogin(g.address[node], g.pool(), t); err != nil || got != want {
			g.t().Errorf("%s: login with token %q accepted: %t (%v), want %t", node, t, got, err, want)
		}
	}
}

func (g *subject) verifyNode(node string) {
	g.t().Helper()
	c := g.connect(node)
	defer c.Close()
	info, err := c.do("INFO", "replication")
	if err != nil {
		g.t().Errorf("%s: INFO: %v", node, err)
	}
	wantRole, wantLink := "master", ""
	if node != g.primary {
		wantRole, wantLink = "slave", "up"
	}
	if role, link := field(info, "role"), field(info, "master_link_status"); role != wantRole || link != wantLink {
		g.t().Errorf("%s is a %s with link %q, want %s %q", node, role, link, wantRole, wantLink)
	}
	g.awaitCopy(node, c)
	for key := range g.written {
		if value, err := c.do("GET", key); value != "v" {
			g.t().Errorf("%s: key %s is %q (%v)", node, key, value, err)
		}
	}
	g.verifyAcked(node, c)
}

// awaitCopy returns when a node has all that the primary has at this moment; see harness.AwaitCopy.
func (g *subject) awaitCopy(node string, c *rawClient) {
	g.t().Helper()
	if node == g.primary {
		return
	}
	primary := g.connect(g.primary)
	defer primary.Close()
	late, err := harness.AwaitCopy(settleLimit, primary.do, c.do)
	if err != nil {
		g.t().Errorf("%s: %v", node, err)
	}
	if late > lag.Limit { // what is promised of any replica; that none is let in too early has tests of its own
		g.t().Errorf("%s can be read, and had what its primary had %s later", node, late)
	}
	g.late = max(g.late, late)
}

// verifyFiles checks that there is one process and one directory for each node, and
// nothing that somebody meant to remove.
func (g *subject) verifyFiles(nodes int) {
	g.t().Helper()
	running := leaders(g.Dir)
	entries, err := os.ReadDir(filepath.Join(g.Dir, "nodes"))
	if err != nil {
		g.t().Fatal(err)
	}
	if len(entries) != nodes || len(running) != nodes {
		g.t().Errorf("%d directories and processes in %v, want %d of each", len(entries), running, nodes)
	}
	for name, pids := range running {
		if len(pids) != 1 {
			g.t().Errorf("processes %v run in %s", pids, name)
		}
	}
	_ = filepath.WalkDir(g.Dir, func(path string, _ fs.DirEntry, err error) error {
		name := filepath.Base(path)
		if err == nil && (strings.Contains(name, ".tmp-") || name == ".install" || strings.HasPrefix(name, ".removed-")) {
			g.t().Errorf("%s was left behind", path)
		}
		return nil
	})
}

// leaders lists every process that leads a node, several for one node too.
func leaders(dataDir string) map[string][]int {
	found := map[string][]int{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		link, _ := os.Readlink(filepath.Join("/proc", e.Name(), "cwd"))
		name, ours := strings.CutPrefix(link, filepath.Join(dataDir, "nodes")+"/")
		stat, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "stat"))
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if ours && len(fields) > 3 && fields[0] != "Z" && fields[3] == e.Name() {
			found[name] = append(found[name], pid)
		}
	}
	return found
}

// messages are the texts of all events of the group and its nodes, oldest first.
func (g *subject) messages() []string {
	g.t().Helper()
	var all []string
	pages := elasticache.NewDescribeEventsPaginator(g.client().ElastiCache, &elasticache.DescribeEventsInput{Duration: aws.Int32(14 * 24 * 60)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			g.t().Fatal(err)
		}
		for _, e := range page.Events {
			all = append(all, aws.ToString(e.SourceIdentifier)+": "+aws.ToString(e.Message))
		}
	}
	slices.Reverse(all)
	return all
}

// restarts keeps in mind that a node ended unasked and came back.
func (g *subject) restarts(node, how string) {
	g.events[node+": Cache node "+how]++
	g.events[node+": Cache node restarted"]++
	g.recovers(node)
}

func (g *subject) recovers(node string) {
	g.events[node+": Recovering cache nodes 0001"]++
	g.events[node+": Finished recovery for cache nodes 0001"]++
}

// verifyEvents compares how often each thing was told with how often it happened.
func (g *subject) verifyEvents() {
	g.t().Helper()
	all := strings.Join(g.messages(), "\n")
	for _, part := range slices.Sorted(maps.Keys(g.events)) {
		if count := strings.Count(all, part); count != g.events[part] {
			g.t().Errorf("%d events say %q, want %d; all events:\n%s", count, part, g.events[part], all)
		}
	}
}

// verifyGone checks that nothing is left of a deleted group.
func (g *subject) verifyGone() {
	g.t().Helper()
	if _, ok, err := g.access(); ok || err != nil {
		g.t().Errorf("group is still there (%v)", err)
	}
	g.verifyFiles(0)
	g.verifyEvents()
}
