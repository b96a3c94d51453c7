// Package console serves the web console below /console/: the files of its page, the
// sign-in, and the ElastiCache API for signed-in users. The page is a client of the
// public API only; what it can do, a script can do.
//
// # Life of a code and of a session
//
//	access key ──CreateConsoleLink──▶ code ──POST /console/session──▶ session ──▶ gone
//	aikagi serve, on a terminal ────▶  │                                 │  signed out
//	                                   └─ 10 minutes, restart, ─▶ gone   │  expired (12 h)
//	                                      64 newer ones                  │  its access key is not
//	                                                                     └─ the server's any more
//
// Invariants:
//
//   - A code signs in once at most. It travels in the fragment of a URL, which browsers send
//     to nobody, and in the body of a POST; it is in no log.
//   - Neither a code nor the id of a session is kept, in memory or in the store: only
//     their digests are. A session survives a restart of the server, a code does not.
//   - No page but the console's own can use a session through its browser: its cookie is HttpOnly
//     and SameSite=Strict, and a request that another site, or another port of this host, had the
//     browser make is refused by the browser's own headers. But browsers send the cookie to
//     every port of this host below [Path]. A server on another port whose page is opened there
//     gets the cookie, and with it the session, until that ends. Nothing here can notice that.
//   - A session does not extend itself. It ends at its appointed time, whatever its page does.
//   - Streams that are open for a session end with it, at once ([Console.whileSignedIn]).
//   - Every answer of a [Console] has the same Content-Security-Policy, under which nothing is loaded
//     from, or sent to, anywhere else. What the server's mux answers itself, such as the redirect of an
//     untidy path, does not come here and has none.
package console
