// Package rotation has the guided change of a token from end to end: what is asked for ([Spec]), where the new token goes
// ([Target]), how far it has come ([Rotation]), and when it is begun by itself ([Schedule]).
//
// A rotation is a state machine. A replication group keeps the one that is under way, and has the steps, for each changes
// the tokens of the group as well (replication/rotation_*.go):
//
//	(none) ──StartRotation──▶ pending ──RotateIn──▶ rotating ──NoteRotated──▶ delivering
//	  │                                                                         │ NoteDelivered
//	  │ StartRotation of what was                                               ▼
//	  └─ begun by other means ────────────────────────────────────────────▶ waiting ◀─┐
//	                                                                          │  │    │ EndBrownout
//	                                                                   EndOld │  └─▶ brownout
//	                                                                          ▼        │
//	               done ◀──ConcludeRotation── watching ◀──────NoteSet────── setting    │
//	                                              ▲                                    │
//	                                              └────────────────NoteSet─────────────┘
//
// and the ways aside:
//
//	from                          step               to
//	rotating, brownout            CancelRotation     cancelling
//	delivering                    CancelRotation     delivering, until it is known what became of the delivery
//	delivering                    EndDelivery        cancelled, if its owner wanted that; else failed
//	pending, waiting              CancelRotation     cancelled
//	setting, watching             RollBack           rolling-back
//	cancelling                    ConcludeRotation   cancelled
//	rolling-back                  ConcludeRotation   rolled-back
//
// FailRotation leads from any state that is not final to failed, and leaves the tokens as
// they are. What follows cancelling and rolling-back is ConcludeRotation, when every node
// accepts what the group says again. TakeRotation ends it for the group; the store keeps the
// receipt. While it is under way every other token change is refused.
//
// A [Schedule] begins rotations in maintenance windows.
//
// Invariants:
//
//   - A token that was delivered is accepted from then on, until another rotation.
//   - The old credential is accepted except in brownout, setting and watching, and after done.
//   - A rotation has its salt until SET is proven or it is over; its receipt never has it.
package rotation
