// Package intake bounds what clients of the control plane can use before they have
// authenticated: connections, with the descriptors behind them, and memory for what they send.
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
// The connection that is closed is the one that has waited longest: since it came, or since its last answer. One that
// is kept is never closed: if all are kept, newcomers wait. So fast clients, as programs that call the
// API are, get served however many others are slow.
//
// [Connections] gives each listener its share of the process's descriptors. More than half of them
// are never given to clients, because the control plane needs them to look after engines, however many clients come.
//
// # Bodies
//
// [Bodies] reads bodies piece by piece, as they arrive, and grows no buffer beyond a budget that all
// requests share. The first few kilobytes of each are free, so that a request of the usual size is
// never refused for lack of memory; their number is bounded by that of the connections.
package intake
