package integration

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// While a node is too busy to take other rules, whoever looks sees that they do not hold there yet; of the others that they do.
func TestSecurityGroupsOfBusyNode(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t, "--hang-timeout", "1m") // a node that hangs is not to be given up
		web := securityGroup(t, s, "web", "127.9.0.0/16")
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), SecurityGroupIds: []string{web}})
		g.awaitRules("g-001: active, g-002: active")
		if err := syscall.Kill(g.process("g-002"), syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		command(t, s, "security-group", "allow", web, outside)
		g.awaitRules("g-001: active, g-002: adding")
		const late = "Node g-002 has not taken the rules of its security groups yet"
		if status := command(t, s, "status", g.id); !strings.Contains(status, late) {
			t.Errorf("status does not say which node is late:\n%s", status)
		}
		if err := syscall.Kill(g.process("g-002"), syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		g.awaitRules("g-001: active, g-002: active")
		g.awaitAdmission(outside, true)
		if status := command(t, s, "status", g.id); strings.Contains(status, "has not taken the rules") {
			t.Errorf("status still says that a node is late:\n%s", status)
		}
	})
}

// awaitRules returns when the nodes' security groups have these statuses.
func (g *group) awaitRules(want string) {
	g.t.Helper()
	harness.Await(g.t, harness.Patience, "the rules to be "+want, func() (bool, error) {
		out, err := g.API().DescribeCacheClusters(g.t.Context(), &elasticache.DescribeCacheClustersInput{})
		if err != nil {
			return false, err
		}
		var all []string
		for _, c := range out.CacheClusters {
			for _, s := range c.SecurityGroups {
				all = append(all, aws.ToString(c.CacheClusterId)+": "+aws.ToString(s.Status))
			}
		}
		got := strings.Join(all, ", ")
		return got == want, fmt.Errorf("they are %s", got)
	})
}
