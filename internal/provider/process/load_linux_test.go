package process_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
)

func entries(tb testing.TB, path string) int {
	tb.Helper()
	list, err := os.ReadDir(path)
	if err != nil {
		tb.Fatal(err)
	}
	return len(list)
}

// Not parallel: it counts what the whole test program has.
func TestNothingLeaks(t *testing.T) {
	p, release := open(t, process.Options{Dir: tempDir(t)})
	cycle := func() {
		startSleeping(t, p, node)
		if err := p.Kill(context.Background(), node); err != nil {
			t.Fatal(err)
		}
		takeExit(t, p)
	}
	cycle()
	descriptors, goroutines := entries(t, "/proc/self/fd"), runtime.NumGoroutine()
	for range 200 {
		cycle()
	}
	eventually(t, "descriptors and goroutines to go", func() bool {
		return entries(t, "/proc/self/fd") <= descriptors && runtime.NumGoroutine() <= goroutines
	})
	release()
	if runtime.NumGoroutine() >= goroutines {
		t.Errorf("%d goroutines after Run, %d before", runtime.NumGoroutine(), goroutines)
	}
}

// Not parallel: it counts the threads of the whole test program.
func TestManyProcesses(t *testing.T) {
	const many = 100
	dir := tempDir(t)
	p, release := open(t, process.Options{Dir: dir})
	before := entries(t, "/proc/self/task")
	for i := range many {
		startSleeping(t, p, planeNode(i))
	}
	if now := entries(t, "/proc/self/task"); now > before+10 {
		t.Errorf("%d processes cost %d threads", many, now-before)
	}
	release()
	p, _ = open(t, process.Options{Dir: dir})
	if got := len(compare(t, p, dir)); got != many {
		t.Errorf("took over %d processes, want %d", got, many)
	}
	for _, s := range p.List() {
		if err := p.Remove(within(t), s.Node); err != nil {
			t.Error(err)
		}
	}
	if got := compare(t, p, dir); len(got) != 0 {
		t.Errorf("left running: %v", got)
	}
}

// BenchmarkStart is Start as a whole, and the Kill after it.
func BenchmarkStart(b *testing.B) {
	p, _ := open(b, process.Options{Dir: tempDir(b)})
	install(b, p, node)
	for b.Loop() {
		if err := p.Start(context.Background(), node, sleeping()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := p.Kill(context.Background(), node); err != nil {
			b.Fatal(err)
		}
		<-p.Exits()
		b.StartTimer()
	}
}

// BenchmarkKill is from the call until the process is certainly dead.
func BenchmarkKill(b *testing.B) {
	p, _ := open(b, process.Options{Dir: tempDir(b)})
	install(b, p, node)
	for b.Loop() {
		b.StopTimer()
		if err := p.Start(context.Background(), node, sleeping()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := p.Kill(context.Background(), node); err != nil {
			b.Fatal(err)
		}
		<-p.Exits()
	}
}

// BenchmarkTakeOver is New with running processes.
func BenchmarkTakeOver(b *testing.B) {
	for _, running := range []int{1, 200, 1000} {
		b.Run(fmt.Sprintf("processes=%d", running), func(b *testing.B) {
			dir := tempDir(b)
			p, release := open(b, process.Options{Dir: dir})
			for i := range running {
				startSleeping(b, p, planeNode(i))
			}
			release()
			for b.Loop() {
				p, err := process.New(process.Options{Dir: dir})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				ended, cancel := context.WithCancel(context.Background())
				cancel()
				_ = p.Run(ended)
				b.StartTimer()
			}
			p, _ = open(b, process.Options{Dir: dir})
			if list := p.List(); len(list) != running || list[0].Phase != provider.PhaseRunning {
				b.Errorf("%d nodes, want %d", len(list), running)
			}
			for _, s := range p.List() {
				_ = p.Remove(context.Background(), s.Node)
			}
		})
	}
}
