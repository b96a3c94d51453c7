package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/engine"
)

// benchmark is one row of the list.
type benchmark struct {
	name string
	run  func(context.Context, *session) error
}

// session runs benchmarks for one engine.
type session struct {
	engine  engine.Installed
	program string // the binary, without fault points
	quick   bool
	result  *Result
	stage   *harness.Stage // of the benchmark that runs
}

func (s *session) run(ctx context.Context, chosen []string) error {
	for _, b := range benchmarks() {
		if !slices.Contains(chosen, b.name) {
			continue
		}
		began := time.Now()
		s.progress("%s with %s", b.name, s.engine.EngineVersion)
		if err := s.stageRun(ctx, b); err != nil {
			return fmt.Errorf("%s with %s: %w", b.name, s.engine.EngineVersion, err)
		}
		s.progress("%s took %s", b.name, time.Since(began).Round(time.Second))
	}
	return nil
}

// stageRun runs one benchmark and takes down what it put up.
func (s *session) stageRun(ctx context.Context, b benchmark) (err error) {
	s.stage = &harness.Stage{}
	defer func() {
		// The harness ends a test with a panic of this type; all others go on.
		if r := recover(); r != nil {
			stopped, ok := r.(harness.Stopped)
			if !ok {
				s.stage.Close()
				panic(r)
			}
			err = stopped
		}
		if err != nil {
			s.stage.Fail()
		}
		s.stage.Close()
		err = errors.Join(err, ctx.Err())
	}()
	return b.run(ctx, s)
}

// server starts a control plane on a fresh data directory.
func (s *session) server() *harness.Server {
	server := harness.New(s.stage, "--log-level", "info")
	server.Program = s.program
	server.Start()
	return server
}

// group creates a group with TLS on a server.
func (s *session) group(ctx context.Context, server *harness.Server, id string, replicas int, token string) (*load.Group, error) {
	return s.groupOf(ctx, server, load.Spec{ID: id, Replicas: replicas, Token: token, Mode: types.TransitEncryptionModeRequired})
}

// groupOf creates a group of the session's engine.
func (s *session) groupOf(ctx context.Context, server *harness.Server, spec load.Spec) (*load.Group, error) {
	spec.Engine = string(s.engine.Engine)
	return load.Create(ctx, server.API(), server.CA(), spec)
}

// samples picks how often something is measured.
func (s *session) samples(full, quick int) int {
	if s.quick {
		return quick
	}
	return full
}

// duration picks how long something is measured.
func (s *session) duration(full, quick time.Duration) time.Duration {
	if s.quick {
		return quick
	}
	return full
}

func (s *session) progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s  %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}

func (s *session) record(m Measurement) {
	m.summarize()
	s.result.Measurements = append(s.result.Measurements, m)
	s.progress("  %s: %s", m.Name, strings.ReplaceAll(m.String(), "**", ""))
}
