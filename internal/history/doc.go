// Package history remembers the last hour of each node of the replication groups, in memory.
//
//	            every minute, spread over it         engine.AskCounters
//	store ────▶ each group ────────────────────┐    ┌──────────────────────▶ its nodes, side by side
//	                                           ├────┤                            │ counters
//	            every 2 s, side by side        │    └────────────────────────────▼
//	Of ───────▶ each group that is watched ────┘                 ring: fine for 10 minutes, then one a minute
//	 ▲                                                                           │
//	 └──────────────────────── cache.GroupMetrics ◀── derive (pure) ─────────────┘
//
// Kept are counters, as nodes tell them; rates are derived between neighbours when somebody asks.
// So thinning out is forgetting, and what is left is the exact mean over the longer time.
//
// Promises:
//
//   - A group is watched for [WatchFor] after each question about it. All others cost one exchange with
//     each node a minute: half a percent of a core for a thousand nodes (BenchmarkCost). Each exchange has
//     a connection of its own, on which all is said in one write. To keep those of the few that are
//     watched would save some microseconds of it, and ask for rules when to open and to give up one.
//   - A node has [Timeout] to answer. If it does not, that is a gap, and no error.
//   - Counts that fell, or are of another process, make a gap and no negative rate.
//   - A sample has 184 bytes. A node that was watched for ten minutes has 362 of them at the most, 67 KB,
//     and one that was not has 72, 13 KB; the slices may have room for as many again.
//   - A group that was deleted is forgotten within a minute, and a node that was replaced begins anew,
//     for both are known by their UIDs.
//   - To ask a node is a use of no credential. It is not free of traces: the commands and the
//     connection are in the counts of the node, as the original's are.
package history
