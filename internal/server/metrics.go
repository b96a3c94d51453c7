package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/aikagi/aikagi/internal/intake"
	"github.com/aikagi/aikagi/internal/telemetry"
)

// metrics is the listener for Prometheus. It is a port of its own, so that whoever may
// scrape need not reach the API, and a firewall can tell the two apart.
type metrics struct {
	listener net.Listener
	http     *http.Server
}

// listenMetrics opens the port, if there is to be one.
func (s *Server) listenMetrics() error {
	address := s.options.MetricsListen
	if address == "" {
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen for metrics on %s: %w; choose another address with --metrics-listen", address, err)
	}
	handler := telemetry.Handler(telemetry.Options{Store: s.store, Usage: s.usage.Of, Refusals: s.usage.Refusals, Room: s.room.left, Logger: s.options.Logger})
	if host, _, _ := net.SplitHostPort(address); isLoopback(host) {
		handler = fromThisMachine(handler)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", handler)
	s.metrics = &metrics{listener: intake.Limit(listener, intake.Connections(metricsConnectionsMax, 16)), http: &http.Server{
		Handler: mux, ReadHeaderTimeout: headerTimeout, ReadTimeout: bodyTimeout, WriteTimeout: bodyTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(s.options.Logger.Handler(), slog.LevelDebug),
	}}
	intake.Watch(s.metrics.http)
	return nil
}

// MetricsURL is where Prometheus scrapes; empty: nowhere.
func (s *Server) MetricsURL() string {
	if s.metrics == nil {
		return ""
	}
	host, _, _ := net.SplitHostPort(s.options.MetricsListen)
	return "http://" + net.JoinHostPort(reachable(host), port(s.metrics.listener)) + "/metrics"
}

// run answers scrapes until ctx ends; one that is running then is broken off.
func (m *metrics) run(ctx context.Context) error {
	defer context.AfterFunc(ctx, func() { _ = m.http.Close() })()
	if err := m.http.Serve(m.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve metrics: %w", err)
	}
	return nil
}
