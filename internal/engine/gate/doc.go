// Package gate says how the service directs the gate of an engine: what it orders, what it is told, and which engines can have
// one. The gate itself is C code that runs inside the engine's process, in the library that package module builds; its
// README.md shows how.
//
//	Order ──Render──▶ aikagi.gate OBEY ──▶ gate ──▶ aikagi.gate REPORT ──ParseReport──▶ Report
//
// Everything here is pure but [Check], which reads a file.
//
// # What the gate does
//
// It owns the addresses that clients connect to. It looks at a client's address, and at the first byte of what the client sends, which
// tells TLS from plaintext, and hands the socket to the engine. Nothing is in the data path after that. So
//
//   - one address and port takes plaintext, both, or TLS ([Mode]), and the mode changes without a listener being closed;
//   - rules say by address who may come, before a byte of it is read, and end connections when they change;
//   - several engines can share one address ([Listener.Shared]), over which the kernel spreads new connections;
//   - an address moves from one engine to another without CONFIG SET bind, and is free at once, also while the engine forks;
//   - places for clients are counted with those whose handshake is not over, so that nobody takes the service's places.
//
// # Orders
//
// An [Order] is the whole of what a gate is to do from now on. Invariants:
//
//   - It is obeyed whole, or refused and nothing is changed: [Refused] names the address that cannot be listened on.
//   - Repeating one does nothing. A gate without an order, as after a start, listens nowhere.
//   - A listener that stays is not closed, and no connection is ended that the order allows.
package gate
