package health

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// How often a node is asked.
const (
	CloseInterval = 500 * time.Millisecond // one that is watched closely
	Interval      = 5 * time.Second        // another; or a few beats more, so that nodes do not fall into step
)

// DefaultTimeout is the default of Options.Timeout.
const DefaultTimeout = 450 * time.Millisecond

// beat divides the time of questions; it is a divisor of both intervals.
const beat = 100 * time.Millisecond

// Pinger is a connection to a node; [engine.Admin] is one. It is used by one
// goroutine at a time.
type Pinger interface {
	// Role may wait for an answer as long as it likes; the context that it gets does not
	// end, but that of Options.Connect does. Any answer of the engine is one, also an error
	// ([engine.IsRefused]); other errors mean that the connection is lost.
	Role(ctx context.Context) (engine.RoleView, error)
	// Close ends the connection. No other call follows it.
	Close()
}

// Options are what a Monitor is made of. Connect and Activity have no default.
type Options struct {
	// Connect opens a connection to a node and logs in. Its ctx lasts as long as the node is
	// watched, and the connection no longer than ctx ([engine.ConnectUntil]): else Run
	// would wait for nodes that hang. ErrNotRunning and ErrAbsent of the provider mean
	// that the process is gone.
	Connect func(ctx context.Context, node provider.NodeName) (Pinger, error)
	// Activity is what [provider.ActivityOf] says. After an error other than that the process is gone, what the process
	// does is not known, and the clock alone decides.
	Activity func(provider.NodeName) (provider.Activity, error)
	// Timeout is how long an answer may take before the node counts as hanging, if its
	// process gets nothing done meanwhile. The default is [DefaultTimeout].
	Timeout time.Duration
	// BusyTimeout is the same for a process that is visibly busy. The default is 15 s.
	BusyTimeout time.Duration
	// Hung is called once for each verdict, on a goroutine that watches this node only;
	// it must not block long. After Forget returned, a call may still be under way.
	Hung func(node provider.NodeName)
	// Heard is told each answer: when the question was sent, and when the answer was there. It is called on
	// the goroutine that watches the node, and must not block. The default is nobody.
	Heard func(node provider.NodeName, view engine.RoleView, asked, heard time.Time)
	// Logger is told of verdicts. The default discards.
	Logger *slog.Logger
	// Now is the clock, a monotonic one. The default is time.Now.
	Now func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.BusyTimeout == 0 {
		o.BusyTimeout = 15 * time.Second
	}
	if o.Hung == nil {
		o.Hung = func(provider.NodeName) {}
	}
	if o.Heard == nil {
		o.Heard = func(provider.NodeName, engine.RoleView, time.Time, time.Time) {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Verdict is what is known of a node's health. The zero Verdict is that of a node that is
// not watched or has never answered.
type Verdict struct {
	Hung     bool
	Since    time.Time   // when the verdict fell; zero unless Hung
	Role     engine.Role // as the node said last, like the next; "" until it did
	Offset   int64       // replication offset in bytes
	OffsetAt time.Time   // when it said so
}

// Monitor watches nodes. It is safe for concurrent use. It watches while Run runs.
type Monitor struct {
	options Options
	epoch   time.Time      // of the beats
	work    sync.WaitGroup // the goroutines of the watches

	mu     sync.Mutex // guards what follows, and the fields of each watch that say so
	nodes  map[provider.NodeName]*watch
	guards map[provider.NodeName]map[*guard]struct{}
	life   context.Context // of Run; nil before
	ended  bool            // no goroutine is started any more
}

// New makes a monitor that watches nothing.
func New(options Options) *Monitor {
	options = options.withDefaults()
	return &Monitor{
		options: options, epoch: options.Now(),
		nodes:  make(map[provider.NodeName]*watch),
		guards: make(map[provider.NodeName]map[*guard]struct{}),
	}
}

// Run watches until ctx ends, and returns nil when all goroutines have ended. It is
// called once.
func (m *Monitor) Run(ctx context.Context) error {
	m.mu.Lock()
	m.life = ctx
	for _, w := range m.nodes {
		m.start(w)
	}
	m.mu.Unlock()
	<-ctx.Done()
	m.mu.Lock()
	m.ended = true
	m.mu.Unlock()
	m.work.Wait()
	return nil
}

// Watch begins to watch a node that serves: closely, such as a primary that has an
// automatic failover, or not. It may be repeated: it changes how closely, and has a
// node looked at again whose process was gone.
func (m *Monitor) Watch(node provider.NodeName, closely bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := m.nodes[node]
	if w == nil {
		w = &watch{monitor: m, node: node, again: make(chan struct{}, 1)}
		w.judge = newJudge(w)
		m.nodes[node] = w
		m.start(w)
	}
	w.closely = closely
	select {
	case w.again <- struct{}{}:
	default:
	}
}

// start needs m.mu.
func (m *Monitor) start(w *watch) {
	if m.life == nil || m.ended {
		return
	}
	var ctx context.Context
	ctx, w.end = context.WithCancel(m.life)
	m.work.Go(func() { w.run(ctx) })
}

// Forget ends the watch, and withdraws a verdict. It does not wait. A node that is
// stopped on purpose is forgotten before: while it saves its data it does not answer.
func (m *Monitor) Forget(node provider.NodeName) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w := m.nodes[node]; w != nil {
		delete(m.nodes, node)
		if w.end != nil {
			w.end()
		}
	}
}

// Verdict says what is known of the node.
func (m *Monitor) Verdict(node provider.NodeName) Verdict {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w := m.nodes[node]; w != nil {
		return w.verdict
	}
	return Verdict{}
}
