package process

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
)

// Provider runs nodes as processes of this machine. It implements
// [provider.Provider].
//
// It supervises from New on. Run has to be called for it to let go of what it holds,
// if only with a context that has ended.
type Provider struct {
	options Options
	dir     string   // absolute, without symbolic links, as /proc shows it
	root    *os.Root // of dir
	lock    *os.File // dir, locked
	log     *slog.Logger
	now     func() time.Time
	exits   *provider.ExitQueue

	// life ends with Run. work counts what Run waits for: goroutines, and calls that have their turn.
	life context.Context
	end  context.CancelFunc
	work sync.WaitGroup

	mu    sync.Mutex // guards what follows and the fields of each node and proc that say so
	nodes map[provider.NodeName]*node
	ended bool
}

var (
	_ provider.Provider        = (*Provider)(nil)
	_ provider.ProcessorTeller = (*Provider)(nil)
	_ provider.Sharer          = (*Provider)(nil)
)

// errEnded: Run has returned.
var errEnded = errors.New("provider has ended")

// New opens the directory and takes over the processes that run in it. It fails if
// another provider has the directory.
//
// It marks every descriptor of the control plane to be closed on exec, those too that it
// inherited itself, so that engines get none of them.
func New(options Options) (*Provider, error) {
	p, err := open(options.withDefaults())
	if err != nil {
		return nil, fmt.Errorf("open process provider: %w", err)
	}
	if err := p.takeOver(); err != nil {
		p.release()
		return nil, fmt.Errorf("open process provider: %w", err)
	}
	return p, nil
}

func open(options Options) (*Provider, error) {
	if err := checkKernel(); err != nil {
		return nil, err
	}
	// Linux 5.11. On 5.10 engines get what descriptors we were given without close-on-exec.
	_ = unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC)
	// Engines inherit it: a core dump would hold keys and tokens. So would one of ours.
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return nil, fmt.Errorf("forbid core dumps: %w", err)
	}
	if err := os.MkdirAll(options.Dir, 0o700); err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(options.Dir)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	lock, err := lockRoot(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		lock.Close()
		return nil, err
	}
	p := &Provider{
		options: options, dir: dir, root: root, lock: lock, log: options.Logger, now: options.Now,
		exits: provider.NewExitQueue(), nodes: make(map[provider.NodeName]*node),
	}
	p.life, p.end = context.WithCancel(context.Background())
	p.work.Go(func() { p.exits.Deliver(p.life) })
	return p, nil
}

// checkKernel asks for a pollable pidfd, the newest thing that we cannot do without.
func checkKernel() error {
	fd, err := unix.PidfdOpen(os.Getpid(), unix.PIDFD_NONBLOCK)
	if err != nil {
		return fmt.Errorf("open pidfd (needs Linux 5.10): %w", err)
	}
	return unix.Close(fd)
}

// Run keeps logs short until ctx ends, then lets go of the processes, which go on
// running, and of the directory. Calls that wait for a process return with an error.
func (p *Provider) Run(ctx context.Context) error {
	defer p.release()
	tick := time.NewTicker(p.options.LogInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			p.rotateLogs()
		}
	}
}

func (p *Provider) release() {
	p.mu.Lock()
	p.ended = true
	for _, n := range p.nodes {
		if n.proc != nil {
			n.proc.handle.Close()
		}
	}
	p.mu.Unlock()
	p.end()
	p.work.Wait()
	p.root.Close()
	unlock(p.lock)
}

// Inspect says how the node is now.
func (p *Provider) Inspect(name provider.NodeName) provider.State {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := p.nodes[name]; n != nil {
		return n.state(p.now())
	}
	return provider.State{Node: name, Phase: provider.PhaseAbsent}
}

// List says how every node is, in the order of their names.
func (p *Provider) List() []provider.State {
	p.mu.Lock()
	defer p.mu.Unlock()
	states := make([]provider.State, 0, len(p.nodes))
	for _, n := range p.nodes {
		if n.installed {
			states = append(states, n.state(p.now()))
		}
	}
	slices.SortFunc(states, func(a, b provider.State) int {
		return strings.Compare(string(a.Node), string(b.Node))
	})
	return states
}

// Exits delivers the end of every process.
func (p *Provider) Exits() <-chan provider.Exit { return p.exits.Out() }

// path is the node's directory, for the few system calls that os.Root has not.
func (p *Provider) path(name provider.NodeName) string {
	return filepath.Join(p.dir, string(name))
}

// openNode opens the node's directory; ErrAbsent if there is none.
func (p *Provider) openNode(name provider.NodeName) (*os.Root, error) {
	if err := name.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", provider.ErrAbsent, err)
	}
	root, err := p.root.OpenRoot(string(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, provider.ErrAbsent
	}
	return root, err
}
