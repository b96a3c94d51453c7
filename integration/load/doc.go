// Package load puts clients on a replication group while its tokens change, and
// counts what they get. The short test and the long benchmark share it.
//
// # The clients
//
// A client dials (TLS, no session resumption), logs in, sends a few commands, hangs
// up, and begins again. It only uses what the group's token set allows at that
// moment, as in the procedure of the original's documentation:
//
//	                 ┌──────────────── a round ─────────────────┐
//	set              {O} ── ROTATE N ──▶ {O,N} ── SET N ──▶ {N}
//	movers           O ─────────────────▶ N ──────────────────▶
//	keepers          O ──────────────────────▶ N ─────────────▶
//	lasting          one connection, opened with O, kept beyond SET
//	control          never right: a token that nobody holds, the one that the last
//	                 SET retired, and no token once the group asks for one
//
// Movers change when ROTATE reads available; keepers change after that, and all of
// them have before SET is called. In a group's first round O is no token.
//
// # The count
//
// A login that is refused, or a command that fails, is a failure: the table allowed
// it. The control clients show that the count can see one: each of their logins must
// be refused, by the same code that judges the others.
package load
