package server

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/internal/console"
	"github.com/aikagi/aikagi/internal/intake"
)

// Time limits of a connection to the API: requests are small, answers are quick.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 15 * time.Second // with the header
	idleTimeout   = 2 * time.Minute
	// writeTimeout begins with the header. After the body, the longest call looks at a secret for up to
	// a minute and waits up to 10 seconds for the store; the rest is for a slow reader. Streams set
	// limits of their own.
	writeTimeout = bodyTimeout + 90*time.Second
)

// How many connections there may be to the API and the console, and to the metrics; fewer where few
// descriptors may be opened. One costs about 30 kB, and more than its client's call only if that is large.
const (
	connectionsMax        = 1024
	metricsConnectionsMax = 64
)

// listen opens the port and prepares the HTTP server.
func (s *Server) listen(api http.Handler) error {
	o := &s.options
	listener, err := net.Listen("tcp", o.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("listen on %s: another program already does; stop it, or choose another address with --listen", o.Listen)
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", o.Listen, err)
	}
	s.listener = intake.Limit(listener, intake.Connections(connectionsMax, 4))
	host, _, _ := net.SplitHostPort(o.Listen) // validated
	scheme := "http"
	if o.TLSCertificate != "" || !isLoopback(host) {
		scheme = "https"
		config, err := s.tlsConfig(host)
		if err != nil {
			return err
		}
		s.listener = tls.NewListener(s.listener, config)
	}
	s.url = scheme + "://" + net.JoinHostPort(reachable(host), port(listener))
	s.http = &http.Server{
		Handler: s.routes(api), ReadHeaderTimeout: headerTimeout, ReadTimeout: bodyTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(o.Logger.Handler(), slog.LevelDebug),
	}
	intake.Watch(s.http)
	s.http.RegisterOnShutdown(s.console.Close)
	return nil
}

func (s *Server) routes(api http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "ok\n")
	})
	if s.options.Dev {
		api = fromThisMachine(onlyPost(api))
	}
	mux.Handle("/{$}", browsersToConsole(api))
	mux.Handle("/console", s.console)
	mux.Handle(console.Path, s.console)
	return mux
}

// fromThisMachine keeps web pages out where callers do not prove who they are: a
// browser on this machine would send their forms here. The console's own page may call;
// the browser says that it is that one, which no page can make it say. Another name of this machine
// (DNS rebinding) is not taken for it, nor is another port.
func fromThisMachine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
		program := origin == "" && site == ""
		ownPage := site == "same-origin" && (origin == "http://"+r.Host || origin == "https://"+r.Host)
		if !program && !ownPage || !isLoopback(strings.Trim(host, "[]")) {
			http.Error(w, "this port answers programs on this machine only, not web pages", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// onlyPost refuses what an image of a web page could ask for where callers do not prove who they
// are: of that, an old browser says nothing that tells it from a program.
func onlyPost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "with --dev this port answers POST only", http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// tlsConfig uses the certificate that was given, or has the built-in CA make one for
// the names that this machine is reached by.
func (s *Server) tlsConfig(host string) (*tls.Config, error) {
	o := &s.options
	if o.TLSCertificate != "" {
		pair, err := tls.LoadX509KeyPair(o.TLSCertificate, o.TLSKey)
		if err != nil {
			return nil, fmt.Errorf("load certificate: %w", err)
		}
		return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
	}
	own := &ownCertificate{authority: s.authority, now: o.Now}
	own.names, own.addresses = namesOf(host)
	if reachable(host) != host {
		// Some of this machine's names and addresses may be public ones.
		own.names, own.addresses = s.authority.Permitted(own.names, own.addresses)
	}
	if _, err := own.get(nil); err != nil {
		return nil, fmt.Errorf("make a certificate for %s: %w; give one with --tls-certificate and --tls-key", o.Listen, err)
	}
	return &tls.Config{GetCertificate: own.get, MinVersion: tls.VersionTLS12}, nil
}

// namesOf lists what clients may call a host that is listened on; "every address"
// is every one of this machine's.
func namesOf(host string) ([]string, []netip.Addr) {
	address, err := netip.ParseAddr(host)
	if err != nil && host != "" {
		return []string{host}, nil
	}
	if err == nil && !address.IsUnspecified() {
		return nil, []netip.Addr{address}
	}
	names := []string{"localhost"}
	if name, err := os.Hostname(); err == nil && name != "localhost" {
		names = append(names, name)
	}
	var addresses []netip.Addr
	interfaces, _ := net.InterfaceAddrs() // none are no reason not to start
	for _, a := range interfaces {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil {
			addresses = append(addresses, prefix.Addr().Unmap())
		}
	}
	return names, addresses
}

// reachable is a host that the machine itself can connect to.
func reachable(host string) string {
	if address, err := netip.ParseAddr(host); host == "" || err == nil && address.IsUnspecified() {
		return "localhost"
	}
	return host
}

func port(listener net.Listener) string {
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}
