package health

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// prompt is a node that answers at once.
type prompt struct{}

func (prompt) Role(context.Context) (engine.RoleView, error) {
	return engine.RoleView{Role: engine.RolePrimary}, nil
}

func (prompt) Close() {}

// BenchmarkIdle measures what watching nodes that answer costs the control plane: a third of
// them closely. An iteration is a second.
func BenchmarkIdle(b *testing.B) {
	b.Run("1000 fakes", func(b *testing.B) {
		m := New(Options{
			Connect:  func(context.Context, provider.NodeName) (Pinger, error) { return prompt{}, nil },
			Activity: func(provider.NodeName) (provider.Activity, error) { return provider.Activity{}, nil },
		})
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- m.Run(ctx) }()
		watched := watchMany(m, 1000)
		eventually(b, "an answer of each", watched)
		spend(b, func() time.Duration { return 0 })
		cancel()
		<-ended
	})
	// A thousand connections, though not a thousand processes at their other ends.
	b.Run("1000 connections", func(b *testing.B) {
		const processes, many = 10, 1000
		p := newPlane(b)
		for i := range processes {
			p.start(b, engines[i%2], name(i))
		}
		connect := p.options.Connect
		p.options.Connect = func(ctx context.Context, node provider.NodeName) (Pinger, error) {
			var i int
			_, err := fmt.Sscanf(string(node), nameForm, &i)
			if err != nil {
				return nil, err
			}
			return connect(ctx, name(i%processes))
		}
		memory, goroutines := footprint()
		eventually(b, "an answer of each", watchMany(p.Monitor, many))
		memoryThen, goroutinesThen := footprint()
		spend(b, func() (used time.Duration) {
			for i := range processes {
				a, err := p.Activity(name(i))
				if err != nil {
					b.Fatal(err)
				}
				used += a.CPU
			}
			return used
		})
		if len(p.hung) > 0 {
			b.Errorf("%d verdicts about nodes that answer", len(p.hung))
		}
		b.ReportMetric((memoryThen-memory)/1024/many, "KiB/node")
		b.ReportMetric((goroutinesThen-goroutines)/many, "goroutines/node")
	})
}

const nameForm = "cache-%04d.u1"

func name(i int) provider.NodeName { return provider.NodeName(fmt.Sprintf(nameForm, i)) }

// watchMany returns what says that each has answered.
func watchMany(m *Monitor, many int) func() bool {
	for i := range many {
		m.Watch(name(i), i%3 == 0)
	}
	return func() bool {
		for i := range many {
			if m.Verdict(name(i)).OffsetAt.IsZero() {
				return false
			}
		}
		return true
	}
}

// footprint is the memory that is in use, heap and stacks, in bytes.
func footprint() (memory, goroutines float64) {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc + stats.StackInuse), float64(runtime.NumGoroutine())
}

// spend lets seconds pass and reports how much of a core is used meanwhile: here, and by the
// engines.
func spend(b *testing.B, engines func() time.Duration) {
	b.Helper()
	used, others, began := ownTime(b), engines(), time.Now()
	for b.Loop() {
		<-time.After(time.Second)
	}
	took := time.Since(began)
	b.ReportMetric(100*float64(ownTime(b)-used)/float64(took), "%core")
	b.ReportMetric(100*float64(engines()-others)/float64(took), "%core-engines")
}

func ownTime(b *testing.B) time.Duration {
	b.Helper()
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
