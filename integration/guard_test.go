package integration

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// guard sets the tags of the group's guard.
func (g *group) guard(mode, quiet string) {
	g.t.Helper()
	_, err := g.API().AddTagsToResource(g.t.Context(), &elasticache.AddTagsToResourceInput{
		ResourceName: g.describe().ARN,
		Tags: []types.Tag{
			{Key: aws.String("aikagi:set-guard"), Value: &mode}, {Key: aws.String("aikagi:set-guard-quiet"), Value: &quiet},
		},
	})
	if err != nil {
		g.t.Fatal(err)
	}
}

// TestGuardRefusesUntilTheLastClientLeft: ROTATE and SET, through the SDK and through the
// AWS CLI, are refused while what they end is used, and let through after that.
func TestGuardRefusesUntilTheLastClientLeft(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
		g.guard("refuse", "500ms")
		g.change(rotate, token1)
		forgotten := dial(t, g.primary(), g.ca)
		forgotten.do("CLIENT", "SETNAME", "forgotten-cron")

		_, err := g.modify(rotate, token2)
		checkRefusal(t, err, invalidCombi, "AuthTokenUpdateStrategy ROTATE would end access without a token of replication group g, which is in use: 1 connection, 1 authentication")
		checkRefusal(t, err, invalidCombi, "forgotten-cron (127.")
		g.checkStillThere()
		forgotten.close()
		g.awaitChange(rotate, token2)

		pool := goPool(g, token1)
		if _, connections := pool.open(t, g); connections == 0 {
			t.Fatal("the pool is empty")
		}
		_, err = g.modify(set, token2)
		checkRefusal(t, err, invalidCombi, "would end the token "+nameOf(token1))
		checkRefusal(t, err, invalidCombi, "go-pool (127.")
		_, err = g.modify(rotate, token3)
		checkRefusal(t, err, invalidCombi, "AuthTokenUpdateStrategy ROTATE would end the token "+nameOf(token1))
		g.checkStillThere()
		_, problem, err := g.AWS("elasticache", "modify-replication-group", "--replication-group-id", g.id, "--apply-immediately",
			"--auth-token", token2, "--auth-token-update-strategy", "SET")
		if err == nil || !strings.Contains(problem, "InvalidParameterCombination") || !strings.Contains(problem, "go-pool") ||
			!strings.Contains(problem, "aikagi token usage g") || strings.Contains(problem, token2) {
			t.Errorf("the AWS CLI says %v: %s", err, problem)
		}
		pool.close()
		g.awaitChange(set, token2)
		g.checkAccess(token2)
	})
}

// checkStillThere sees that a refused change left the group alone.
func (g *group) checkStillThere() {
	g.t.Helper()
	if d := g.describe(); aws.ToString(d.Status) != "available" || d.PendingModifiedValues.AuthTokenStatus != "" {
		g.t.Errorf("after a refusal the group is %s, token status %q", aws.ToString(d.Status), d.PendingModifiedValues.AuthTokenStatus)
	}
}

// awaitChange asks until the guard lets a change through, and waits until it is done.
func (g *group) awaitChange(strategy types.AuthTokenUpdateStrategyType, token string) {
	g.t.Helper()
	harness.Await(g.t, harness.Patience, "the guard to let "+string(strategy)+" through", func() (bool, error) {
		_, err := g.modify(strategy, token)
		return err == nil, err
	})
	g.AwaitStatus(g.id, "available")
}

// TestGuardWarns is the default: the change is carried out and the event names who is hit.
func TestGuardWarns(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{AuthToken: aws.String(token1)})
		g.change(rotate, token2)
		late := dial(t, g.primary(), g.ca)
		late.do("AUTH", token1)
		late.do("CLIENT", "SETNAME", "late-worker")
		g.change(set, token2)
		told := strings.Join(messages(t, g.Server, types.SourceTypeReplicationGroup, g.id), "\n")
		if !strings.Contains(told, "Auth token SET ends the token "+nameOf(token1)) || !strings.Contains(told, "late-worker (127.") {
			t.Errorf("events:\n%s", told)
		}
		if reply := late.do("PING"); reply != "PONG" {
			t.Errorf("a connection that was there is ended: %s", reply)
		}
		g.change(rotate, token3) // ends nothing
		g.guard("off", "10m")
		g.change(set, token3)
		if again := strings.Join(messages(t, g.Server, types.SourceTypeReplicationGroup, g.id), "\n"); strings.Count(again, " ends ") != 1 {
			t.Errorf("events:\n%s", again)
		}
	})
}

// A guard that cannot ask a node refuses, and says which.
func TestGuardWithoutANode(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t, "--hang-timeout", "60s"), engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(2), AuthToken: aws.String(token1),
		})
		g.guard("refuse", "1s")
		g.change(rotate, token2)
		pid := 0
		for name, process := range g.Nodes() {
			if strings.HasPrefix(name, "g-002.") {
				pid = process
			}
		}
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		_, err := g.modify(set, token2)
		checkRefusal(t, err, invalidCombi, "node g-002 could not be asked (it did not answer within 1s)")
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("the refusal took %s", took)
		}
		if text, err := g.Aikagi("token", "usage", g.id); err == nil || err.Error() != "exit status 2" || !strings.Contains(text, "NOT ASKED: node g-002") {
			t.Errorf("aikagi token usage: %v\n%s", err, text)
		}
		if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		g.awaitChange(set, token2)
	})
}
