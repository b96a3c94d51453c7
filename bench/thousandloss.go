package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/integration/load"
)

// loseMany kills the primaries of a quarter of the groups at once, and measures when
// each of their endpoints takes writes again, and when all groups are whole.
func (c *crowd) loseMany(ctx context.Context, s *session) error {
	groups, _, err := describeAll(ctx, c.api, describeMost, nil)
	if err != nil {
		return err
	}
	groups = groups[:c.groups/4]
	pids, err := c.primaries(groups)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := strikeAll(pids); err != nil {
		return err
	}
	struck := time.Now() // all are dead
	times := make([]float64, len(groups))
	clients, writing := errgroup.WithContext(ctx)
	for i, g := range groups {
		clients.Go(func() error {
			err := c.awaitWrite(writing, g)
			times[i] = milliseconds(time.Since(began))
			return err
		})
	}
	if err := clients.Wait(); err != nil {
		return err
	}
	name := fmt.Sprintf("%s: %d primaries crash at once, ", c.population, len(groups))
	s.progress("  killing took %s", struck.Sub(began).Round(time.Millisecond))
	s.record(Measurement{Name: name + "signal → next acknowledged write of each", Unit: Milliseconds, Samples: times})
	err = poll(ctx, thousandEvery, thousandTimeout, "all groups to be whole", func() error { return c.whole(ctx, groups) })
	if err != nil {
		return err
	}
	s.record(Measurement{Name: name + "signal → all groups whole", Unit: Seconds, Samples: []float64{time.Since(began).Seconds()}})
	return nil
}

// primaries returns the processes of the groups' primaries.
func (c *crowd) primaries(groups []types.ReplicationGroup) ([]int, error) {
	byID := map[string]int{}
	for node, pid := range c.server.Nodes() {
		id, _, _ := strings.Cut(node, ".")
		byID[id] = pid
	}
	var pids []int
	for _, g := range groups {
		for _, member := range g.NodeGroups[0].NodeGroupMembers {
			if pid := byID[aws.ToString(member.CacheClusterId)]; pid != 0 && aws.ToString(member.CurrentRole) == "primary" {
				pids = append(pids, pid)
			}
		}
	}
	if len(pids) != len(groups) {
		return nil, fmt.Errorf("%d primaries run, want %d", len(pids), len(groups))
	}
	return pids, nil
}

func strikeAll(pids []int) error {
	errs := make([]error, len(pids))
	var all sync.WaitGroup
	for i, pid := range pids {
		all.Go(func() { _, _, errs[i] = strike(pid, syscall.SIGKILL) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// knockEvery is how often each client of an endpoint tries: seldom enough for fifty of
// them to leave the machine to those who repair.
const knockEvery = 25 * time.Millisecond

func (c *crowd) awaitWrite(ctx context.Context, g types.ReplicationGroup) error {
	at := load.HostPort(g.NodeGroups[0].PrimaryEndpoint)
	client := &tight{at: at, token: c.tokens[*g.ReplicationGroupId], tls: trust(c.ca, at)}
	defer client.close()
	return poll(ctx, knockEvery, thousandTimeout, "write to "+*g.ReplicationGroupId, func() error { return client.write(ctx, "after") })
}

// whole returns an error as long as a node is not available, or a replica of the given
// groups not in sync.
func (c *crowd) whole(ctx context.Context, groups []types.ReplicationGroup) error {
	if err := c.available(ctx); err != nil {
		return err
	}
	for _, g := range groups {
		at := load.HostPort(g.NodeGroups[0].PrimaryEndpoint)
		conn, err := connectTo(at, c.tokens[*g.ReplicationGroupId], trust(c.ca, at))
		if err != nil {
			return err
		}
		online, err := replicasOnline(conn)
		_ = conn.Close()
		if err == nil && online != c.size-1 {
			err = fmt.Errorf("%d replicas of %s are in sync", online, *g.ReplicationGroupId)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// adopt kills the control plane, starts it again, and measures until it answers,
// and until it has looked at everything. Until then no node may have been started
// again.
func (c *crowd) adopt(ctx context.Context, s *session) error {
	var ready, rested []float64
	restarted := 0
	for range s.samples(5, 2) {
		before := c.server.Nodes()
		c.server.Kill()
		began := time.Now()
		c.server.Start()
		ready = append(ready, time.Since(began).Seconds())
		if held := pidfds(c.server.PID()); held < len(before) {
			return fmt.Errorf("the control plane watches %d processes of %d", held, len(before))
		}
		at, err := c.awaitRest(ctx)
		if err != nil {
			return err
		}
		rested = append(rested, at.Sub(began).Seconds())
		after := c.server.Nodes()
		if !maps.Equal(before, after) {
			for name, pid := range before {
				if after[name] != pid {
					restarted++
				}
			}
		}
	}
	name := fmt.Sprintf("%s: control plane killed and started, ", c.population)
	s.record(Measurement{Name: name + "start → API ready, all processes found", Unit: Seconds, Samples: ready})
	s.record(Measurement{Name: name + "start → all groups looked at", Unit: Seconds, Samples: rested})
	s.record(Measurement{Name: name + "nodes started again", Unit: Count, Target: &Target{Statistic: "max", AtMost: 0}, Samples: []float64{float64(restarted)}})
	return nil
}

const (
	restSpan  = 200 * time.Millisecond
	restShare = 0.1 // of a core, beyond what it takes at rest
)

// awaitRest returns when the control plane began to take no more than at rest: that is
// how the end of its first look at all groups shows from outside.
func (c *crowd) awaitRest(ctx context.Context) (time.Time, error) {
	for deadline := time.Now().Add(thousandTimeout); ; {
		began := time.Now()
		before, err := cpuTime(c.server.PID())
		if err != nil {
			return began, err
		}
		if err := pause(ctx, restSpan); err != nil {
			return began, err
		}
		after, err := cpuTime(c.server.PID())
		switch {
		case err != nil:
			return began, err
		case float64(after-before) < (c.atRest+restShare)*float64(restSpan):
			return began, nil
		case time.Now().After(deadline):
			return began, fmt.Errorf("the control plane does not come to rest in %s", thousandTimeout)
		}
	}
}

// pidfds counts the processes that a process watches.
func pidfds(pid int) int {
	dir, count := fmt.Sprintf("/proc/%d/fd", pid), 0
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if to, err := os.Readlink(filepath.Join(dir, e.Name())); err == nil && strings.Contains(to, "pidfd") {
			count++
		}
	}
	return count
}
