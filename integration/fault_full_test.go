package integration_test

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
)

// metric asks for a metric of the control plane.
func metric(t *testing.T, s *harness.Server, name string) string {
	t.Helper()
	url := regexp.MustCompile(`metrics: (http://\S+/metrics)`).FindStringSubmatch(s.Output())
	if url == nil {
		t.Fatalf("it does not say where its metrics are:\n%s", s.Output())
	}
	answer, err := harness.HTTP.Get(url[1])
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	value := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(text)
	if value == nil {
		t.Fatalf("no metric %s in:\n%s", name, text)
	}
	return string(value[1])
}

// awaitReason waits until a group's state gives a reason.
func (g *subject) awaitReason(words string) {
	g.t().Helper()
	g.await("the reason "+words, func() (bool, error) {
		access, _, err := g.access()
		return strings.Contains(access.StatusReason, words), fmt.Errorf("it is %s: %s (%w)", access.Status, access.StatusReason, err)
	})
}

// wantToldOfFullDisk looks wherever somebody may look.
func wantToldOfFullDisk(t *testing.T, g *subject) {
	t.Helper()
	const words = "disk is full"
	g.awaitReason(words)
	for _, command := range []string{"status", "doctor"} {
		args := []string{command}
		if command == "status" {
			args = append(args, g.id)
		}
		if out, _ := g.Aikagi(args...); !strings.Contains(out, words) {
			t.Errorf("aikagi %s does not say that the %s:\n%s", command, words, out)
		}
	}
	if value := metric(t, g.Server, "aikagi_disk_full"); value != "1" {
		t.Errorf("aikagi_disk_full is %s", value)
	}
	g.await("the event", func() (bool, error) {
		return strings.Contains(strings.Join(g.messages(), "\n"), g.id+": The "+words), nil
	})
}

// With no byte left the control plane starts, answers, refuses what is new, brings back what needs no new file, and fails
// over: the election is durable. When there is room all goes on by itself.
func TestControlPlaneOnFullDisk(t *testing.T) {
	t.Parallel()
	for _, engine := range harness.Engines(t) {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := harness.New(t, "--metrics-listen", "127.0.0.1:0")
			mountSmall(t, s, s.Dir, "32m")
			s.Start()
			g := newSubject(s, "group", engine, 2, true)
			g.automatic = true
			alone := newSubject(s, "alone", engine, 0, true)
			for _, each := range []*subject{g, alone} {
				if err := each.create(""); err != nil {
					t.Fatal(err)
				}
				each.awaitSettled()
				each.write("before")
			}
			free := fill(t, s.Dir)
			wantUnavailable(t, g.describeAs("new"))
			wantToldOfFullDisk(t, g)

			s.Kill()
			s.Start()
			wantUnavailable(t, g.describeAs("new"))
			wantToldOfFullDisk(t, g)

			lost, before := g.primary, alone.pids()
			g.kill(lost, syscall.SIGKILL)
			alone.kill(alone.primary, syscall.SIGKILL)
			g.await("another primary", func() (bool, error) {
				access, _, err := g.access()
				for _, n := range access.Nodes {
					if n.Role == "primary" {
						g.primary = n.CacheClusterId
					}
				}
				return g.primary != lost, err
			})
			g.await("writes through the endpoint", func() (bool, error) {
				c, err := dialRaw(g.address[primaryEndpoint], g.pool())
				if err != nil {
					return false, err
				}
				defer c.Close()
				_, err = c.do("SET", "on-a-full-disk", "v")
				return err == nil, err
			})
			g.written["on-a-full-disk"]++
			g.awaitReason("no space left")   // the lost node needs a new file, for it is a replica now
			alone.written = map[string]int{} // there was no room for a snapshot
			alone.await("the node that stands alone", func() (bool, error) {
				return alone.pids()[alone.primary] != before[alone.primary] && alone.pids()[alone.primary] != 0, nil
			})
			alone.awaitSettled()

			s.Kill() // what was elected and noted is durable
			s.Start()
			if node := g.servedBy(primaryEndpoint); node != g.primary {
				t.Errorf("%q serves the primary endpoint after another start, want %s", node, g.primary)
			}
			free()
			began := time.Now()
			g.awaitSettled()
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("the group was whole %s after there was room", took)
			}
			g.await("changes", func() (bool, error) {
				err := g.describeAs("accepted")
				return err == nil, err
			})
			g.write("after")
			g.verifyEndpoints()
			g.await("the end of the warning", func() (bool, error) {
				access, _, err := g.access()
				return access.StatusReason == "" && metric(t, s, "aikagi_disk_full") == "0", fmt.Errorf("%s (%w)", access.StatusReason, err)
			})
			g.await("the event", func() (bool, error) {
				return strings.Contains(strings.Join(g.messages(), "\n"), g.id+": The disk has room again"), nil
			})
		})
	}
}
