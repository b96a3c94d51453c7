package server

import (
	"net/http"
	"strings"

	"github.com/aikagi/aikagi/internal/console"
	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/elasticache"
	"github.com/aikagi/aikagi/internal/engine"
)

// viaConsole is what the audit log says of calls that the console passed on.
const viaConsole = "console"

// openConsole makes what is served at /console/.
func (s *Server) openConsole(api *elasticache.API, accessKey datadir.AccessKey, masterKey []byte) (err error) {
	o := &s.options
	s.caller = accessKey.ID
	s.console, err = console.New(console.Options{
		Files: o.ConsoleFiles, Store: s.store, Codes: s.codes, Stream: s.stream, Cookie: console.CookieName(masterKey), Lifetime: o.ConsoleSession, Bodies: s.bodies,
		API: func(caller string) http.Handler { return api.As(caller, viaConsole) },
		Accepts: func(caller string) bool {
			return caller == accessKey.ID || o.Dev && caller == elasticache.Anonymous
		},
		CA:    s.authority.CertPEM(),
		Info:  console.Info{Region: o.Region, Account: o.Account, Version: Version(), Engines: engine.Versions(s.engines)},
		Audit: s.auditConsole, Logger: o.Logger, Now: o.Now,
	})
	return err
}

func (s *Server) auditConsole(r console.Record) {
	auditTo(s.audit, s.options.Logger)(elasticache.Record{
		At: r.At, Caller: r.Caller, Via: viaConsole, Address: r.Address, Action: r.Action, Result: "ok",
	})
}

// ConsoleLink makes a link with which whoever sees it first signs in to the console, once. It is
// for the eyes of whoever started the server.
func (s *Server) ConsoleLink() string {
	link, _ := s.codes.Link(s.url, s.caller)
	return link
}

// browsersToConsole shows the console to those who type the address of the API. Clients of the
// API never ask for HTML.
func browsersToConsole(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.RawQuery == "" && strings.Contains(r.Header.Get("Accept"), "text/html") {
			http.Redirect(w, r, console.Path, http.StatusSeeOther)
			return
		}
		api.ServeHTTP(w, r)
	})
}
