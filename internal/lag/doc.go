// Package lag tells how late replicas are: how old the newest writes of their primary are
// that they do not have. It is a matter of time, not of bytes: at 100 MB a second a replica
// that is in sync is megabytes behind, and behind a primary that is idle nobody is ever late.
//
// An offset of a primary and one of its replica, which are never asked for at the same moment,
// say nothing when they are subtracted. So the offsets of a primary are kept, with the times at which
// it had them (a trail), and the offset of a replica is looked up there:
//
//	primary's offsets  ──100──────200──────300──────400──▶ time
//	                     t1       t2       t3       t4
//	replica's offset, asked for at t5:  250
//	                                    it has all of t2 ⇒ it is late by t5-t2 at the most,
//	                                    and not all of t3 ⇒ by t5-t3 at least
//
// Both bounds hold however long an answer takes: of each question both the time is kept at which it
// was sent, and the one at which its answer was there, and the one is used that is on the safe side.
//
// # A replica
//
//	              at least [Limit] late                 for [LongEnough]
//	in time ───────────────────────────▶ late ──────────────────────────▶ late for long: its group acts
//	        ◀───────────────────────────
//	              at any other look
//
// # Where the offsets come from
//
// [Tracker.Heard] is told of the answers that the health monitor gets anyway: a primary's
// every half second, or every five, a replica's every five. So to watch a thousand nodes costs
// nothing but a look into a map for each of these answers. When a replica is late, the group is woken,
// and looks more closely itself ([Tracker.Judge]).
//
// A replica that has lost its primary tells no offset; then its last one counts, so that it is late
// as soon as the primary has had new writes for [Limit], and not before.
//
// # Invariants
//
//   - A replica that has all that its primary has is never late, however long nobody wrote or asked.
//   - A trail is of one primary's process and line of writes: it begins anew with another primary, and when
//     an offset is smaller than the one before it.
//   - A trail has [momentsMax] moments at the most, close to each other for the last second and half
//     a second apart before it. What is older than all of them is late at least by the oldest.
package lag
