package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/integration/harness"
)

const (
	thousandAtOnce = 16 // calls
	// thousandTimeout bounds each thing that a thousand nodes do.
	thousandTimeout = 4 * time.Minute
	thousandEvery   = 50 * time.Millisecond // how often they are asked whether they have
)

// crowd is a population whose groups can be spoken to as a client.
type crowd struct {
	population
	api    *elasticache.Client
	ca     *x509.CertPool
	specs  []groupSpec
	tokens map[string]string // by group
	atRest float64           // what the control plane takes when it has nothing to do, in cores
}

// thousand measures a control plane with a thousand nodes: groups of a primary and
// four replicas, with TLS, a token, and automatic failover. They have what real ones have: parameter groups, different versions
// and windows, and a quarter of them a change that waits for its window.
func thousand(ctx context.Context, s *session) error {
	server := s.wideServer()
	c := &crowd{
		population: population{server: server, groups: s.samples(200, 10), size: 5, settle: s.duration(20*time.Second, 2*time.Second)},
		api:        server.API(), ca: server.CA(), tokens: map[string]string{},
	}
	for _, part := range []func(context.Context, *session) error{
		c.design,
		c.create,
		c.putOff,
		func(ctx context.Context, s *session) (err error) {
			c.atRest, err = s.idle(ctx, c.population, 6)
			return err
		},
		func(ctx context.Context, s *session) error { return s.describe(ctx, c.population, s.samples(100, 20)) },
		c.setParameter,
		c.loseMany,
		c.adopt,
	} {
		if err := part(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// wideServer is a control plane with an address range for thousands of nodes, beside
// those that the harness gives out.
func (s *session) wideServer() *harness.Server {
	server := harness.New(s.stage, "--log-level", "info")
	server.Program = s.program
	server.Range = fmt.Sprintf("127.%d.0.0/16", 240+os.Getpid()%15)
	server.Start()
	return server
}

// create asks for all groups, a few at the same time, and waits until all are there.
func (c *crowd) create(ctx context.Context, s *session) error {
	began := time.Now()
	creations, creating := errgroup.WithContext(ctx)
	creations.SetLimit(thousandAtOnce)
	for _, spec := range c.specs {
		creations.Go(func() error { return s.createGroup(creating, c.api, spec) })
	}
	if err := creations.Wait(); err != nil {
		return err
	}
	answered := time.Since(began)
	err := poll(ctx, thousandEvery, thousandTimeout, "create all groups", func() error { return c.available(ctx) })
	if err != nil {
		return err
	}
	c.timed(s, "create, first call → last answered", answered)
	c.timed(s, "create, first call → all available", time.Since(began))
	return nil
}

func (c *crowd) timed(s *session, what string, took time.Duration) {
	s.record(Measurement{Name: fmt.Sprintf("%s: %s", c.population, what), Unit: Seconds, Samples: []float64{took.Seconds()}})
}

// available returns an error as long as a group or a node reads anything else.
func (c *crowd) available(ctx context.Context) error {
	groups, _, err := describeAll(ctx, c.api, describeMost, nil)
	if err != nil {
		return err
	}
	if len(groups) != c.groups {
		return fmt.Errorf("%d groups are there, want %d", len(groups), c.groups)
	}
	for _, g := range groups {
		if status := aws.ToString(g.Status); status != "available" {
			return fmt.Errorf("%s is %s", *g.ReplicationGroupId, status)
		}
	}
	nodes, err := eachCluster(ctx, c.api, func(node types.CacheCluster) error {
		if status := aws.ToString(node.CacheClusterStatus); status != "available" {
			return fmt.Errorf("%s is %s", *node.CacheClusterId, status)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if nodes != c.groups*c.size {
		return fmt.Errorf("%d nodes are there, want %d", nodes, c.groups*c.size)
	}
	return nil
}

// eachCluster looks at all cache clusters until something is wrong with one, and counts them.
func eachCluster(ctx context.Context, api *elasticache.Client, look func(types.CacheCluster) error) (count int, err error) {
	pages := elasticache.NewDescribeCacheClustersPaginator(api, &elasticache.DescribeCacheClustersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx, once)
		if err != nil {
			return count, err
		}
		for _, c := range page.CacheClusters {
			if err := look(c); err != nil {
				return count, err
			}
			count++
		}
	}
	return count, nil
}
