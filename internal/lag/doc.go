// Package lag tells how late replicas are: how old the newest writes of their primary are
// that they do not have. It is measured in time, not in bytes: at 100 MB a second a replica
// that is in sync is megabytes behind, and the replica of an idle primary is never late.
//
// The offsets of a primary and its replica are never asked for at the same moment, so their difference
// says nothing. So the offsets of a primary are kept, with the times at which
// it had them (a trail), and the offset of a replica is looked up there:
//
//	primary's offsets  ──100──────200──────300──────400──▶ time
//	                     t1       t2       t3       t4
//	replica's offset, asked for at t5:  250
//	                                    it has all of t2 ⇒ it is late by t5-t2 at the most,
//	                                    and not all of t3 ⇒ by t5-t3 at least
//
// Both bounds hold however long an answer takes: for each question, the time at which it was sent
// and the time at which its answer arrived are both kept, and the one on the safe side is used.
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
// every half second, or every five, a replica's every five. So watching a thousand nodes costs
// only a map lookup for each of these answers. When a replica is late, the group is woken,
// and looks more closely itself ([Tracker.Judge]).
//
// A replica that has lost its primary reports no offset. Then its last one counts, so it is late
// as soon as the primary has had new writes for [Limit], and not before.
//
// # Invariants
//
//   - A replica that has everything that its primary has is never late, however long nobody wrote or asked.
//   - A trail is of one primary's process and line of writes: it starts over with another primary, and when
//     an offset is smaller than the one before it.
//   - A trail has [momentsMax] moments at the most, close to each other for the last second and half
//     a second apart before it. What is older than all of them is late at least by the oldest.
package lag
