package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/redis/go-redis/v9"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/cache"
)

// gapTarget is the longest time that a client may wait between two acknowledged writes while its group is changed, in milliseconds, where the
// machine has nothing else to do.
const gapTarget = 10

// changesEvery is how often one asks whether a change is over: seldom enough not to be what the client waits for.
const changesEvery = 10 * time.Millisecond

// upgrades changes groups of three nodes under a client that writes: another node type, and from Redis to Valkey, which replaces every
// process. The second is measured with Valkey, where Redis is installed, too.
func upgrades(ctx context.Context, s *session) error {
	redis.SetLogger(muted{})
	server := s.server()
	if err := s.nodeTypes(ctx, server); err != nil {
		return err
	}
	if s.engine.Engine != cache.EngineValkey {
		return nil
	}
	if _, err := harness.NewestEngines(ctx, string(cache.EngineRedis)); err != nil {
		s.progress("  no upgrade from Redis is measured: %v", err)
		return nil
	}
	return s.toValkey(ctx, server)
}

// nodeTypes changes the node type of one group to and fro.
func (s *session) nodeTypes(ctx context.Context, server *harness.Server) error {
	t, err := s.newEndpointTrio(ctx, server, "resized", true)
	if err != nil {
		return err
	}
	var seen, control changes
	for i := range s.samples(60, 4) {
		nodeType := []string{"cache.t3.medium", load.NodeType}[i%2]
		if err := seen.change(ctx, t, &elasticache.ModifyReplicationGroupInput{CacheNodeType: &nodeType}); err != nil {
			return err
		}
		if err := control.watch(ctx, t, seen.last()); err != nil {
			return err
		}
	}
	s.recordChanges("another node type on 3 nodes", &seen, &control)
	return nil
}

// toValkey makes a group of Redis for each time.
func (s *session) toValkey(ctx context.Context, server *harness.Server) error {
	newest, err := load.NewestVersion(ctx, server.API(), string(cache.EngineValkey))
	if err != nil {
		return err
	}
	var seen, control changes
	for i := range s.samples(30, 2) {
		t, err := s.newTrio(ctx, server, groupSpec{id: fmt.Sprintf("upgraded-%d", i), engine: cache.EngineRedis, replicas: 2, automatic: true})
		if err != nil {
			return err
		}
		err = seen.change(ctx, t, &elasticache.ModifyReplicationGroupInput{Engine: aws.String(string(cache.EngineValkey)), EngineVersion: newest.EngineVersion})
		if err == nil {
			err = control.watch(ctx, t, seen.last())
		}
		if err == nil {
			_, err = t.api.DeleteReplicationGroup(ctx, &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &t.id})
		}
		if err != nil {
			return err
		}
	}
	s.recordChanges("Redis to Valkey on 3 nodes", &seen, &control)
	return nil
}

// changes is what changes of groups took, and what they did to a client that connects again at once.
type changes struct {
	took, gaps []float64 // milliseconds
	lost       int       // acknowledged writes
}

// last is how long the last change took.
func (c *changes) last() time.Duration {
	return time.Duration(c.took[len(c.took)-1] * float64(time.Millisecond))
}

// change has a group changed at once while the client writes.
func (c *changes) change(ctx context.Context, t *endpointTrio, in *elasticache.ModifyReplicationGroupInput) error {
	in.ReplicationGroupId, in.ApplyImmediately = &t.id, aws.Bool(true)
	return c.see(ctx, t, func(time.Time) error {
		_, err := t.api.ModifyReplicationGroup(ctx, in, once)
		return err
	})
}

// watch is the control: nothing is changed for as long as a change took, and the same is asked for.
func (c *changes) watch(ctx context.Context, t *endpointTrio, as time.Duration) error {
	return c.see(ctx, t, func(began time.Time) error {
		return poll(ctx, changesEvery, wholeTimeout, "nothing to happen", func() error {
			if _, err := t.describe(ctx); err != nil {
				return err
			}
			if rest := as - time.Since(began); rest > 0 {
				return fmt.Errorf("%s are left", rest)
			}
			return nil
		})
	})
}

// see has something happen while the client writes.
func (c *changes) see(ctx context.Context, t *endpointTrio, happen func(began time.Time) error) error {
	var took time.Duration
	seen, err := interrupt(ctx, t, tightClient, func(w *stream) (time.Duration, error) {
		began := time.Now()
		err := happen(began)
		if err == nil {
			_, err = t.available(ctx, changesEvery)
		}
		took = time.Since(began)
		if err == nil {
			err = t.whole(ctx)
		}
		if err != nil {
			return 0, err
		}
		return gapSince(ctx, w, began)
	})
	if err != nil {
		return err
	}
	c.took, c.gaps, c.lost = append(c.took, milliseconds(took)), append(c.gaps, milliseconds(seen.outage)), c.lost+seen.lost
	return nil
}

func (s *session) recordChanges(what string, c, control *changes) {
	const gap = ", longest time between two acknowledged writes"
	s.record(Measurement{Name: what + ", call → available", Unit: Milliseconds, Samples: c.took})
	s.record(Measurement{Name: what + gap, Unit: Milliseconds, Target: &Target{Statistic: "p99", AtMost: gapTarget}, Samples: c.gaps})
	s.record(Measurement{Name: what + ": as long without a change (control)" + gap, Unit: Milliseconds, Samples: control.gaps})
	s.record(Measurement{Name: fmt.Sprintf("%s: acknowledged writes lost in %d changes", what, len(c.gaps)), Unit: Count, Target: &Target{Statistic: "max", AtMost: 0}, Samples: []float64{float64(c.lost)}})
}
