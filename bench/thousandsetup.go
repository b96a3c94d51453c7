package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/integration/load"
)

const (
	thousandParameterGroups = 4
	// thousandPutOff is of how many groups one has a change that waits.
	thousandPutOff = 4
	// thousandLarger is the node type that they are to have then.
	thousandLarger = "cache.t4g.medium"
)

// design says what the groups are like, and makes the parameter groups that they have.
func (c *crowd) design(ctx context.Context, s *session) error {
	name := string(s.engine.Engine)
	for i := range thousandParameterGroups {
		if err := load.CreateParameters(ctx, c.api, parameterGroupOf(i), name, map[string]string{"timeout": fmt.Sprint(3600 + i)}); err != nil {
			return err
		}
	}
	newest, err := load.NewestVersion(ctx, c.api, name)
	if err != nil {
		return err
	}
	alike, err := c.api.DescribeCacheEngineVersions(ctx, &elasticache.DescribeCacheEngineVersionsInput{CacheParameterGroupFamily: newest.CacheParameterGroupFamily})
	if err != nil {
		return err
	}
	for i := range c.groups {
		spec := groupSpec{
			id: fmt.Sprintf("thousand-%d", i), replicas: c.size - 1, token: rand.Text(), automatic: true, parameterGroup: parameterGroupOf(i),
			version: aws.ToString(alike.CacheEngineVersions[i%len(alike.CacheEngineVersions)].EngineVersion), window: windowOf(i, time.Now()),
		}
		c.specs, c.tokens[spec.id] = append(c.specs, spec), spec.token
	}
	return nil
}

func parameterGroupOf(i int) string { return fmt.Sprintf("thousand-%d", i%thousandParameterGroups) }

// windowOf gives groups windows of an hour, none of which begins while this runs.
func windowOf(i int, now time.Time) string {
	day := func(t time.Time) string { return strings.ToLower(t.UTC().Format("Mon:15:04")) }
	begin := now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 2).Add(time.Duration(i%24) * time.Hour)
	return day(begin) + "-" + day(begin.Add(time.Hour))
}

// putOff asks for a change of some groups that is to wait for their windows.
func (c *crowd) putOff(ctx context.Context, _ *session) error {
	changes, asking := errgroup.WithContext(ctx)
	changes.SetLimit(thousandAtOnce)
	for i, spec := range c.specs {
		if i%thousandPutOff > 0 {
			continue
		}
		changes.Go(func() error {
			out, err := c.api.ModifyReplicationGroup(asking, &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: &spec.id, CacheNodeType: aws.String(thousandLarger)})
			if err == nil && aws.ToString(out.ReplicationGroup.CacheNodeType) == thousandLarger {
				err = fmt.Errorf("%s has not waited", spec.id)
			}
			return err
		})
	}
	return changes.Wait()
}

// setParameter changes a value of a parameter group, and measures how long all nodes that have it take.
func (c *crowd) setParameter(ctx context.Context, s *session) error {
	var times []float64
	for i := range s.samples(10, 2) {
		began := time.Now()
		if err := load.SetParameters(ctx, c.api, parameterGroupOf(i), map[string]string{"timeout": fmt.Sprint(7200 + i)}); err != nil {
			return err
		}
		if err := poll(ctx, thousandEvery, thousandTimeout, "parameters to be in sync", func() error { return inSync(ctx, c.api, c.groups*c.size) }); err != nil {
			return err
		}
		times = append(times, time.Since(began).Seconds())
	}
	what := fmt.Sprintf("%s: value of a parameter on a quarter of the nodes, call → all in-sync", c.population)
	s.record(Measurement{Name: what, Unit: Seconds, Samples: times})
	return nil
}
