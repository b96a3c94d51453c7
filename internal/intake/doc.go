// Package intake bounds what clients of the control plane can take from it before they have
// shown who they are: connections, with the descriptors behind them, and memory for what they send.
//
// # Connections
//
// A [Listener] has a limit. When it is reached, the newcomer is let in and another connection is
// closed, so that nobody keeps others out by holding connections open:
//
//	came, or waits ──(Keep: the caller is known)──▶ kept
//	      ▲                                            │
//	      └────────────(answered, kept alive)──────────┘
//
// The one goes that came, or began to wait for its next request, before all others. One that
// is kept is never closed: if all are, newcomers wait. So who is in a hurry, as programs that call the
// API are, is served however many others are slow.
//
// [Connections] gives each listener its share of the process's descriptors. More than half of them
// are never a client's, for what looks after engines must be able to work, however many come.
//
// # Bodies
//
// [Bodies] reads bodies piece by piece, as they arrive, and grows no buffer beyond a budget that all
// requests share. The first few kilobytes of each are free, so that a request of the usual size is
// never refused for want of memory; their number is bounded by that of the connections.
package intake
