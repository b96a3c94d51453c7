package integration

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/integration/harness"
)

// cliSubnetGroup is what the AWS CLI shows of a cache subnet group.
type cliSubnetGroup struct {
	CacheSubnetGroupName, CacheSubnetGroupDescription, VpcId, ARN string
	Subnets                                                       []struct {
		SubnetIdentifier       string
		SubnetAvailabilityZone struct{ Name string }
	}
}

func (g cliSubnetGroup) ids() (ids []string) {
	for _, s := range g.Subnets {
		ids = append(ids, s.SubnetIdentifier)
	}
	return ids
}

// TestSubnetGroups is the life of a subnet group by the AWS CLI: made, modified, used by a group, and gone after it. One
// engine is enough: nodes are not told of subnet groups.
func TestSubnetGroups(t *testing.T) {
	t.Parallel()
	engine := harness.Engines(t)[0]
	s := harness.Start(t)
	cli := func(into any, words ...string) {
		t.Helper()
		out, problems, err := s.AWS(append([]string{"elasticache", "--output", "json"}, words...)...)
		if err == nil && into != nil {
			err = json.Unmarshal([]byte(out), into)
		}
		if err != nil {
			t.Fatalf("aws elasticache %s: %v\n%s", words[0], err, problems)
		}
	}
	refused := func(code, message string, words ...string) {
		t.Helper()
		if _, problems, err := s.AWS(append([]string{"elasticache"}, words...)...); err == nil || !strings.Contains(problems, code) || !strings.Contains(problems, message) {
			t.Errorf("aws elasticache %s: %s (%v), want %s: %s", strings.Join(words, " "), problems, err, code, message)
		}
	}
	var made, changed struct{ CacheSubnetGroup cliSubnetGroup }
	cli(&made, "create-cache-subnet-group", "--cache-subnet-group-name", "Private", "--cache-subnet-group-description", "d", "--subnet-ids", "subnet-53df9c3a", "subnet-0bb1c79de3EXAMPLE")
	if g := made.CacheSubnetGroup; g.CacheSubnetGroupName != "private" || !strings.HasSuffix(g.ARN, ":subnetgroup:private") || !strings.HasPrefix(g.VpcId, "vpc-") ||
		!cmp.Equal(g.ids(), []string{"subnet-53df9c3a", "subnet-0bb1c79de3EXAMPLE"}) {
		t.Errorf("created: %+v", g)
	}
	refused("CacheSubnetGroupAlreadyExists", "Cache subnet group private already exists.",
		"create-cache-subnet-group", "--cache-subnet-group-name", "private", "--cache-subnet-group-description", "d", "--subnet-ids", "subnet-1")
	cli(&changed, "modify-cache-subnet-group", "--cache-subnet-group-name", "PRIVATE", "--subnet-ids", "subnet-1")
	if g := changed.CacheSubnetGroup; g.CacheSubnetGroupDescription != "d" || !cmp.Equal(g.ids(), []string{"subnet-1"}) {
		t.Errorf("modified: %+v", g)
	}
	refused("CacheSubnetGroupNotFoundFault", "Cache Subnet Group none does not exist.", "create-replication-group",
		"--replication-group-id", "g", "--replication-group-description", "d", "--engine", engine, "--cache-node-type", "cache.t4g.micro", "--cache-subnet-group-name", "none")

	cli(nil, "create-replication-group", "--replication-group-id", "g", "--replication-group-description", "d", "--engine", engine,
		"--cache-node-type", "cache.t4g.micro", "--num-cache-clusters", "2", "--cache-subnet-group-name", "Private")
	s.AwaitStatus("g", "available")
	wantSubnetGroups(t, cli, map[string]string{"g-001": "private", "g-002": "private"})
	refused("CacheSubnetGroupInUse", "private is in use by g", "delete-cache-subnet-group", "--cache-subnet-group-name", "private")
	s.Kill()
	s.Start()
	wantSubnetGroups(t, cli, map[string]string{"g-001": "private", "g-002": "private"})

	cli(nil, "delete-replication-group", "--replication-group-id", "g")
	s.AwaitStatus("g", "")
	cli(nil, "delete-cache-subnet-group", "--cache-subnet-group-name", "private")
	refused("CacheSubnetGroupNotFoundFault", "Cache subnet group private not found.", "describe-cache-subnet-groups", "--cache-subnet-group-name", "private")
	refused("InvalidParameterValue", "cannot be deleted", "delete-cache-subnet-group", "--cache-subnet-group-name", "default")
	var left struct{ CacheSubnetGroups []cliSubnetGroup }
	cli(&left, "describe-cache-subnet-groups")
	if len(left.CacheSubnetGroups) != 1 || left.CacheSubnetGroups[0].CacheSubnetGroupName != "default" {
		t.Errorf("the subnet groups are %+v", left.CacheSubnetGroups)
	}
}

// wantSubnetGroups checks which subnet group each cache cluster is in.
func wantSubnetGroups(t *testing.T, cli func(any, ...string), want map[string]string) {
	t.Helper()
	var shown struct {
		CacheClusters []struct{ CacheClusterId, CacheSubnetGroupName string }
	}
	cli(&shown, "describe-cache-clusters")
	got := map[string]string{}
	for _, c := range shown.CacheClusters {
		got[c.CacheClusterId] = c.CacheSubnetGroupName
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("subnet groups (-want +got):\n%s", diff)
	}
}
