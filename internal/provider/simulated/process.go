package simulated

import (
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

// Program is what a node runs instead of an engine. It is called for each start, with the process that is started,
// and returns at once how that behaves from then on. It may end it.
type Program func(*Process) Behaviour

// Behaviour is what a process does. Its functions may be called at any time until the process ends, also at the
// same time.
type Behaviour struct {
	// Serve answers a connection to the admin socket until that ends, as it does with the process. nil: the
	// process has not opened the socket.
	Serve func(net.Conn)
	// Terminate is told, and returns at once, when the process is asked to end (see provider.Provider.Stop), once for
	// each time. nil: the process takes no notice.
	Terminate func()
}

// killed is the reason of an end that the process had no part in.
const killed = "signal: killed"

// errNoProcess: the process has ended.
var errNoProcess = errors.New("simulated process has ended")

// Process is what a program sees of the node that it runs on. It is safe for concurrent use.
type Process struct {
	world  *World
	node   *node
	launch provider.Launch
	pid    int

	ready     chan struct{} // closed when behaviour is known
	done      chan struct{} // closed when the process has ended
	behaviour Behaviour     // written before ready is closed
	requested bool          // its end was asked for
	conns     map[net.Conn]struct{}
}

// Node is the node that the process is of.
func (c *Process) Node() provider.NodeName { return c.node.name }

// PID tells the process from every other one of its world.
func (c *Process) PID() int { return c.pid }

// Args are those of its launch.
func (c *Process) Args() []string { return c.launch.Args }

// ReadFile returns a file of the node; fs.ErrNotExist if there is none.
func (c *Process) ReadFile(name string) ([]byte, error) {
	c.world.mu.Lock()
	defer c.world.mu.Unlock()
	return c.node.read(name)
}

// WriteFile writes a file of the node. It fails when the process has ended.
func (c *Process) WriteFile(name string, data []byte) error {
	c.world.mu.Lock()
	defer c.world.mu.Unlock()
	if c.node.process != c {
		return errNoProcess
	}
	return c.node.write(provider.File{Name: name, Data: data})
}

// Exit ends the process with a status, after it has written the lines. It may be repeated: a process ends once.
func (c *Process) Exit(status int, lines ...string) {
	c.world.mu.Lock()
	defer c.world.mu.Unlock()
	c.world.ended(c, fmt.Sprintf("exit status %d", status), lines)
}

// dial hands out one end of a connection and has the process serve the other.
func (c *Process) dial() net.Conn {
	ours, theirs := net.Pipe()
	c.conns[ours] = struct{}{}
	go func() {
		<-c.ready
		if serve := c.behaviour.Serve; serve != nil {
			serve(ours)
		}
		_ = ours.Close()
		c.world.mu.Lock()
		defer c.world.mu.Unlock()
		delete(c.conns, ours)
	}()
	return theirs
}

// node is a directory, and a process if there is one.
type node struct {
	name    provider.NodeName
	files   map[string]file
	state   provider.State // but for what Inspect adds
	process *Process       // nil: none
	lines   []string       // that the last process wrote
}

// inspect needs World.mu.
func (n *node) inspect(now time.Time) provider.State {
	s := n.state
	if n.process == nil {
		return s
	}
	s.Phase, s.PID = provider.PhaseRunning, n.process.pid
	if n.process.requested {
		s.Phase = provider.PhaseStopping
	}
	if now.Sub(s.StartedAt) > provider.StableAfter {
		s.Crashes, s.RetryAt = 0, time.Time{}
	}
	return s
}

// ended notes the end of a process, and tells the provider that supervises it. One that nobody supervised leaves
// no trace. It needs World.mu.
func (w *World) ended(c *Process, reason string, lines []string) {
	n := c.node
	if n.process != c {
		return
	}
	now := time.Now()
	lived := now.Sub(n.state.StartedAt)
	n.process, n.lines = nil, nil
	n.state.StartedAt = time.Time{}
	if w.open != nil {
		n.lines = lines
		n.state.LastExit, n.state.ExitedAt, n.state.Saved = reason, now, c.requested && reason == "exit status 0"
		switch {
		case lived > provider.StableAfter:
			n.state.Crashes, n.state.RetryAt = 0, time.Time{}
		case !c.requested:
			n.state.Crashes++
			n.state.RetryAt = now.Add(provider.RetryDelay(n.state.Crashes))
		}
		w.open.exits.Put(provider.Exit{Node: n.name, At: now, Requested: c.requested, Reason: reason})
	}
	for conn := range c.conns {
		_ = conn.Close()
	}
	close(c.done)
}

// find needs World.mu.
func (w *World) find(name provider.NodeName) (*node, error) {
	if n := w.nodes[name]; n != nil {
		return n, nil
	}
	return nil, provider.ErrAbsent
}
