// Package trial puts one replication group through one fault, with clients writing
// all the time, and judges what became of it. The short test and the long run of
// integration/chaos share it.
//
// # A trial
//
//	control plane, group of three ─▶ load ─▶ warm up ─▶ inject the fault
//	                                  │                      │
//	          verdict ◀─ read back ◀─ stop ◀─ one second ◀─ whole again
//
// The load is writers and a referee. Writers are client libraries with their default
// settings that write through the primary endpoint, each its own keys and its own
// list, one write at a time. They show what an application sees.
//
// The referee has a connection to every address of the group, and sends writes on
// each without waiting for answers, so that a process which is stopped for a while
// finds writes of a time when another one was the primary already. Each connection
// asks once which process it leads to.
//
// # What is judged
//
//   - Lost: a write that was acknowledged, and is not there when the group is whole.
//   - Double primary: a write that was sent after a later primary had acknowledged
//     one, and was acknowledged by the earlier one. Times are taken before sending and
//     after receiving, so what is counted did happen in that order.
//   - Order: what a writer lost must be its last writes before the change of primary,
//     without a gap, and its list must be in the order in which it wrote.
//   - Nodes: all have the same data, one is the primary, and the endpoints lead to the
//     nodes that they should.
//   - Receipts: what DescribeFailovers answers agrees with what was seen.
package trial
