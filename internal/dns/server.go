package dns

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"

	wire "github.com/miekg/dns"
	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/internal/dns/hostname"
	"github.com/aikagi/aikagi/internal/intake"
	"github.com/aikagi/aikagi/internal/store"
)

// Limits of the TCP side.
const (
	connectionsMax = 128
	readTimeout    = 2 * time.Second
	idleTimeout    = 10 * time.Second
	stopTimeout    = 5 * time.Second // a query has far less, see lookupTimeout
)

// Options are what a Server needs. It owns none of them.
type Options struct {
	Listen string // host:port, for UDP and TCP; port 0: any that is free for both
	Domain hostname.Domain
	// Advertise is what clients on other machines reach this one at, where that is none of its addresses, as in front of a container: names
	// of what they can reach lead there. Invalid: names lead to the groups' own addresses.
	Advertise netip.Addr
	Store     store.Store
	Logger    *slog.Logger
}

// Server is a DNS server that has its port. It answers from Run on; Close gives the
// port up when Run is not to be called.
type Server struct {
	zone *zone
	tcp  net.Listener
	udp  net.PacketConn
}

// New takes the port.
func New(options Options) (*Server, error) {
	tcp, udp, err := listen(options.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen for DNS on %s: %w", options.Listen, err)
	}
	return &Server{tcp: tcp, udp: udp, zone: newZone(options, udp.LocalAddr())}, nil
}

// Addr is where the server answers, host:port.
func (s *Server) Addr() string { return s.udp.LocalAddr().String() }

// Domain is the domain that it answers for, as people write it.
func (s *Server) Domain() string { return strings.TrimSuffix(s.zone.origin, ".") }

// Run answers until ctx ends, and gives the port up.
func (s *Server) Run(ctx context.Context) error {
	all, ctx := errgroup.WithContext(ctx)
	handler := wire.HandlerFunc(func(w wire.ResponseWriter, request *wire.Msg) {
		// A client that is gone cannot be answered, and need not be.
		_ = w.WriteMsg(s.zone.reply(ctx, request, transportOf(w)))
	})
	for _, server := range []*wire.Server{
		{PacketConn: s.udp, UDPSize: udpSize},
		{Listener: intake.Limit(s.tcp, intake.Connections(connectionsMax, 16)), IdleTimeout: func() time.Duration { return idleTimeout }},
	} {
		server.Handler, server.ReadTimeout = handler, readTimeout
		all.Go(func() error { return serve(ctx, server) })
	}
	if err := all.Wait(); err != nil {
		return errors.Join(fmt.Errorf("serve DNS: %w", err), s.Close())
	}
	return s.Close()
}

// Close gives the port up.
func (s *Server) Close() error {
	var errs []error
	for _, socket := range []interface{ Close() error }{s.tcp, s.udp} {
		if err := socket.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, fmt.Errorf("close DNS socket: %w", err))
		}
	}
	return errors.Join(errs...)
}

// serve runs one of the two until ctx ends. A server that has not begun to serve cannot
// be shut down.
func serve(ctx context.Context, server *wire.Server) error {
	started, ended := make(chan struct{}), make(chan error, 1)
	server.NotifyStartedFunc = func() { close(started) }
	go func() { ended <- server.ActivateAndServe() }()
	select {
	case err := <-ended:
		return err
	case <-started:
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := server.ShutdownContext(limit); err != nil {
		return fmt.Errorf("finish running queries: %w", err)
	}
	return <-ended
}

// portTries is how often a port is sought that is free for UDP as well as for TCP.
const portTries = 10

func listen(address string) (net.Listener, net.PacketConn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, nil, err
	}
	for try := 1; ; try++ {
		tcp, err := net.Listen("tcp", address)
		if err != nil {
			return nil, nil, err
		}
		_, chosen, err := net.SplitHostPort(tcp.Addr().String())
		if err != nil {
			return nil, nil, errors.Join(err, tcp.Close())
		}
		udp, err := net.ListenPacket("udp", net.JoinHostPort(host, chosen))
		if err == nil {
			return tcp, udp, nil
		}
		_ = tcp.Close() // nobody has connected
		if port != "0" || try == portTries || !errors.Is(err, syscall.EADDRINUSE) {
			return nil, nil, err
		}
	}
}
