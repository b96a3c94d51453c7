// Package health notices nodes that are alive but do not answer. The provider reports at once
// that a process has ended. It cannot report that a process was stopped, waits
// for a dead disk, or is stuck on a lock: to its clients such a node is as lost as
// a crashed one.
//
// [Monitor] asks each watched node for its role, over an admin connection that it keeps
// open. A node that does not answer in time is not yet a hanging one: it may run a slow
// command, or wait for a processor on a crowded machine, and a failover
// would do harm. So the monitor looks at what the process does meanwhile, which the operating
// system tells without asking it ([provider.Activity]).
//
// # A node's verdict
//
//	           Watch              no answer for a step
//	unwatched ───────▶ answering ──────────────────────▶ late ─┐ the process got something
//	    ▲                  ▲ ▲ ▲                         │ │ ▲ │ done: counted anew
//	    │ Forget,          │ │ └──────── answer ─────────┘ │ └─┘
//	    │ from each        │ │                             │ quiet for Timeout, or
//	                       │ │                             ▼ late for BusyTimeout
//	                       │ └────────── answer ───────── hung     Hung is called, guards end
//	                       │
//	                       └── Watch ─── gone ◀── the process has ended: from answering, late, hung
//
// While a node is late, Timeout is counted in three steps. A step is quiet if at its
// end the process does not run or wait for a processor, and used no processor time in it. Three
// quiet steps in a row are a verdict. The monitor looks at the process only then,
// so that nodes that answer cost one question each time and nothing else.
//
// Gone is not hung, and no concern of this package: the watch waits, without asking, until
// Watch is called again.
//
// # What it costs
//
// A watched node costs a goroutine, a timer, and a connection. The questions of all
// nodes are asked at common beats, and the goroutine that asks is the one that waits, which
// together halved the cost: BenchmarkIdle. Most of what is left is the system calls
// that take a question to the node and the answer back.
//
// # Invariants
//
//   - A closely watched process that stops has its verdict within [CloseInterval] +
//     Options.Timeout, 950 ms by default. One that was working while it was late, and then
//     stops, has it within Timeout and a step.
//   - Time in which the control plane itself could not run is not held against a node: a
//     step that ended later than it should does not count as quiet, and counts towards
//     BusyTimeout as no more than two. So a control plane that was stopped, or starved,
//     gives every node another moment; and one that is always late still
//     comes to a verdict.
//   - An answer that is there, even if not yet read, goes before a verdict.
//   - A closed connection is no verdict, because the engine may close it for reasons of its own, and with the module of an
//     older aikagi any client may: the monitor reconnects. Connecting is a question like the other. If the
//     engine refuses the connection, or closes it, that is an answer: a process that hangs does neither.
//   - An answer takes a verdict back; contexts of [Monitor.Guard] that it ended stay
//     ended.
//   - There is at most one question on its way for each watch.
package health
