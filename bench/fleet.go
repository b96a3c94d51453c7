package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/integration/harness"
)

const (
	fleetAtOnce   = 4          // creations
	describeLimit = int32(20)  // records on a page: the fewest that the API allows, so the most pages
	describeMost  = int32(100) // the most

	describeTarget = 50.0 // milliseconds
	idleTarget     = 5.0  // percent of a core
)

// population is many groups on one control plane.
type population struct {
	server *harness.Server
	groups int
	size   int           // nodes of each
	settle time.Duration // until what their creation has left over to do is done
}

func (p population) String() string {
	if p.size == 1 {
		return fmt.Sprintf("%d groups of one node", p.groups)
	}
	return fmt.Sprintf("%d groups of %d nodes", p.groups, p.size)
}

// fleet measures what many groups cost when nobody does anything.
func fleet(ctx context.Context, s *session) error {
	p := population{server: s.server(), groups: 50, size: 1, settle: s.duration(5*time.Second, 2*time.Second)}
	creations, creating := errgroup.WithContext(ctx)
	creations.SetLimit(fleetAtOnce)
	for i := range p.groups {
		creations.Go(func() error {
			_, err := s.group(creating, p.server, fmt.Sprintf("fleet-%d", i), 0, rand.Text())
			return err
		})
	}
	if err := creations.Wait(); err != nil {
		return err
	}
	if _, err := s.idle(ctx, p, 5); err != nil {
		return err
	}
	return s.describe(ctx, p, s.samples(300, 50))
}

// describe times reading all groups, page by page.
func (s *session) describe(ctx context.Context, p population, times int) error {
	var took, each []float64
	api, pages := p.server.API(), 0
	for range times {
		began := time.Now()
		groups, n, err := describeAll(ctx, api, describeLimit, &each)
		if err != nil {
			return err
		}
		if len(groups) != p.groups {
			return fmt.Errorf("describe %d groups, want %d", len(groups), p.groups)
		}
		took, pages = append(took, milliseconds(time.Since(began))), n
	}
	s.record(Measurement{Name: fmt.Sprintf("Describe %s, each of %d pages", p, pages), Unit: Milliseconds, Samples: each, Target: &Target{Statistic: "p99", AtMost: describeTarget}})
	s.record(Measurement{Name: fmt.Sprintf("Describe %s, all %d pages", p, pages), Unit: Milliseconds, Samples: took})
	return nil
}

// describeAll also notes how many milliseconds each page took, unless that is nil.
func describeAll(ctx context.Context, api *elasticache.Client, limit int32, each *[]float64) (groups []types.ReplicationGroup, count int, err error) {
	pages := elasticache.NewDescribeReplicationGroupsPaginator(api, &elasticache.DescribeReplicationGroupsInput{MaxRecords: &limit})
	for ; pages.HasMorePages(); count++ {
		began := time.Now()
		page, err := pages.NextPage(ctx, once)
		if err != nil {
			return nil, 0, err
		}
		if each != nil {
			*each = append(*each, milliseconds(time.Since(began)))
		}
		groups = append(groups, page.ReplicationGroups...)
	}
	return groups, count, nil
}

// idle measures processor time and memory over a few spans of seconds in which nobody
// asks for anything. It returns the most that the control plane took, in cores.
func (s *session) idle(ctx context.Context, p population, spans int) (float64, error) {
	nodes := p.server.Nodes()
	if len(nodes) != p.groups*p.size {
		return 0, fmt.Errorf("%d nodes run, want %d", len(nodes), p.groups*p.size)
	}
	if err := pause(ctx, p.settle); err != nil {
		return 0, err
	}
	var server1, nodes1 []float64
	for range s.samples(spans, 2) {
		began := time.Now()
		serverBefore, nodesBefore, err := fleetTimes(p.server.PID(), nodes)
		if err != nil {
			return 0, err
		}
		if err := pause(ctx, s.duration(5*time.Second, time.Second)); err != nil {
			return 0, err
		}
		serverAfter, nodesAfter, err := fleetTimes(p.server.PID(), nodes)
		if err != nil {
			return 0, err
		}
		took := time.Since(began)
		server1 = append(server1, 100*float64(serverAfter-serverBefore)/float64(took))
		nodes1 = append(nodes1, 100*float64(nodesAfter-nodesBefore)/float64(took))
	}
	s.record(Measurement{Name: fmt.Sprintf("control plane with %s, idle: processor", p), Unit: CorePercent, Samples: server1, Target: &Target{Statistic: "median", AtMost: idleTarget}})
	s.record(Measurement{Name: fmt.Sprintf("all nodes of %s together, idle: processor", p), Unit: CorePercent, Samples: nodes1})
	return slices.Max(server1) / 100, s.occupied(p, nodes)
}

func (s *session) occupied(p population, nodes map[string]int) error {
	rss, _, err := memory(p.server.PID())
	if err != nil {
		return err
	}
	byGroup := map[string]float64{}
	for name, pid := range nodes {
		_, pss, err := memory(pid)
		if err != nil {
			return err
		}
		byGroup[groupOf(name)] += pss
	}
	s.record(Measurement{Name: fmt.Sprintf("control plane with %s: memory (RSS)", p), Unit: MiB, Samples: []float64{rss}})
	s.record(Measurement{Name: fmt.Sprintf("each of %s: memory (PSS)", p), Unit: MiB, Samples: slices.Collect(maps.Values(byGroup))})
	return nil
}

// groupOf is the group of a node's directory, <group>-<number>.<uid>.
func groupOf(node string) string {
	id, _, _ := strings.Cut(node, ".")
	return id[:max(strings.LastIndex(id, "-"), 0)]
}

func fleetTimes(pid int, nodes map[string]int) (server, all time.Duration, err error) {
	if server, err = cpuTime(pid); err != nil {
		return 0, 0, err
	}
	for _, node := range nodes {
		used, err := cpuTime(node)
		if err != nil {
			return 0, 0, err
		}
		all += used
	}
	return server, all, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// once keeps the SDK from hiding a failed call behind another try.
func once(o *elasticache.Options) { o.RetryMaxAttempts = 1 }
