package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/load"
)

// parameterTarget is the most that a value of a parameter group may take until it is in force on all nodes, in milliseconds.
const parameterTarget = 50

// The parameter that is changed: one whose value engines show to clients.
const (
	evictionParameter = "maxmemory-policy"
	evictionField     = "maxmemory_policy:" // of INFO
)

// parameters measures how long it takes to bring a value to three nodes: from the call of ModifyCacheParameterGroup until each engine says that
// it has it, and until Describe, asked every millisecond, reads in-sync for every node.
func parameters(ctx context.Context, s *session) error {
	server := s.server()
	api, name := server.API(), "bench"
	if err := load.CreateParameters(ctx, api, name, string(s.engine.Engine), nil); err != nil {
		return err
	}
	group, err := s.groupOf(ctx, server, load.Spec{ID: "parameters", Replicas: 2, Mode: types.TransitEncryptionModeRequired, ParameterGroup: name})
	if err != nil {
		return err
	}
	readers := make([]*load.Conn, len(group.Nodes))
	for i, node := range group.Nodes {
		if readers[i], err = load.Dial(node, group.TLS(node)); err != nil {
			return err
		}
		defer readers[i].Close()
	}
	var forced, inSync []float64
	values := []string{"allkeys-lru", "volatile-ttl"}
	for i := range s.samples(200, 10) {
		value := values[i%len(values)]
		began := time.Now()
		err := load.SetParameters(ctx, api, name, map[string]string{evictionParameter: value})
		if err == nil {
			err = awaitEach(ctx, readers, evictionField+value)
		}
		if err != nil {
			return err
		}
		forced = append(forced, milliseconds(time.Since(began)))
		if err := awaitInSync(ctx, api, len(group.Nodes)); err != nil {
			return err
		}
		inSync = append(inSync, milliseconds(time.Since(began)))
	}
	s.record(Measurement{Name: "value of a parameter on 3 nodes, call → each engine has it", Unit: Milliseconds, Target: &Target{Statistic: "p99", AtMost: parameterTarget}, Samples: forced})
	s.record(Measurement{Name: "value of a parameter on 3 nodes, call → in-sync", Unit: Milliseconds, Samples: inSync})
	return nil
}

// awaitEach returns when the INFO of every node has a line.
func awaitEach(ctx context.Context, nodes []*load.Conn, line string) error {
	errs := make(chan error, len(nodes))
	var all sync.WaitGroup
	for _, node := range nodes {
		all.Go(func() {
			errs <- poll(ctx, time.Millisecond, wholeTimeout, line, func() error {
				info, err := node.Do("INFO", "memory")
				if err == nil && !strings.Contains(info, line+"\r\n") {
					err = fmt.Errorf("a node has not %s", line)
				}
				return err
			})
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// awaitInSync returns when so many cache clusters say that they have all values.
func awaitInSync(ctx context.Context, api *elasticache.Client, nodes int) error {
	return poll(ctx, time.Millisecond, wholeTimeout, "parameters to be in sync", func() error { return inSync(ctx, api, nodes) })
}

// inSync returns an error as long as one of so many cache clusters does not have its values.
func inSync(ctx context.Context, api *elasticache.Client, nodes int) error {
	count, err := eachCluster(ctx, api, func(c types.CacheCluster) error {
		if status := aws.ToString(c.CacheParameterGroup.ParameterApplyStatus); status != "in-sync" {
			return fmt.Errorf("%s is %s", aws.ToString(c.CacheClusterId), status)
		}
		return nil
	})
	if err == nil && count != nodes {
		err = fmt.Errorf("there are %d clusters", count)
	}
	return err
}
