package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/pki"
	"github.com/aikagi/aikagi/internal/provider/simulated"
	"github.com/aikagi/aikagi/internal/store"
)

// simNetwork has the addresses of simulated nodes: loopback ones, for the control plane proves logins there.
var simNetwork = netip.MustParsePrefix("127.224.0.0/11")

const (
	simTimeout   = 10 * time.Minute
	simBatch     = 500 // groups that are stored at once
	simCreations = 100 // through the API, when all others are there
	simAtOnce    = 8
)

// simulatedGroups measures how the cost of the control plane grows with the number of
// groups. Their nodes are simulated, so figures are of the control plane, with the
// little that simulated nodes and the one client of the API take in the same process.
func simulatedGroups(ctx context.Context, s *session) error {
	sizes := []int{100, 1000, 10000}
	if s.quick {
		sizes = []int{100, 500}
	}
	for _, size := range sizes {
		if err := s.simulate(ctx, size); err != nil {
			return fmt.Errorf("%d groups: %w", size, err)
		}
	}
	return nil
}

// simulation is one size under measurement.
type simulation struct {
	simParts
	s     *session
	size  int
	plane *simPlane
}

func (s *session) simulate(ctx context.Context, size int) error {
	m, err := s.newSimulation(size)
	if err != nil {
		return err
	}
	defer m.clients.close()
	defer m.nodes.End()
	defer func() { _ = m.dir.Close() }()
	before := memoryInUse()
	if err := m.fill(ctx); err != nil {
		return err
	}
	for _, part := range []func(context.Context) error{m.first, m.again, m.idle, m.describe, m.create} {
		if err := part(ctx); err != nil {
			return errors.Join(err, m.stop())
		}
	}
	m.record("memory in use, with the simulated nodes", MiB, (memoryInUse()-before)/(1<<20))
	if err := m.stop(); err != nil {
		return err
	}
	return m.storeSize()
}

func (s *session) newSimulation(size int) (*simulation, error) {
	path, err := os.MkdirTemp("", "aikagi-bench-")
	if err != nil {
		return nil, err
	}
	s.stage.Cleanup(func() { _ = os.RemoveAll(path) })
	dir, err := datadir.Open(path)
	if err != nil {
		return nil, err
	}
	master, err := dir.MasterKey()
	if err != nil {
		return nil, err
	}
	authority, err := pki.Open(path, time.Now)
	if err != nil {
		return nil, err
	}
	keyring := engine.NewKeyring(master)
	clients, err := newSimClients()
	if err != nil {
		return nil, err
	}
	parts := simParts{
		dir: dir, authority: authority, keyring: keyring, clients: clients, engine: s.engine,
		nodes: simulated.NewWorld(map[cache.EngineVersion]simulated.Program{s.engine.EngineVersion: simProgram(keyring, s.engine.EngineVersion)}, simNetwork),
	}
	return &simulation{simParts: parts, s: s, size: size}, nil
}

func (m *simulation) record(what string, unit Unit, samples ...float64) {
	m.s.record(Measurement{Name: fmt.Sprintf("%d groups with simulated nodes: %s", m.size, what), Unit: unit, Samples: samples})
}

func (m *simulation) stop() error {
	if m.plane == nil {
		return nil
	}
	return m.plane.end()
}

