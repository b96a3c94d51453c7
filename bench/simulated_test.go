package main

import (
	"context"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
)

// A simulated engine answers what the control plane asks, or its groups would come to rest late, or never.
func TestSimulatedGroupsComeToRest(t *testing.T) {
	for _, version := range []cache.EngineVersion{{Engine: cache.EngineRedis, Version: "7.0.15"}, {Engine: cache.EngineValkey, Version: "8.0.1"}} {
		t.Run(string(version.Engine), func(t *testing.T) {
			s := &session{engine: engine.Installed{EngineVersion: version}, quick: true, stage: &harness.Stage{}, result: newResult(engine.Installed{EngineVersion: version})}
			defer s.stage.Close()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			m, err := s.newSimulation(5)
			if err != nil {
				t.Fatal(err)
			}
			defer m.clients.close()
			defer m.nodes.End()
			if err := m.fill(ctx); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := m.stop(); err != nil {
					t.Error(err)
				}
			}()
			if err := m.first(ctx); err != nil {
				t.Fatal(err)
			}
			if err := m.again(ctx); err != nil {
				t.Fatal(err)
			}
		})
	}
}
