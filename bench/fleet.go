package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/integration/harness"
)

const (
	fleetGroups   = 50
	fleetAtOnce   = 4         // creations
	describeLimit = int32(20) // records on a page: the fewest that the API allows, so the most pages
)

// fleet measures what many groups cost when nobody does anything.
func fleet(ctx context.Context, s *session) error {
	server := s.server()
	creations, creating := errgroup.WithContext(ctx)
	creations.SetLimit(fleetAtOnce)
	for i := range fleetGroups {
		creations.Go(func() error {
			_, err := s.group(creating, server, fmt.Sprintf("fleet-%d", i), 0, rand.Text())
			return err
		})
	}
	if err := creations.Wait(); err != nil {
		return err
	}
	if err := s.idle(ctx, server); err != nil {
		return err
	}
	return s.describe(ctx, server)
}

// describe times reading all groups, page by page.
func (s *session) describe(ctx context.Context, server *harness.Server) error {
	var times []float64
	api, limit := server.API(), describeLimit
	for range s.samples(300, 50) {
		began := time.Now()
		pages := elasticache.NewDescribeReplicationGroupsPaginator(api, &elasticache.DescribeReplicationGroupsInput{MaxRecords: &limit})
		groups := 0
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx, once)
			if err != nil {
				return err
			}
			groups += len(page.ReplicationGroups)
		}
		if groups != fleetGroups {
			return fmt.Errorf("describe %d groups, want %d", groups, fleetGroups)
		}
		times = append(times, milliseconds(time.Since(began)))
	}
	s.record(Measurement{Name: fmt.Sprintf("Describe %d groups, all 3 pages", fleetGroups), Unit: Milliseconds, Samples: times})
	return nil
}

// idle measures processor time and memory over a few seconds in which nobody asks
// for anything.
func (s *session) idle(ctx context.Context, server *harness.Server) error {
	nodes := server.Nodes()
	if len(nodes) != fleetGroups {
		return fmt.Errorf("%d nodes run, want %d", len(nodes), fleetGroups)
	}
	settle, span := s.duration(5*time.Second, 2*time.Second), s.duration(5*time.Second, time.Second)
	select { // what the creations have left over to do is not idling
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(settle):
	}
	var server1, nodes1 []float64
	for range s.samples(5, 2) {
		began := time.Now()
		serverBefore, nodesBefore, err := fleetTimes(server.PID(), nodes)
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(span):
		}
		serverAfter, nodesAfter, err := fleetTimes(server.PID(), nodes)
		if err != nil {
			return err
		}
		took := time.Since(began)
		server1 = append(server1, 100*float64(serverAfter-serverBefore)/float64(took))
		nodes1 = append(nodes1, 100*float64(nodesAfter-nodesBefore)/float64(took))
	}
	s.record(Measurement{Name: fmt.Sprintf("control plane with %d idle groups, processor", fleetGroups), Unit: CorePercent, Samples: server1})
	s.record(Measurement{Name: fmt.Sprintf("all %d idle nodes together, processor", fleetGroups), Unit: CorePercent, Samples: nodes1})
	return s.occupied(server.PID(), nodes)
}

func (s *session) occupied(pid int, nodes map[string]int) error {
	rss, _, err := memory(pid)
	if err != nil {
		return err
	}
	var each []float64
	for _, node := range nodes {
		_, pss, err := memory(node)
		if err != nil {
			return err
		}
		each = append(each, pss)
	}
	s.record(Measurement{Name: fmt.Sprintf("control plane with %d groups, memory (RSS)", fleetGroups), Unit: MiB, Samples: []float64{rss}})
	s.record(Measurement{Name: "an idle node, memory (PSS)", Unit: MiB, Samples: each})
	return nil
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

// once keeps the SDK from hiding a failed call behind another try.
func once(o *elasticache.Options) { o.RetryMaxAttempts = 1 }
