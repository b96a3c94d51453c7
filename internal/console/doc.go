// Package console serves the web console below /console/: the files of its page, the
// sign-in, and the ElastiCache API for whoever is signed in. The page is a client of the
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
//   - A session counts only in requests of the console's own page: its cookie is HttpOnly and
//     SameSite=Strict, and a request that another site, or another port of this host, had the
//     browser make is refused by what the browser says about it.
//   - A session does not prolong itself. It ends when it was said to, whatever its page does.
//   - What is open for a session ends with it, at once ([Console.whileSignedIn]).
//   - Every answer has the same Content-Security-Policy, under which nothing is loaded from, or
//     sent to, anywhere else.
package console