// fill stores the groups as if they had just been asked for.
func (m *simulation) fill(ctx context.Context) (err error) {
	if m.plane, err = m.start(ctx); err != nil {
		return err
	}
	for from := 0; from < m.size; from += simBatch {
		err := m.plane.store.Update(ctx, func(tx store.UpdateTx) error {
			for i := from; i < min(from+simBatch, m.size); i++ {
				g, err := m.group(fmt.Sprintf("sim-%d", i))
				if err != nil {
					return err
				}
				if err := store.Put(tx, store.Groups, g); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *simulation) group(id string) (*replication.Group, error) {
	return replication.NewGroup(replication.Spec{
		ID: id, EngineVersion: m.engine.EngineVersion, NodeType: load.NodeType, Port: m.clients.port(), Zones: []string{"us-east-1a"},
	}, time.Now())
}

// first brings every group up.
func (m *simulation) first(ctx context.Context) error {
	began := time.Now()
	if err := m.plane.takeUp(ctx); err != nil {
		return err
	}
	if err := m.awaitLooks(ctx, m.size); err != nil {
		return err
	}
	m.record("stored → all available", Seconds, time.Since(began).Seconds())
	return nil
}

func (m *simulation) awaitLooks(ctx context.Context, want int) error {
	return poll(ctx, 5*time.Millisecond, simTimeout, "all groups to be looked at", func() error {
		if n := m.plane.looks.count(); n < want {
			return fmt.Errorf("%d of %d were", n, want)
		}
		return nil
	})
}

// again replaces the control plane by a new one, whose nodes run.
func (m *simulation) again(ctx context.Context) error {
	var took []float64
	for range m.s.samples(3, 2) {
		if err := m.plane.end(); err != nil {
			return err
		}
		began, next := time.Now(), (*simPlane)(nil)
		next, err := m.start(ctx)
		if err != nil {
			m.plane = nil
			return err
		}
		m.plane = next
		if err := m.awaitLooks(ctx, m.size); err != nil {
			return err
		}
		took = append(took, time.Since(began).Seconds())
	}
	m.record("start → all groups looked at", Seconds, took...)
	return nil
}

// idle measures the time after the start; a group is looked at every minute, so a
// minute has everything once.
func (m *simulation) idle(ctx context.Context) error {
	span := m.s.duration(time.Minute, 3*time.Second)
	began := time.Now()
	before, err := cpuTime(os.Getpid())
	if err != nil {
		return err
	}
	if err := pause(ctx, span); err != nil {
		return err
	}
	after, err := cpuTime(os.Getpid())
	if err != nil {
		return err
	}
	m.record("idle, processor", CorePercent, 100*float64(after-before)/float64(time.Since(began)))
	return nil
}

func (m *simulation) describe(ctx context.Context) error {
	var took []float64
	for range m.s.samples(10, 5) {
		began := time.Now()
		groups, _, err := describeAll(ctx, m.plane.api.ElastiCache, describeMost, nil)
		if err != nil {
			return err
		}
		if len(groups) != m.size {
			return fmt.Errorf("describe %d groups, want %d", len(groups), m.size)
		}
		took = append(took, milliseconds(time.Since(began)))
	}
	m.record(fmt.Sprintf("Describe, all %d pages", (m.size+int(describeMost)-1)/int(describeMost)), Milliseconds, took...)
	return nil
}

// create creates some more through the API, a few at the same time.
func (m *simulation) create(ctx context.Context) error {
	began, took := time.Now(), make([]float64, simCreations)
	creations, creating := errgroup.WithContext(ctx)
	creations.SetLimit(simAtOnce)
	for i := range simCreations {
		creations.Go(func() error {
			asked := time.Now()
			_, err := m.plane.api.ElastiCache.CreateReplicationGroup(creating, &sdk.CreateReplicationGroupInput{
				ReplicationGroupId: aws.String(fmt.Sprintf("more-%d", i)), ReplicationGroupDescription: aws.String("bench"),
				Engine: aws.String(string(m.engine.Engine)), CacheNodeType: aws.String(load.NodeType), Port: aws.Int32(int32(m.clients.port())),
			}, once)
			took[i] = milliseconds(time.Since(asked))
			return err
		})
	}
	if err := creations.Wait(); err != nil {
		return err
	}
	if err := m.awaitLooks(ctx, m.size+simCreations); err != nil {
		return err
	}
	m.record(fmt.Sprintf("%d more, %d at once: each create", simCreations, simAtOnce), Milliseconds, took...)
	m.record(fmt.Sprintf("%d more, %d at once: first call → all available", simCreations, simAtOnce), Seconds, time.Since(began).Seconds())
	return nil
}

func (m *simulation) storeSize() error {
	files, err := fs.Glob(os.DirFS(m.dir.Path()), "store.db*")
	if err != nil {
		return err
	}
	total := 0.0
	for _, name := range files {
		info, err := os.Stat(strings.Join([]string{m.dir.Path(), name}, "/"))
		if err != nil {
			return err
		}
		total += float64(info.Size())
	}
	m.record("store", MiB, total/(1<<20))
	return nil
}

// memoryInUse is what the heap and the stacks of this process hold, in bytes.
func memoryInUse() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse + m.StackInuse)
}
