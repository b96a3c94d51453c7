package integration_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/smithy-go"

	"github.com/aikagi/aikagi/integration/harness"
)

// mountSmall puts a file system of its own under a directory of the control plane's.
// It skips the test where that is not allowed.
func mountSmall(t *testing.T, s *harness.Server, dir, size string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("aikagi-test", dir, "tmpfs", 0, "mode=0700,size="+size); err != nil {
		t.Skipf("a file system to fill cannot be mounted: %v", err)
	}
	t.Cleanup(func() { // before the harness's own, which needs the directory empty
		s.Kill() // first, for it starts again what ends
		harness.Await(t, harness.Patience, "unmount", func() (bool, error) {
			for _, pids := range leaders(s.Dir) {
				for _, pid := range pids {
					_ = syscall.Kill(pid, syscall.SIGKILL)
				}
			}
			err := syscall.Unmount(dir, 0)
			return err == nil, err
		})
	})
}

// fill takes all the space that is left below dir. free gives it back.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	path := filepath.Join(dir, "filler")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 64<<10); len(block) > 0; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			block = block[:len(block)/2]
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

func (g *subject) describeAs(text string) error {
	_, err := g.client().ElastiCache.ModifyReplicationGroup(context.Background(), &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &g.id, ReplicationGroupDescription: &text,
	}, once)
	return err
}

func (g *subject) description() string {
	g.t().Helper()
	out, err := g.client().ElastiCache.DescribeReplicationGroups(context.Background(), &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: &g.id})
	if err != nil {
		g.t().Fatal(err)
	}
	return aws.ToString(out.ReplicationGroups[0].Description)
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	var answer smithy.APIError
	if !errors.As(err, &answer) || answer.ErrorCode() != "ServiceUnavailable" || !strings.Contains(answer.ErrorMessage(), "no space left") {
		t.Errorf("answer on a full disk: %v", err)
	}
}

// A full disk under the store: changes are refused and nothing of them is kept, reads
// and clients go on, and all works again when there is space.
func TestStoreDiskFull(t *testing.T) {
	t.Parallel()
	s := harness.New(t)
	mountSmall(t, s, s.Dir, "24m")
	s.Start()
	g := newSubject(s, "full", oneEngine(t, 0), 1, true)
	if err := g.create(""); err != nil {
		t.Fatal(err)
	}
	g.awaitSettled()
	free := fill(t, s.Dir)

	last, err := "", error(nil)
	for n := 0; err == nil; n++ { // the store has some room of its own
		text := fmt.Sprint("description ", n, strings.Repeat(".", 200))
		if err = g.describeAs(text); err == nil {
			last = text
		}
		if n > 10000 {
			t.Fatal("the store is never full")
		}
	}
	wantUnavailable(t, err)
	if got := g.description(); last != "" && got != last {
		t.Errorf("description %q, the last that was accepted is %q", got, last)
	}
	wantUnavailable(t, g.modify(rotate, tokenOf("refused", 0)))
	wantUnavailable(t, g.delete())
	g.write("on-a-full-disk")
	g.verify()

	g.Kill()
	g.Start()
	g.verify()
	wantUnavailable(t, g.delete())
	free()
	g.await("room", func() (bool, error) {
		err := g.describeAs("room")
		return err == nil, err
	})
	g.mustModify(rotate, tokenOf("accepted", 0))
	g.awaitSettled()
	g.verify()
}

// A full disk under the nodes: a new group fails with a reason, those that are there
// serve, and a token change waits for space without shutting anybody out.
func TestNodeDiskFull(t *testing.T) {
	t.Parallel()
	s := harness.New(t)
	nodes := filepath.Join(s.Dir, "nodes")
	mountSmall(t, s, nodes, "4m")
	s.Start()
	g := newSubject(s, "serves", oneEngine(t, 1), 1, true)
	if err := g.create(""); err != nil {
		t.Fatal(err)
	}
	g.awaitSettled()
	pids := g.pids()
	free := fill(t, nodes)

	fails := newSubject(s, "fails", g.engine, 1, true)
	if err := fails.create(""); err != nil {
		t.Fatal(err)
	}
	fails.await("create-failed", func() (bool, error) {
		access, _, err := fails.access()
		return access.Status == "create-failed", fmt.Errorf("it is %s (%w)", access.Status, err)
	})
	if access, _, _ := fails.access(); !strings.Contains(access.StatusReason, "no space left") {
		t.Errorf("reason %q does not help", access.StatusReason)
	}
	if err := fails.delete(); err != nil {
		t.Fatal(err)
	}
	fails.awaitGone()

	refusals := g.loginAllTheTime("")
	before := strings.Count(g.Output(), "no space left")
	g.mustModify(rotate, tokenOf("waits", 0))
	// Told in vain again and again, from then on: nothing may make it available before there is room.
	for _, tries := range []int{1, 3} {
		g.await("the nodes to be told in vain", func() (bool, error) {
			return strings.Count(g.Output(), "no space left") >= before+tries, errors.New("no step has failed")
		})
		if access, _, err := g.access(); access.Status != "modifying" {
			t.Fatalf("group is %s although no node could be told (%v)", access.Status, err)
		}
	}
	free()
	g.awaitSettled()
	refusals.stop(t)
	g.write("after")
	g.verify()
	g.wantPIDs(pids)
}
