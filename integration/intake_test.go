package integration_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/datadir"
)

// memoryPeak is the most memory that a process has had, in MB.
func memoryPeak(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kB := 0
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		t.Fatal(err)
	}
	return kB / 1000
}

// flood opens connections to the control plane and sends the same on each, without ever ending it. Errors are the
// server's defence.
func flood(t *testing.T, s *harness.Server, connections int, text string) {
	t.Helper()
	address := strings.TrimPrefix(s.URL, "http://")
	work := make(chan struct{}, connections)
	for range connections {
		work <- struct{}{}
	}
	close(work)
	var mu sync.Mutex
	var open []net.Conn
	t.Cleanup(func() {
		for _, c := range open {
			_ = c.Close()
		}
	})
	var senders sync.WaitGroup
	for range 16 {
		senders.Go(func() {
			for range work {
				c, err := net.Dial("tcp", address)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				open = append(open, c)
				mu.Unlock()
				_ = c.SetWriteDeadline(time.Now().Add(10 * time.Second))
				_, _ = c.Write([]byte(text))
			}
		})
	}
	senders.Wait()
}

// slowest calls the API until done is closed, and returns how long
// the slowest call took.
func slowest(t *testing.T, s *harness.Server, done <-chan struct{}) time.Duration {
	t.Helper()
	longest := time.Duration(0)
	for {
		began := time.Now()
		_, err := s.API().DescribeReplicationGroups(context.Background(), &elasticache.DescribeReplicationGroupsInput{})
		if err != nil {
			t.Errorf("a signed call meanwhile: %v", err)
		}
		longest = max(longest, time.Since(began))
		select {
		case <-done:
			return longest
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// 2,000 clients that each send almost all of 200 kB cost no more memory than the budget, and keep nobody waiting:
// not without a key, not with the id of one, and not to the console.
func TestSlowBodiesHaveABudget(t *testing.T) {
	t.Parallel()
	const connections, size = 2000, 200_000
	body := strings.Repeat("x", size-1)
	for name, path := range map[string]string{"unsigned": "/", "with a key's id": "/", "to the console": "/console/api"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := harness.Start(t)
			head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", path, size)
			if strings.Contains(name, "key") {
				key, err := datadir.ReadAccessKey(s.Dir)
				if err != nil {
					t.Fatal(err)
				}
				now := time.Now().UTC()
				head += fmt.Sprintf("X-Amz-Date: %s\r\nAuthorization: AWS4-HMAC-SHA256 Credential=%s/%s/us-east-1/elasticache/aws4_request, "+
					"SignedHeaders=host;x-amz-date, Signature=00\r\n", now.Format("20060102T150405Z"), key.ID, now.Format("20060102"))
			}
			before := memoryPeak(t, s.PID())
			done := make(chan struct{})
			go func() {
				defer close(done)
				flood(t, s, connections, head+"\r\n"+body)
			}()
			longest := slowest(t, s, done)
			after := memoryPeak(t, s.PID())
			t.Logf("memory %d MB, then at most %d MB; the slowest signed call took %s", before, after, longest)
			if after > 200 {
				t.Errorf("slow bodies took the control plane from %d to %d MB", before, after)
			}
			if longest > 10*time.Second {
				t.Errorf("a signed call took %s", longest)
			}
		})
	}
}

// However many connections there are, a node that is lost is started again, and new clients are answered.

func TestConnectionsLeaveDescriptorsForNodes(t *testing.T) {
	t.Parallel()
	const descriptors, connections = 400, 1000
	s := harness.New(t)
	binary, err := harness.Binary()
	if err != nil {
		t.Fatal(err)
	}
	s.Program = filepath.Join(t.TempDir(), "aikagi")
	script := fmt.Sprintf("#!/bin/sh\nulimit -n %d\nexec %s \"$@\"\n", descriptors, binary)
	if err := os.WriteFile(s.Program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	s.Start()
	g := newSubject(s, "held", oneEngine(t, 1), 1, true)
	if err := g.create(""); err != nil {
		t.Fatal(err)
	}
	g.awaitSettled()
	flood(t, s, connections, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") // and kept alive
	if open := openFiles(t, s.PID()); open > descriptors*3/4 {
		t.Errorf("%d of %d descriptors are open", open, descriptors)
	}
	pids := g.pids()
	for _, pid := range pids {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	harness.Await(t, harness.Patience, "the lost nodes", func() (bool, error) {
		now := g.pids()
		for name, pid := range pids {
			if now[name] == 0 || now[name] == pid {
				return false, fmt.Errorf("processes %v, were %v", now, pids)
			}
		}
		return true, nil
	})
	g.awaitSettled()
	g.verify()
}

func openFiles(t *testing.T, pid int) int {
	t.Helper()
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
