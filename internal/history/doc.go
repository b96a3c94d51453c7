// Package history remembers the last hour of each node of the replication groups, in memory.
//
//	            every minute, spread over it         engine.AskCounters
//	store ────▶ each group ────────────────────┐    ┌──────────────────────▶ its nodes, side by side
//	                                           ├────┤                            │ counters
//	            every 2 s, side by side        │    └────────────────────────────▼
//	Of ───────▶ each group that is watched ────┘                 ring: fine for 10 minutes, then one a minute
//	 ▲                                                                           │
//	 └──────────────────────── metric.Group ◀── derive (pure) ─────────────┘
//
// What is kept are counters, as nodes report them; rates are derived between neighbours when somebody asks.
// So thinning out only means forgetting, and what is left gives the exact mean over the longer time.
//
// Promises:
//
//   - A group is watched for [WatchFor] after each question about it. All others cost one exchange with
//     each node a minute: half a percent of a core for a thousand nodes (BenchmarkCost). Each exchange has
//     a connection of its own, and sends everything in one write. Keeping the connections of the few watched
//     groups would save some microseconds, but need rules for when to open and close one.
//   - A node has [Timeout] to answer. If it does not, that is a gap, and no error.
//   - Counts that fell, or are of another process, make a gap and no negative rate.
//   - A sample has 184 bytes. A node that was watched for ten minutes has 362 of them at the most, 67 KB,
//     and one that was not has 72, 13 KB; the slices may have room for as many again.
//   - A group that was deleted is forgotten within a minute, and a node that was replaced starts over,
//     because both are known by their UIDs.
//   - Asking a node does not count as use of a credential. It does leave traces: the commands and the
//     connection are in the node's counts, as the original's are.
package history
