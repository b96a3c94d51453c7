package process

import (
	"context"
	"fmt"
	"net"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
)

// Dial connects to the node's admin socket.
func (p *Provider) Dial(ctx context.Context, name provider.NodeName) (net.Conn, error) {
	conn, err := p.dial(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("dial node %s: %w", name, err)
	}
	return conn, nil
}

// dial goes through a descriptor of the directory, because the address of a unix
// socket has at most 107 bytes and Dir may be deep.
func (p *Provider) dial(ctx context.Context, name provider.NodeName) (net.Conn, error) {
	switch p.Inspect(name).Phase {
	case provider.PhaseAbsent:
		return nil, provider.ErrAbsent
	case provider.PhaseStopped:
		return nil, provider.ErrNotRunning
	}
	dir, err := unix.Open(p.path(name), unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open directory: %w", err)
	}
	defer unix.Close(dir)
	var d net.Dialer
	return d.DialContext(ctx, "unix", fmt.Sprintf("/proc/self/fd/%d/%s", dir, provider.AdminSocket))
}
